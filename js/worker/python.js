/** Pyodide, started anew or from the memory snapshot, out of the site's first pack. */

import manifest from "playpage:manifest";
import { loadPyodide } from "pyodide";
import { restoreOptions, startOptions, withFetch } from "../seams/pyodide.js";
import { fromSnapshot } from "./snapshot/restore.js";
import { withCompiled } from "./wasm.js";

/** @import { Bytes } from "./packs/packs.js" */
/** @typedef {Map<string, Bytes>} Files */

/** Where Python keeps packages in Pyodide. */
export const SITE_PACKAGES = manifest.python.sitePackages;

/** @type {Record<string, string>} */
const TYPES = { wasm: "application/wasm", json: "application/json" };

/**
 * What Pyodide is made of.
 * @typedef {object} Parts
 * @property {URL} site root of the built site
 * @property {any} script Pyodide's module
 * @property {Promise<WebAssembly.Module>} wasm
 * @property {Files} files of the first pack
 */

/**
 * @param {Parts} parts
 * @param {Promise<Bytes>} stdlib the zip of the standard library
 */
export function startPython({ site, script, wasm, files }, stdlib) {
  return withFiles(site, files, stdlib, (indexURL) =>
    withCompiled(wasm, files, () => loadPyodide({ indexURL, ...startOptions(script.default) })),
  );
}

/**
 * As startPython, with gradio and openai imported already, and without a standard library in
 * its file system: all that a start needs of it is in memory.
 * @param {Parts} parts
 * @param {Promise<Bytes>[]} heap its frames, and before them one that tells about it; is emptied
 * @param {() => void} onModule called when only the memory is missing
 */
export async function restorePython({ site, script, wasm, files }, heap, onModule) {
  const snapshot = JSON.parse(new TextDecoder().decode(await heap.shift()));
  return withFiles(site, files, Promise.resolve(new Uint8Array()), (indexURL) => {
    const addressOf = (/** @type {string} */ path) =>
      indexURL + path.slice(SITE_PACKAGES.length + 1);
    const create = fromSnapshot(script.default, snapshot, addressOf, heap, onModule);
    return withCompiled(wasm, files, () => loadPyodide({ indexURL, ...restoreOptions(create) }));
  });
}

/**
 * Pyodide fetches its own files; here each is found in the first pack. They are smaller in it
 * than a plain host would send them, and all checked.
 * @template T
 * @param {URL} site
 * @param {Files} files
 * @param {Promise<Bytes>} stdlib
 * @param {(indexURL: string) => Promise<T>} load
 * @returns {Promise<T>}
 */
async function withFiles(site, files, stdlib, load) {
  const indexURL = new URL("pyodide/", site).href;
  /** @type {Map<string, Bytes | Promise<Bytes>>} */
  const found = new Map([
    [`${indexURL}python_stdlib.zip`, stdlib],
    // Asked for, but never read: it is compiled already.
    [`${indexURL}pyodide.asm.wasm`, Promise.resolve(new Uint8Array())],
  ]);
  for (const [path, bytes] of files) {
    const [folder, ...rest] = path.split("/");
    // The files of Pyodide itself, and packages' extensions, which the loader looks for there.
    if (folder === "pyodide" || path.endsWith(".so")) found.set(indexURL + rest.join("/"), bytes);
  }
  const answer = async (/** @type {string} */ address) => {
    const bytes = await found.get(address);
    if (!bytes) return undefined;
    const ending = address.slice(address.lastIndexOf(".") + 1);
    const type = TYPES[ending] ?? "application/octet-stream";
    return new Response(bytes, { headers: { "content-type": type } });
  };
  try {
    return await withFetch(answer, () => load(indexURL));
  } finally {
    found.clear(); // engines keep such a function, and all that it knows, for long
  }
}
