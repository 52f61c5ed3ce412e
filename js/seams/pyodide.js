/**
 * Where we reach into what Pyodide and Emscripten do not promise. Read in Pyodide 314.0.7:
 * `pyodide.asm.mjs` (Emscripten's loader, dynamic linker and file system, and Pyodide's own core)
 * and `src/js/pyodide.ts` (in `pyodide.mjs.map`).
 *
 * - **Memory snapshots** (`PyodideModule`, `restoreOptions`, `restoreInstead`). Pyodide makes and
 *   restores snapshots only of a Python without binary extensions. The chokepoint is
 *   `createPyodideModule`, an option of `loadPyodide` that is left out of its documentation: what
 *   it gives out is the Emscripten module before Python begins. js/worker/snapshot/ arranges that
 *   module as Python's memory expects it. `MODULE_KEYS` lists what it touches; the snapshot maker
 *   asserts that list at build time, a reader's page does not.
 * - **Pyodide's own files** (`withFetch`, `withInstantiation`). Pyodide has no option that hands it
 *   a file or a compiled module. It gets both by the global `fetch` and by
 *   `WebAssembly.instantiateStreaming`, so these are replaced while it loads. Anything that is
 *   not Pyodide's goes on to the real `fetch`.
 * - **Fatal errors** (`onFatal`). `API.on_fatal` is called last in `API.fatal_error`, and unset
 *   unless an embedder sets it. Without it a Python that has died looks like one that hangs.
 * - **Files that come when they are asked for** (`beforeLookup`, `fillOnRead`). Emscripten's file
 *   system can fetch a single file lazily, not a folder whose content is unknown. Its nodes carry
 *   tables of operations; a node here gets a copy of its table with one operation wrapped, which
 *   ends in the original one.
 */

/**
 * @typedef {(settings: any) => Promise<any>} CreateModule what pyodide.asm.mjs exports
 *
 * @typedef {object} EmscriptenLibrary
 * @property {string} name the path that it was loaded by
 * @property {Record<string, unknown>} exports
 *
 * What snapshots need of the Emscripten module.
 * @typedef {object} PyodideModule
 * @property {any} API Pyodide's inner interface, `_api` of what `loadPyodide` gives
 * @property {any} FS
 * @property {Uint8Array} HEAPU8
 * @property {Int32Array} HEAP32
 * @property {(bytes: number) => void} growMemory
 * @property {WebAssembly.Table} wasmTable functions by slot
 * @property {unknown[]} wasmTableMirror the linker's copy of the table
 * @property {number[]} freeTableIndexes
 * @property {(start: number, count: number) => void} updateTableMap of functions to slots, from
 *   the mirror
 * @property {(slot: number, entry: unknown) => void} setWasmTableEntry
 * @property {Record<string, {value: number}>} GOT the linker's symbols: slots of functions,
 *   addresses of data
 * @property {{loadedLibsByName: Record<string, EmscriptenLibrary>,
 *   loadedLibsByHandle: Record<string, EmscriptenLibrary | undefined>}} LDSO loaded libraries
 * @property {(path: string, options: object, scope: object) => Promise<unknown>} loadDynamicLibrary
 * @property {(id: string) => void} addRunDependency
 * @property {(id: string) => void} removeRunDependency
 * @property {number} __PyRuntime address of CPython's `_PyRuntime`
 * @property {number} __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET address of an int32: where in it the
 *   trampoline's slot is
 * @property {(bytes: number) => number} _malloc
 * @property {(address: number) => void} _free
 * @property {(address: number) => number} _malloc_usable_size
 * @property {() => number} _malloc_footprint
 * @property {(bytes: number) => number} _malloc_set_footprint_limit
 */

/**
 * The members of `PyodideModule`, and what `typeof` says of each.
 * @type {Record<keyof PyodideModule, "object" | "function" | "number">}
 */
export const MODULE_KEYS = {
  API: "object",
  FS: "object",
  HEAPU8: "object",
  HEAP32: "object",
  growMemory: "function",
  wasmTable: "object",
  wasmTableMirror: "object",
  freeTableIndexes: "object",
  updateTableMap: "function",
  setWasmTableEntry: "function",
  GOT: "object",
  LDSO: "object",
  loadDynamicLibrary: "function",
  addRunDependency: "function",
  removeRunDependency: "function",
  __PyRuntime: "number",
  __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: "number",
  _malloc: "function",
  _free: "function",
  _malloc_usable_size: "function",
  _malloc_footprint: "function",
  _malloc_set_footprint_limit: "function",
};

/** The same of `Module.API` and `Module.LDSO`, by path. */
const INNER_KEYS = {
  "API.serializeHiwireState": "function",
  "API.restoreSnapshot": "function",
  "API.config": "object",
  "API.public_api": "object",
  "LDSO.loadedLibsByName": "object",
  "LDSO.loadedLibsByHandle": "object",
};

