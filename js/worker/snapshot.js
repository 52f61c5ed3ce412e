/**
 * Memory snapshots of a Python that has gradio and openai imported.
 *
 * Pyodide can restore a snapshot only of a Python without binary extensions. Three things
 * more make it work with them, all from outside: the extensions are loaded before Python
 * starts, in the same order when making and restoring, so that they get the same addresses;
 * the function table is padded to round lengths between them; and after the copy the loader's
 * own lists are put back. scripts/snapshot.mjs makes one, js/worker/boot.js restores it. Both
 * run V8; where an engine lays its function table out otherwise, restoring is refused and the
 * page starts Python the usual way.
 */

/**
 * @typedef {object} Snapshot what is kept beside the heap
 * @property {any} config Pyodide's own: JavaScript objects that Python held
 * @property {string[]} libraries paths of the extensions, in the order of loading
 * @property {number} heapBytes
 * @property {number} tableLength
 * @property {number[]} freeSlots
 * @property {Record<string, string>} handles of loaded extensions: address to path
 * @property {Record<string, number>} symbols of the dynamic linker, and where they were
 *
 * @typedef {(settings: any) => Promise<any>} CreateModule
 */

/** Table lengths are rounded up to this, with room for what an engine adds of its own. */
const TABLE_STEP = 4096;

/** @param {any} Module */
function padTable({ wasmTable }) {
  wasmTable.grow(Math.ceil(wasmTable.length / TABLE_STEP) * TABLE_STEP - wasmTable.length);
}

/**
 * A `createPyodideModule` that loads extensions before Python starts.
 * @param {CreateModule} create
 * @param {Map<string, string>} libraries path to the address to load it from, in order
 * @returns {CreateModule}
 */
export function withLibraries(create, libraries) {
  return (settings) => {
    const { locateFile } = settings;
    settings.locateFile = (/** @type {string} */ path) => libraries.get(path) ?? locateFile(path);
    /** @type {unknown} */
    let failure;
    settings.preRun = [
      ...settings.preRun,
      async (/** @type {any} */ Module) => {
        Module.addRunDependency("libraries");
        try {
          for (const path of libraries.keys()) {
            Module.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
            // The import system looks for a file; its content is never read again.
            Module.FS.writeFile(path, new Uint8Array());
            padTable(Module);
            const options = { loadAsync: true, global: false, nodelete: true };
            await Module.loadDynamicLibrary(path, options, {});
          }
          padTable(Module);
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
 * Take a snapshot. Throws when Python holds a JavaScript object that cannot be found again.
 * @param {any} pyodide loaded with `_makeSnapshot`
 * @param {Map<string, string>} libraries it was loaded with
 * @returns {{snapshot: Snapshot, heap: Uint8Array}}
 */
export function take({ _module: Module, _api: API }, libraries) {
  const config = API.serializeHiwireState((/** @type {unknown} */ held) => {
    for (const [owner, object] of Object.entries({ pyodide: API.public_api, api: API })) {
      for (const key of Object.keys(object)) if (object[key] === held) return { owner, key };
    }
    throw new Error(`Python holds a JavaScript object of unknown origin: ${String(held)}`);
  });
  const handles = Object.entries(Module.LDSO.loadedLibsByHandle).filter(([at]) => at !== "0");
  const snapshot = {
    config,
    libraries: [...libraries.keys()],
    heapBytes: Module.HEAPU8.length,
    tableLength: Module.wasmTable.length,
    freeSlots: [...Module.freeTableIndexes],
    handles: Object.fromEntries(handles.map(([at, library]) => [at, library.name])),
    symbols: symbolsOf(Module),
  };
  return { snapshot, heap: Module.HEAPU8.slice() };
}

/**
 * A `createPyodideModule` that fills the heap from a snapshot.
 * @param {CreateModule} create
 * @param {Snapshot} snapshot
 * @param {(path: string) => string} addressOf where to load an extension from
 * @param {Promise<Uint8Array>} heap
 * @returns {CreateModule}
 */
export function fromSnapshot(create, snapshot, addressOf, heap) {
  const libraries = new Map(snapshot.libraries.map((path) => [path, addressOf(path)]));
  const createWithLibraries = withLibraries(create, libraries);
  return async (settings) => {
    const Module = await createWithLibraries(settings);
    const here = symbolsOf(Module);
    for (const [symbol, slot] of Object.entries(snapshot.symbols)) {
      if (here[symbol] !== slot) throw new Error(`${symbol} lies elsewhere in this engine`);
    }
    // This engine's own trampoline for Python's calls; iOS has none.
    const offset = Module.HEAP32[Module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2];
    const trampolineAt = (Module.__PyRuntime + offset) >>> 2;
    const trampoline = Module.HEAP32[trampolineAt];

    const bytes = await heap;
    if (bytes.length !== snapshot.heapBytes) throw new Error("the heap has another length");
    if (Module.HEAPU8.length < bytes.length) Module.growMemory(bytes.length);
    if (Module.HEAPU8.length < bytes.length) throw new Error("there is not enough memory");
    Module.HEAPU8.set(bytes);

    Module.HEAP32[trampolineAt] = trampoline;
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

/** @param {any} Module @returns {Record<string, number>} */
function symbolsOf({ GOT }) {
  return Object.fromEntries(
    Object.entries(GOT).map(([name, /** @type {any} */ entry]) => [name, entry.value]),
  );
}
