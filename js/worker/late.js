/**
 * Files that Python finds in its file system although they have not been fetched yet: they come
 * when the app is up, or when one is asked for, while everything waits.
 */

import { entries, unpack } from "./pack.js";

/** Files unpacked in one go: what an app answers must not wait for all of them. */
const BATCH = 150;

export class LateFiles {
  #FS;
  #packs;
  #root;
  /** Names of packs of files below the root. @type {Set<string>} */
  #missing = new Set();
  /** @type {(() => void)[]} */
  #readers = [];

  /**
   * @param {any} FS Emscripten's file system
   * @param {import("./packs.js").Packs} packs
   * @param {string} root
   */
  constructor(FS, packs, root) {
    this.#FS = FS;
    this.#packs = packs;
    this.#root = root;
  }

  /** Files of a pack, below the root. @param {string} name of the pack */
  add(name) {
    this.#missing.add(name);
  }

  /**
   * One file that is a pack's whole content.
   * @param {string} path of a file that exists
   * @param {string} name of the pack
   * @param {number} size in bytes, decompressed
   */
  addFile(path, name, size) {
    const { node } = this.#FS.lookupPath(path);
    const { stream_ops } = node;
    const fill = (/** @type {Uint8Array} */ bytes) => {
      if (node.stream_ops === stream_ops) return;
      node.stream_ops = stream_ops;
      node.contents = bytes;
    };
    node.usedBytes = size;
    node.stream_ops = {
      ...stream_ops,
      read: (/** @type {any[]} */ ...args) => {
        fill(this.#packs.now(name));
        return stream_ops.read(...args);
      },
    };
    this.#readers.push(async () => {
      if (node.stream_ops !== stream_ops) fill(await this.#packs.whole(name));
    });
  }

  /** Fetch what is missing, in the background. */
  async load() {
    for (const read of this.#readers.splice(0)) await read();
    for (const name of this.#missing) {
      const files = [...entries(await this.#packs.whole(name))];
      this.#packs.forget(name);
      for (let at = 0; at < files.length && this.#missing.has(name); at += BATCH) {
        unpack(this.#FS, this.#root, files.slice(at, at + BATCH));
        await new Promise((resolve) => setTimeout(resolve));
      }
      this.#missing.delete(name);
    }
  }

  /** Fetch what is missing of the packages now, while everything waits. */
  loadNow() {
    for (const name of this.#missing) {
      unpack(this.#FS, this.#root, entries(this.#packs.now(name)));
      this.#missing.delete(name);
    }
  }
}
