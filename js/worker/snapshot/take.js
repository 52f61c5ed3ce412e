/** Takes a snapshot; at build time, in Node.js. */

import { gapsIn, withoutGaps } from "./gaps.js";
import { symbolsOf, trampolineOf } from "./table.js";

/** @import { ModuleWithLibraries } from "./libraries.js" */
/** @import { HeldObject, Snapshot } from "./format.js" */

/**
 * Throws when Python holds a JavaScript object or function that cannot be found again.
 * @param {ModuleWithLibraries} Module of a Python that was loaded with `makerOptions`
 * @param {Map<string, string>} libraries it was loaded with
 * @returns {{snapshot: Snapshot, heap: Uint8Array}} the heap less its gaps
 */
export function take(Module, libraries) {
  const { API, HEAPU8, LDSO, paddedLengths, wasmTable } = Module;
  const config = API.serializeHiwireState((/** @type {unknown} */ held) => findHeld(API, held));
  for (let slot = paddedLengths.at(-1) ?? 0; slot < wasmTable.length; slot++) {
    if (wasmTable.get(slot)) throw new Error("Python holds a function of unknown origin");
  }
  const usedBytes = HEAPU8.findLastIndex((byte) => byte !== 0) + 1;
  const used = HEAPU8.subarray(0, usedBytes);
  const gaps = gapsIn(used);
  /** @type {Record<string, string>} */
  const handles = {};
  for (const [at, library] of Object.entries(LDSO.loadedLibsByHandle)) {
    if (at !== "0" && library) handles[at] = library.name;
  }
  const snapshot = {
    config,
    libraries: [...libraries.keys()],
    heapBytes: HEAPU8.length,
    usedBytes,
    gaps,
    paddedLengths,
    tableLength: wasmTable.length,
    freeSlots: [...Module.freeTableIndexes],
    handles,
    symbols: symbolsOf(Module),
    trampoline: trampolineOf(Module),
  };
  return { snapshot, heap: withoutGaps(used, gaps) };
}

/** @param {any} API @param {unknown} held @returns {HeldObject} */
function findHeld(API, held) {
  for (const owner of /** @type {const} */ (["pyodide", "api"])) {
    const object = owner === "api" ? API : API.public_api;
    for (const key of Object.keys(object)) if (object[key] === held) return { owner, key };
  }
  throw new Error(`Python holds a JavaScript object of unknown origin: ${String(held)}`);
}
