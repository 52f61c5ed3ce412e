/**
 * Memory snapshots of a Python that has gradio and openai imported.
 *
 * Pyodide can restore a snapshot only of a Python without binary extensions. Three things
 * more make it work with them, all from outside: the extensions are loaded before Python
 * starts, in the same order when making and restoring, so that they get the same addresses;
 * the function table is padded to the same lengths between them, and what an engine has put
 * into other slots of it is moved; and after the copy the loader's own lists are put back.
 * py/playpage_site/pyodide/snapshot.mjs makes one, in Node.js; js/worker/boot.js restores it, in any engine.
 *
 * Memory holds functions by their slots in the table. A slot is one of three kinds:
 * - written into Pyodide's or an extension's file, relative to where its part of the table
 *   begins: the same in every engine, given that all parts begin alike;
 * - given out by the dynamic linker as it meets a symbol. It asks the engine whether it has
 *   met this function before, and JavaScriptCore says no where others say yes, so these differ;
 * - given out for a function of the page's, not of a file: here only Python's trampoline.
 */

/**
 * @typedef {object} Snapshot what is kept beside the heap
 * @property {any} config Pyodide's own: JavaScript objects that Python held
 * @property {string[]} libraries paths of the extensions, in the order of loading
 * @property {number} heapBytes
 * @property {number} usedBytes of the heap; after them it is zero
 * @property {[start: number, end: number][]} gaps pages of the heap that are zero too
 * @property {number[]} paddedLengths of the function table, before each extension and at last
 * @property {number} tableLength
 * @property {number[]} freeSlots
 * @property {Record<string, string>} handles of loaded extensions: address to path
 * @property {Record<string, number>} symbols of the dynamic linker: the slots of functions, the
 *   addresses of data
 * @property {number} trampoline slot of the function by which Python calls functions
 *
 * @typedef {(settings: any) => Promise<any>} CreateModule
 */

/** Slots left free before each extension. JavaScriptCore takes 972 more than V8 for Pyodide. */
const SPARE_SLOTS = 4096;

/**
 * A `createPyodideModule` that loads extensions before Python starts.
 * @param {CreateModule} create
 * @param {Map<string, string>} libraries path to the address to load it from, in order
 * @param {number[]} [paddedLengths] of a snapshot, which its memory relies on
 * @returns {CreateModule} its modules have their own `paddedLengths`
 */
export function withLibraries(create, libraries, paddedLengths) {
  return (settings) => {
    const { locateFile } = settings;
    settings.locateFile = (/** @type {string} */ path) => libraries.get(path) ?? locateFile(path);
    /** @type {unknown} */
    let failure;
    settings.preRun = [
      ...settings.preRun,
      async (/** @type {any} */ Module) => {
        Module.addRunDependency("libraries");
        const { wasmTable } = Module;
        Module.paddedLengths = [];
        const pad = () => {
          const free = wasmTable.length + SPARE_SLOTS;
          const length = paddedLengths ? paddedLengths[Module.paddedLengths.length] : free;
          if (length < wasmTable.length) {
            throw new Error("this engine needs more of the function table");
          }
          wasmTable.grow(length - wasmTable.length);
          Module.paddedLengths.push(length);
        };
        try {
          for (const path of libraries.keys()) {
            Module.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
            // The import system looks for a file; its content is never read again.
            Module.FS.writeFile(path, new Uint8Array());
            pad();
            const options = { loadAsync: true, global: false, nodelete: true };
            await Module.loadDynamicLibrary(path, options, {});
          }
          pad();
        } catch (error) {
          failure = error;
        }
        Module.removeRunDependency("libraries");
      },
    ];
    return create(settings).then((Module) => {
      if (failure) throw failure;
      return Module;
    });
  };
}

/**
 * Take a snapshot. Throws when Python holds a JavaScript object or function that cannot be
 * found again.
 * @param {any} pyodide loaded with `_makeSnapshot`
 * @param {Map<string, string>} libraries it was loaded with
 * @returns {{snapshot: Snapshot, heap: Uint8Array}} the heap less its gaps
 */
