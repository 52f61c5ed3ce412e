/** Restores a snapshot, in any engine. */

import { restoreInstead } from "../../seams/pyodide.js";
import { fill } from "./gaps.js";
import { withLibraries } from "./libraries.js";
import { arrangeTable, forgetTrampoline, trampolineOf } from "./table.js";

/** @import { CreateModule, PyodideModule } from "../../seams/pyodide.js" */
/** @import { HeldObject, Snapshot } from "./format.js" */

/**
 * A `createPyodideModule` that fills the heap from a snapshot.
 * @param {CreateModule} create
 * @param {Snapshot} snapshot
 * @param {(path: string) => string} addressOf where to load an extension from
 * @param {Promise<Uint8Array>[]} heap in parts, in order, without the gaps; is emptied
 * @param {() => void} onModule called when only the memory is missing
 * @returns {CreateModule} rejects where this engine and the snapshot do not fit together
 */
export function fromSnapshot(create, snapshot, addressOf, heap, onModule) {
  const libraries = new Map(snapshot.libraries.map((path) => [path, addressOf(path)]));
  const createWithLibraries = withLibraries(create, libraries, snapshot.paddedLengths);
  return async (settings) => {
    /** @type {PyodideModule} */
    const Module = await createWithLibraries(settings);
    // iOS has no trampoline for Python's calls.
    const hasTrampoline = trampolineOf(Module) !== 0;
    arrangeTable(Module, snapshot);

    const { heapBytes } = snapshot;
    if (Module.HEAPU8.length < heapBytes) Module.growMemory(heapBytes);
    if (Module.HEAPU8.length < heapBytes) throw new Error("there is not enough memory");
    onModule();
    await fill(Module.HEAPU8, snapshot, heap);

    if (!hasTrampoline) forgetTrampoline(Module);
    if (Module.wasmTable.length < snapshot.tableLength) {
      Module.wasmTable.grow(snapshot.tableLength - Module.wasmTable.length);
    }
    Module.freeTableIndexes.splice(0, Infinity, ...snapshot.freeSlots);
    for (const [at, path] of Object.entries(snapshot.handles)) {
      Module.LDSO.loadedLibsByHandle[at] = Module.LDSO.loadedLibsByName[path];
    }
    restoreInstead(Module, snapshot.config, (/** @type {HeldObject} */ { owner, key }) => {
      return (owner === "api" ? Module.API : Module.API.public_api)[key];
    });
    return Module;
  };
}
