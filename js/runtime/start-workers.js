/** Starts the workers, and says why Python could not be started in them. */

import { root, startWorker } from "../common/files.js";

/**
 * Started by the script in the head of index.html.
 * @typedef {Worker & {failed?: true}} EarlyWorker
 */

/**
 * Python's worker, and one that fetches and decompresses for it. The first two are those that
 * the page has started before its own scripts, if they came up.
 * @param {boolean} withUnpacker
 * @returns {{worker: Worker, unpacker?: Worker}}
 */
export function startWorkers(withUnpacker) {
  if (!withUnpacker) return { worker: startWorker("worker") };
  const page = /** @type {{playpageWorkers?: [EarlyWorker, EarlyWorker]}} */ (globalThis);
  const early = page.playpageWorkers;
  page.playpageWorkers = undefined;
  if (early?.every((worker) => !worker.failed)) return { worker: early[0], unpacker: early[1] };
  return { worker: startWorker("worker"), unpacker: startWorker("unpacker") };
}

/**
 * A sentence for the reader.
 * @param {string} message of the error
 */
export function explainBootFailure(message) {
  if (location.protocol === "file:" && root.protocol === "file:") {
    return "A page opened from a file cannot start Python. Serve the folder over http instead.";
  }
  if (typeof WebAssembly === "undefined") {
    return (
      "Python needs WebAssembly, which is switched off in this browser. Switch it on, or use " +
      "another browser."
    );
  }
  return `Python could not be started. ${message}`;
}