export function take({ _module: Module, _api: API }, libraries) {
  const config = API.serializeHiwireState((/** @type {unknown} */ held) => {
    for (const [owner, object] of Object.entries({ pyodide: API.public_api, api: API })) {
      for (const key of Object.keys(object)) if (object[key] === held) return { owner, key };
    }
    throw new Error(`Python holds a JavaScript object of unknown origin: ${String(held)}`);
  });
  const { paddedLengths } = Module;
  for (let slot = paddedLengths.at(-1); slot < Module.wasmTable.length; slot++) {
    if (Module.wasmTable.get(slot)) throw new Error("Python holds a function of unknown origin");
  }
  const usedBytes = Module.HEAPU8.findLastIndex((/** @type {number} */ byte) => byte) + 1;
  const gaps = gapsIn(Module.HEAPU8.subarray(0, usedBytes));
  const handles = Object.entries(Module.LDSO.loadedLibsByHandle).filter(([at]) => at !== "0");
  const snapshot = {
    config,
    libraries: [...libraries.keys()],
    heapBytes: Module.HEAPU8.length,
    usedBytes,
    gaps,
    paddedLengths,
    tableLength: Module.wasmTable.length,
    freeSlots: [...Module.freeTableIndexes],
    handles: Object.fromEntries(handles.map(([at, library]) => [at, library.name])),
    symbols: symbolsOf(Module),
    trampoline: Module.HEAP32[trampolineAt(Module)],
  };
  return { snapshot, heap: withoutGaps(Module.HEAPU8.subarray(0, usedBytes), gaps) };
}

/**
 * A `createPyodideModule` that fills the heap from a snapshot.
 * @param {CreateModule} create
 * @param {Snapshot} snapshot
 * @param {(path: string) => string} addressOf where to load an extension from
 * @param {Promise<Uint8Array>[]} heap in parts, in order, without the gaps
 * @param {() => void} onModule called when only the memory is missing
 * @returns {CreateModule}
 */
export function fromSnapshot(create, snapshot, addressOf, heap, onModule) {
  const libraries = new Map(snapshot.libraries.map((path) => [path, addressOf(path)]));
  const createWithLibraries = withLibraries(create, libraries, snapshot.paddedLengths);
  return async (settings) => {
    const Module = await createWithLibraries(settings);
    // iOS has no trampoline for Python's calls.
    const hasTrampoline = Module.HEAP32[trampolineAt(Module)] !== 0;
    arrangeTable(Module, snapshot);

    const { heapBytes } = snapshot;
    if (Module.HEAPU8.length < heapBytes) Module.growMemory(heapBytes);
    if (Module.HEAPU8.length < heapBytes) throw new Error("there is not enough memory");
    onModule();
    await fill(Module.HEAPU8, snapshot, heap);

    if (!hasTrampoline) Module.HEAP32[trampolineAt(Module)] = 0;
    if (Module.wasmTable.length < snapshot.tableLength) {
      Module.wasmTable.grow(snapshot.tableLength - Module.wasmTable.length);
    }
    Module.freeTableIndexes.splice(0, Infinity, ...snapshot.freeSlots);
    for (const [at, path] of Object.entries(snapshot.handles)) {
      Module.LDSO.loadedLibsByHandle[at] = Module.LDSO.loadedLibsByName[path];
    }
    // The copy is done; what Pyodide's own would do after it is to give this back.
    Module.API.restoreSnapshot = () => snapshot.config;
    Module.API.config._snapshotDeserializer = (
      /** @type {{owner: "pyodide" | "api", key: string}} */ { owner, key },
    ) => (owner === "api" ? Module.API : Module.API.public_api)[key];
    return Module;
  };
}

/** A page of memory, in bytes, and how many of them make a gap that is worth an entry. */
const PAGE = 4096;
const GAP_PAGES = 4;

