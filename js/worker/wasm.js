/** Pyodide's WebAssembly: its functions are one file, its initial memory is in the first pack. */

import manifest from "playpage:manifest";
import { withInstantiation } from "../seams/pyodide.js";
import { cannotBeFetched, digest, isAnotherFile } from "./packs/packs.js";

/** @import { Bytes } from "./packs/packs.js" */

/**
 * Compile the functions while they arrive. An engine keeps what it has made of such a file, next
 * to it in the browser's cache, so that a second visit compiles little.
 * @param {URL} site root of the built site
 * @returns {Promise<WebAssembly.Module>} rejects with a sentence that names the file
 */
export async function compilePyodide(site) {
  const { file, sha256 } = manifest.wasm;
  const url = new URL(file, site);
  try {
    // Its name holds its hash, so an old copy is as good as a new one.
    const integrity = `sha256-${base64(sha256)}`;
    const options = /** @type {RequestInit} */ ({ cache: "force-cache", integrity });
    return await WebAssembly.compileStreaming(fetch(url, options));
  } catch {
    // A host that calls it something else than application/wasm, or a damaged copy.
    return WebAssembly.compile(await wholeFile(url, file, sha256));
  }
}

/**
 * Lets `load` find the compiled module where Pyodide would compile its own.
 * @template T
 * @param {Promise<WebAssembly.Module>} compiled
 * @param {Map<string, Bytes>} files of the first pack
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
export function withCompiled(compiled, files, load) {
  return withInstantiation(async (imports) => {
    const module = await compiled;
    const instance = await WebAssembly.instantiate(module, imports);
    const { buffer } = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
    const memory = files.get("pyodide/memory.bin");
    if (!memory) throw new Error("this site has no memory for Python to begin with");
    new Uint8Array(buffer).set(memory, manifest.wasm.memoryAt);
    return { module, instance };
  }, load);
}

/** @param {URL} url @param {string} file @param {string} sha256 */
async function wholeFile(url, file, sha256) {
  const response = await fetch(url, { cache: "reload" }).catch((error) => {
    throw new Error(cannotBeFetched(file, error.message));
  });
  if (!response.ok) {
    throw new Error(cannotBeFetched(file, `the server answered ${response.status}`));
  }
  const bytes = new Uint8Array(
    await response.arrayBuffer().catch((error) => {
      throw new Error(cannotBeFetched(file, error.message));
    }),
  );
  if ((await digest(bytes)) !== sha256) throw new Error(isAnotherFile(file));
  return bytes;
}

/** @param {string} hex */
function base64(hex) {
  return btoa(hex.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16))));
}