/**
 * What this Pyodide lacks of what snapshots need, as paths from `Module`. For the build.
 * @param {any} Module
 * @returns {string[]}
 */
export function missingKeys(Module) {
  const expected = Object.entries({ ...MODULE_KEYS, ...INNER_KEYS });
  return expected
    .filter(([path, type]) => {
      const found = path.split(".").reduce((owner, key) => owner?.[key], Module);
      return found === null || typeof found !== type;
    })
    .map(([path]) => path);
}

/** @param {any} pyodide @returns {PyodideModule} */
export const moduleOf = (pyodide) => pyodide._module;

/**
 * Options of `loadPyodide` to start Python with a module of its own.
 * @param {CreateModule} create
 */
export const startOptions = (create) => ({ fullStdLib: false, createPyodideModule: create });

/**
 * Options of `loadPyodide` for a Python of which a snapshot will be taken.
 * @param {CreateModule} create
 */
export const makerOptions = (create) => ({
  createPyodideModule: create,
  _makeSnapshot: true,
  // Otherwise paths of the machine that makes the snapshot would be in it.
  _sysExecutable: "./this.program",
});

/**
 * Options of `loadPyodide` for a module whose memory holds a running Python already.
 * @param {CreateModule} create of a module that `restoreInstead` was called on
 */
export const restoreOptions = (create) => ({
  createPyodideModule: create,
  // Its presence tells Pyodide not to start a Python. Its bytes are never read.
  _loadSnapshot: new Uint8Array(4),
});

/**
 * Has Pyodide take over memory that is filled already: what is left of its own `restoreSnapshot`
 * is to give back the configuration.
 * @param {PyodideModule} Module
 * @param {unknown} config what `API.serializeHiwireState` gave when the snapshot was taken
 * @param {(serialized: any) => unknown} deserialize an object that was handed to its callback
 */
export function restoreInstead({ API }, config, deserialize) {
  API.restoreSnapshot = () => config;
  API.config._snapshotDeserializer = deserialize;
}

/**
 * Until `load` has ended, `answer` is asked before the global `fetch`.
 * @template T
 * @param {(address: string) => Promise<Response | undefined>} answer
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
export async function withFetch(answer, load) {
  const { fetch } = self;
  self.fetch = async (input, init) => {
    const address = String(input instanceof Request ? input.url : input);
    return (await answer(address)) ?? fetch(input, init);
  };
  try {
    return await load();
  } finally {
    self.fetch = fetch;
  }
}

/**
 * Until `load` has ended, `instantiate` stands for `WebAssembly.instantiateStreaming`, which
 * Pyodide calls once.
 * @template T
 * @param {(imports: WebAssembly.Imports) => Promise<WebAssembly.WebAssemblyInstantiatedSource>}
 *   instantiate
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
export async function withInstantiation(instantiate, load) {
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = (_, imports = {}) => instantiate(imports);
  try {
    return await load();
  } finally {
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/**
 * Called when Python itself has broken down; it cannot be used any more.
 * @param {any} pyodide
 * @param {(error: Error & {status?: number}) => void} listener `status` is the exit code of an
 *   error named "Exit"
 */
export function onFatal(pyodide, listener) {
  pyodide._api.on_fatal = listener;
}

/**
 * Calls `fetchMissing` before a name is looked up that a folder does not have; lookups of what
 * is there do not come here. If it says that files have arrived, the folder is asked again.
 * @param {any} FS Emscripten's file system
 * @param {string} path of a folder
 * @param {(name: string) => boolean} fetchMissing
 */
export function beforeLookup(FS, path, fetchMissing) {
  const { node } = FS.lookupPath(path);
  const { node_ops } = node;
  // Not its list of names, too: Python's import system asks for that all the time.
  node.node_ops = {
    ...node_ops,
    // What has arrived may hold the name, or lead here again for the next pack.
    lookup: (/** @type {any} */ parent, /** @type {string} */ name) =>
      fetchMissing(name) ? FS.lookupNode(parent, name) : node_ops.lookup(parent, name),
  };
}

/** "I/O error", as WASI numbers it. */
const EIO = 29;

/**
 * Calls `read` for a file's content when that is first read. If it throws, so does the read, with
 * an I/O error: anything else thrown inside the file system would be the end of Python.
 * @param {any} FS Emscripten's file system
 * @param {string} path of a file
 * @param {number} size in bytes, which is known before
 * @param {() => Uint8Array} read
 */
export function fillOnRead(FS, path, size, read) {
  const { node } = FS.lookupPath(path);
  const { stream_ops } = node;
  node.usedBytes = size;
  node.stream_ops = {
    ...stream_ops,
    read: (/** @type {any[]} */ ...args) => {
      if (node.stream_ops !== stream_ops) {
        try {
          node.contents = read();
        } catch (error) {
          console.warn(error);
          throw new FS.ErrnoError(EIO);
        }
        node.stream_ops = stream_ops;
      }
      return stream_ops.read(...args);
    },
  };
}
