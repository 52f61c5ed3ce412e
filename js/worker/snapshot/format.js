/**
 * Memory snapshots of a Python that has gradio and openai imported.
 *
 * Pyodide can restore a snapshot only of a Python without binary extensions. Three things
 * more make it work with them, all from outside: the extensions are loaded before Python
 * starts, in the same order when making and restoring, so that they get the same addresses
 * (libraries.js); the function table is padded to the same lengths between them, and what an
 * engine has put into other slots of it is moved (table.js); and after the memory is copied
 * (gaps.js) the loader's own lists are put back (restore.js).
 *
 * py/playpage_site/pyodide/snapshot.mjs makes one, in Node.js, with take.js;
 * js/worker/python.js restores it, in any engine, with restore.js.
 *
 * Memory holds functions by their slots in the table. A slot is one of three kinds:
 * - written into Pyodide's or an extension's file, relative to where its part of the table
 *   begins: the same in every engine, given that all parts begin alike;
 * - given out by the dynamic linker as it meets a symbol. It asks the engine whether it has
 *   met this function before, and JavaScriptCore says no where others say yes, so these differ;
 * - given out for a function of the page's, not of a file: here only Python's trampoline.
 *
 * @typedef {object} Snapshot what is kept beside the heap
 * @property {any} config Pyodide's own: JavaScript objects that Python held
 * @property {string[]} libraries paths of the extensions, in the order of loading
 * @property {number} heapBytes
 * @property {number} usedBytes of the heap; after them it is zero
 * @property {Gap[]} gaps pages of the heap that are zero too
 * @property {number[]} paddedLengths of the function table, before each extension and at last
 * @property {number} tableLength
 * @property {number[]} freeSlots
 * @property {Record<string, string>} handles of loaded extensions: address to path
 * @property {Record<string, number>} symbols of the dynamic linker: the slots of functions, the
 *   addresses of data
 * @property {number} trampoline slot of the function by which Python calls functions
 *
 * @typedef {[start: number, end: number]} Gap in bytes from the start of the heap
 *
 * @typedef {{owner: "pyodide" | "api", key: string}} HeldObject a JavaScript object that Python
 *   held, by where it can be found again
 */

export {};
