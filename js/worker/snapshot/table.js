/** The function table: memory holds functions by their slots in it. */

/** @import { PyodideModule } from "../../seams/pyodide.js" */
/** @import { Snapshot } from "./format.js" */

/**
 * Puts every function that this engine has in another slot where the snapshot's memory looks
 * for it. Throws where the two do not fit together.
 * @param {PyodideModule} Module
 * @param {Snapshot} snapshot
 */
export function arrangeTable(Module, { symbols, trampoline }) {
  const { GOT, wasmTable } = Module;
  const values = functionsOf(Module);
  const here = symbolsOf(Module);
  if (Object.keys(here).length !== Object.keys(symbols).length) {
    throw new Error("this engine has other symbols");
  }
  const taken = new Set([...values.keys()].map((name) => here[name]));
  /** @type {{slot: number, entry: any, value: any}[]} */
  const moves = [];
  for (const [name, slot] of Object.entries(symbols)) {
    const slotHere = here[name];
    if (slotHere === slot) continue;
    const value = values.get(name);
    const symbol = GOT[name];
    if (!value || !symbol || slotHere === undefined) {
      throw new Error(`${name} lies elsewhere in this engine`);
    }
    moves.push({ slot, entry: wasmTable.get(slotHere), value });
    symbol.value = slot;
  }
  const trampolineHere = trampolineOf(Module);
  if (trampolineHere && trampolineHere !== trampoline) {
    const entry = wasmTable.get(trampolineHere);
    moves.push({ slot: trampoline, entry, value: entry });
    taken.add(trampolineHere);
  }
  // All were read before the first is written: most slots are old and new ones at once.
  for (const { slot, entry, value } of moves) {
    // A slot that no symbol had: free, or of this very function, by a file of its own.
    const other = taken.has(slot) ? null : wasmTable.get(slot);
    if (!entry || (other && other.name !== entry.name)) throw new Error(`slot ${slot} is in use`);
    // The linker finds a function's slot again by what it was handed, which may be another
    // object than what the table gives out.
    Module.wasmTableMirror[slot] = value;
    Module.updateTableMap(slot, 1);
    Module.setWasmTableEntry(slot, entry);
    taken.add(slot);
  }
}

/**
 * The functions among the linker's symbols, as it was handed them: the first library counts.
 * @param {PyodideModule} Module
 * @returns {Map<string, unknown>}
 */
function functionsOf({ GOT, LDSO }) {
  const functions = new Map();
  for (const { exports } of Object.values(LDSO.loadedLibsByName)) {
    for (const name of Object.keys(GOT)) {
      if (!functions.has(name) && typeof exports[name] === "function") {
        functions.set(name, exports[name]);
      }
    }
  }
  return functions;
}

/**
 * The slot of the function by which Python calls functions; 0 where there is none, as on iOS.
 * @param {PyodideModule} Module
 */
export function trampolineOf(Module) {
  return Module.HEAP32[trampolineAt(Module)] ?? 0;
}

/** @param {PyodideModule} Module */
export function forgetTrampoline(Module) {
  Module.HEAP32[trampolineAt(Module)] = 0;
}

/**
 * Index into HEAP32 of where Python keeps the trampoline's slot.
 * @param {PyodideModule} Module
 */
function trampolineAt({ HEAP32, __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: offsetAt, __PyRuntime }) {
  return (__PyRuntime + (HEAP32[offsetAt >>> 2] ?? 0)) >>> 2;
}

/** @param {PyodideModule} Module @returns {Record<string, number>} */
export function symbolsOf({ GOT }) {
  return Object.fromEntries(Object.entries(GOT).map(([name, { value }]) => [name, value]));
}
