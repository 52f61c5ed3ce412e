/**
 * Files that are fetched when one of them is asked for, while everything waits: sources of what
 * is in memory already, modules that a chat does not import, time zones. Most pages never do.
 */

import { entries, unpack } from "./pack.js";

/** "I/O error", as WASI numbers it. */
const EIO = 29;

export class LateFiles {
  #FS;
  #packs;
  #root;
  /** Names of packs of files below the root. @type {Set<string>} */
  #missing = new Set();
  /** Are files being written, which looks for what is not there? */
  #isWriting = false;
  /** Each ends the watch over a folder. @type {(() => void)[]} */
  #watched = [];

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

  /**
   * Files of a pack, below the root.
   * @param {string} name of the pack
   * @param {Record<string, boolean>} folders below the root: looking for what is not in one fetches
   *   the pack, but for an `__init__` only where it is true
   */
  add(name, folders) {
    this.#missing.add(name);
    for (const folder of Object.keys(folders)) this.#FS.mkdirTree(`${this.#root}/${folder}`);
    for (const [folder, isNew] of Object.entries(folders)) {
      this.#watch(`${this.#root}/${folder}`, isNew);
    }
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
    node.usedBytes = size;
    node.stream_ops = {
      ...stream_ops,
      read: (/** @type {any[]} */ ...args) => {
        if (node.stream_ops !== stream_ops) {
          try {
            node.contents = this.#packs.now(name);
          } catch (error) {
            // Anything thrown here but a system's error would be the end of Python.
            console.warn(error);
            throw new this.#FS.ErrnoError(EIO);
          }
          node.stream_ops = stream_ops;
        }
        return stream_ops.read(...args);
      },
    };
  }

  /** Write files below the root. @param {Iterable<[string, Uint8Array]>} files */
  write(files) {
    this.#isWriting = true;
    try {
      unpack(this.#FS, this.#root, files);
    } finally {
      this.#isWriting = false;
    }
  }

  /** Fetch what is missing of the packages. Throws with a sentence when it cannot be had. */
  load() {
    for (const name of this.#missing) {
      const files = entries(this.#packs.now(name));
      for (const open of this.#watched.splice(0)) open();
      unpack(this.#FS, this.#root, files);
      this.#missing.delete(name);
    }
  }

  /** @param {string} path @param {boolean} isNew is it a package that is not there yet? */
  #watch(path, isNew) {
    const { node } = this.#FS.lookupPath(path);
    const { node_ops } = node;
    this.#watched.push(() => (node.node_ops = node_ops));
    // Not its list of names: Python's import system asks for that all the time.
    node.node_ops = {
      ...node_ops,
      lookup: (/** @type {any} */ parent, /** @type {string} */ name) => {
        // To import a package Python tries `__init__` with every ending, byte code last. Whoever
        // wants the source of such a file asks playpage.runtime.late for it.
        const isProbe = !isNew && name.startsWith("__init__.");
        if (this.#isWriting || isProbe) return node_ops.lookup(parent, name);
        try {
          this.load();
        } catch (error) {
          console.warn(error); // as far as the file system knows, the file is not there
        }
        // The watch is over, unless the files could not be had.
        if (node.node_ops === node_ops) return this.#FS.lookupNode(parent, name);
        return node_ops.lookup(parent, name);
      },
    };
  }
}
