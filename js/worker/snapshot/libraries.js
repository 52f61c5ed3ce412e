/** Loads extensions before Python starts, so that they get the same addresses in every start. */

/** @import { CreateModule, PyodideModule } from "../../seams/pyodide.js" */

/** `paddedLengths`: of the function table, before each extension and at last.
 * @typedef {PyodideModule & {paddedLengths: number[]}} ModuleWithLibraries */

/** Slots left free before each extension. JavaScriptCore takes 972 more than V8 for Pyodide. */
const SPARE_SLOTS = 4096;

const DEPENDENCY = "libraries";

/**
 * A `createPyodideModule` that loads extensions before Python starts.
 * @param {CreateModule} create
 * @param {Map<string, string>} libraries path to the address to load it from, in order
 * @param {number[]} [paddedLengths] of a snapshot, which its memory relies on
 * @returns {CreateModule} of a `ModuleWithLibraries`; rejects where one cannot be loaded, or this
 *   engine needs more of the function table than the snapshot left
 */
export function withLibraries(create, libraries, paddedLengths) {
  return async (settings) => {
    const { locateFile } = settings;
    settings.locateFile = (/** @type {string} */ path) => libraries.get(path) ?? locateFile(path);
    /** @type {unknown} */
    let failure;
    settings.preRun = [
      ...settings.preRun,
      async (/** @type {ModuleWithLibraries} */ Module) => {
        Module.addRunDependency(DEPENDENCY);
        try {
          await loadLibraries(Module, [...libraries.keys()], paddedLengths);
        } catch (error) {
          failure = error;
        }
        Module.removeRunDependency(DEPENDENCY);
      },
    ];
    const Module = await create(settings);
    if (failure) throw failure;
    return Module;
  };
}

/**
 * @param {ModuleWithLibraries} Module
 * @param {string[]} paths
 * @param {number[]} [paddedLengths]
 */
async function loadLibraries(Module, paths, paddedLengths) {
  Module.paddedLengths = [];
  for (const path of paths) {
    Module.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    // The import system looks for a file; its content is never read again.
    Module.FS.writeFile(path, new Uint8Array());
    pad(Module, paddedLengths);
    await Module.loadDynamicLibrary(path, { loadAsync: true, global: false, nodelete: true }, {});
  }
  pad(Module, paddedLengths);
}

/** @param {ModuleWithLibraries} Module @param {number[]} [paddedLengths] */
function pad({ wasmTable, paddedLengths: made }, paddedLengths) {
  const length = paddedLengths ? paddedLengths[made.length] : wasmTable.length + SPARE_SLOTS;
  if (length === undefined || length < wasmTable.length) {
    throw new Error("this engine needs more of the function table");
  }
  wasmTable.grow(length - wasmTable.length);
  made.push(length);
}