/**
 * What is zero in new memory takes none until it is written to, so it is not copied.
 * @param {Uint8Array} heap
 * @returns {[start: number, end: number][]}
 */
function gapsIn(heap) {
  /** @type {[number, number][]} */
  const gaps = [];
  for (let start = 0, at = 0; at < heap.length; at += PAGE, start = at) {
    while (at + PAGE <= heap.length && isZero(heap, at, at + PAGE)) at += PAGE;
    if (at - start >= GAP_PAGES * PAGE) gaps.push([start, at]);
  }
  return gaps;
}

/** @param {Uint8Array} heap @param {[number, number][]} gaps */
function withoutGaps(heap, gaps) {
  const kept = new Uint8Array(heap.length - gaps.reduce((sum, [start, end]) => sum + end - start, 0));
  let to = 0;
  let from = 0;
  for (const [start, end] of [...gaps, [heap.length, heap.length]]) {
    kept.set(heap.subarray(from, start), to);
    to += start - from;
    from = end;
  }
  return kept;
}

/**
 * @param {Uint8Array} memory
 * @param {Snapshot} snapshot
 * @param {Promise<Uint8Array>[]} heap
 */
async function fill(memory, { usedBytes, gaps }, heap) {
  let gap = 0;
  let at = 0;
  // Taken out one by one: nothing here keeps a part that has been copied.
  for (let part = heap.shift(); part; part = heap.shift()) {
    let bytes = await part;
    while (bytes.length) {
      const end = gaps[gap]?.[0] ?? usedBytes;
      const size = Math.min(bytes.length, end - at);
      memory.set(bytes.subarray(0, size), at);
      bytes = bytes.subarray(size);
      at += size;
      if (at === usedBytes && bytes.length) throw new Error("the heap is longer than it should be");
      if (at === end && gap < gaps.length) {
        at = gaps[gap++][1];
        // Python's own start has been here, or nothing has.
        if (!isZero(memory, end, at)) memory.fill(0, end, at);
      }
    }
  }
  if (at !== usedBytes) throw new Error("the heap is shorter than it should be");
}

/** @param {Uint8Array} bytes @param {number} start a multiple of 4, as end @param {number} end */
function isZero(bytes, start, end) {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, (end - start) / 4);
  for (let index = 0; index < words.length; index++) if (words[index]) return false;
  return true;
}

/**
 * Put every function that this engine has in another slot where the snapshot's memory looks
 * for it. Throws where the two do not fit together.
 * @param {any} Module
 * @param {Snapshot} snapshot
 */
function arrangeTable(Module, { symbols, trampoline }) {
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
    if (here[name] === slot) continue;
    const value = values.get(name);
    if (!value) throw new Error(`${name} lies elsewhere in this engine`);
    moves.push({ slot, entry: wasmTable.get(here[name]), value });
    GOT[name].value = slot;
  }
  const trampolineHere = Module.HEAP32[trampolineAt(Module)];
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
 * @param {any} Module
 * @returns {Map<string, any>}
 */
function functionsOf({ GOT, LDSO }) {
  const functions = new Map();
  for (const { exports } of /** @type {any[]} */ (Object.values(LDSO.loadedLibsByName))) {
    for (const name of Object.keys(GOT)) {
      if (!functions.has(name) && typeof exports[name] === "function") {
        functions.set(name, exports[name]);
      }
    }
  }
  return functions;
}

/** Index into HEAP32 of where Python keeps the trampoline's slot. @param {any} Module */
function trampolineAt({ HEAP32, __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: offsetAt, __PyRuntime }) {
  return (__PyRuntime + HEAP32[offsetAt >>> 2]) >>> 2;
}

/** @param {any} Module @returns {Record<string, number>} */
function symbolsOf({ GOT }) {
  return Object.fromEntries(
    Object.entries(GOT).map(([name, /** @type {any} */ entry]) => [name, entry.value]),
  );
}
