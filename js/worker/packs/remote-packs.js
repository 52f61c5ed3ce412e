/** Packs that another worker fetches and decompresses: see unpacker.js. */

import { Packs } from "./packs.js";

/** @import { Bytes } from "./packs.js" */

export class RemotePacks extends Packs {
  #isClosed = false;
  #port;
  /** Who waits for a pack, by its name.
   * @type {Map<string, {onFrame: (number: number, bytes: Bytes) => void,
   *   fail: (error: Error) => void}>} */
  #asked = new Map();

  /**
   * @param {URL} site
   * @param {() => void} onProgress
   * @param {MessagePort} port
   */
  constructor(site, onProgress, port) {
    super(site, onProgress);
    this.#port = port;
    port.onmessage = ({ data }) => {
      if (data.speed) this.tellSpeed(data.speed);
      else if (data.error) this.#asked.get(data.name)?.fail(new Error(data.error));
      else if (data.bytes) this.#asked.get(data.name)?.onFrame(data.number, data.bytes);
      else {
        this.doneBytes = data.doneBytes;
        this.onProgress();
      }
    };
  }

  /**
   * @param {string} name
   * @param {(number: number, bytes: Bytes) => void} onFrame
   * @returns {Promise<void>} rejects when a frame cannot be had
   */
  read(name, onFrame) {
    if (this.#isClosed) return super.read(name, onFrame);
    this.#port.postMessage({ name });
    return new Promise((_, fail) => this.#asked.set(name, { onFrame, fail }));
  }

  /** @param {string} name */
  forget(name) {
    super.forget(name);
    this.#asked.delete(name);
  }

  /** Ends the other worker, and its memory; what is asked for from now on is fetched here. */
  close() {
    this.#isClosed = true;
    this.#port.postMessage({ close: true });
  }
}
