/** The module worker of index.html?worker: the same boot, driven by messages. */
import { boot, run } from "./boot.js";

/** @type {any} */
let pyodide;

self.onmessage = async ({ data: { id, setup, code, args } }) => {
  try {
    if (setup) pyodide = await boot(setup);
    const result = code === undefined ? "null" : await run(pyodide, code, args);
    self.postMessage({ id, result });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};
