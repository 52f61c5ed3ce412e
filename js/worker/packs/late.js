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
  /** Packs of files below the root that are not there yet, in the order in which to try them. */
  #missing = /** @type {Set<string>} */ (new Set());
  /** Are files being written, which looks for what is not there? */
  #isWriting = false;
  /** By path: the packs with files of a folder. Do they bring its `__init__`, too?
   * @type {Map<string, Map<string, boolean>>} */
  #watched = new Map();

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
      const path = `${this.#root}/${folder}`;
      if (!this.#watched.has(path)) this.#watch(path);
      this.#watched.get(path)?.set(name, isNew);
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

  /** Write a pack that has come by itself, if it is still missing. @param {string} name */
  async arrive(name) {
    const content = await this.#packs.whole(name);
    this.#packs.forget(name);
    if (this.#missing.delete(name)) this.write(entries(content));
  }

  /**
   * Fetch the next that is missing of the packs. Throws with a sentence when none can be had.
   * @param {(name: string) => boolean} [helps] is it one to try?
   * @returns {boolean} was there one?
   */
  load(helps = () => true) {
    /** @type {unknown[]} */
    const errors = [];
    for (const name of [...this.#missing].filter(helps)) {
      try {
        const files = entries(this.#packs.now(name));
        this.#missing.delete(name);
        this.write(files);
        return true;
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length) throw errors[0];
    return false;
  }

  /** @param {string} path */
  #watch(path) {
    const { node } = this.#FS.lookupPath(path);
    const { node_ops } = node;
    /** @type {Map<string, boolean>} */
    const packs = new Map();
    this.#watched.set(path, packs);
    // Not its list of names: Python's import system asks for that all the time.
    node.node_ops = {
      ...node_ops,
      lookup: (/** @type {any} */ parent, /** @type {string} */ name) => {
        // To import a package Python tries `__init__` with every ending, byte code last. Whoever
        // wants the source of such a file asks playpage.runtime.on_demand for it.
        const isProbe = name.startsWith("__init__.");
        const helps = (/** @type {string} */ pack) => packs.get(pack) ?? false;
        const has = (/** @type {string} */ pack) => packs.has(pack);
        let hasCome = false;
        try {
          hasCome = !this.#isWriting && this.load(isProbe ? helps : has);
        } catch (error) {
          console.warn(error); // as far as the file system knows, the file is not there
        }
        // What has come may hold this, or lead here again for the next.
        return hasCome ? this.#FS.lookupNode(parent, name) : node_ops.lookup(parent, name);
      },
    };
  }
}
