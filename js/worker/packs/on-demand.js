/**
 * Files that are fetched when one of them is asked for, while everything waits: sources of what
 * is in memory already, modules that a chat does not import, time zones. Most pages never do.
 */

import { beforeLookup, fillOnRead } from "../../seams/pyodide.js";
import { entries, unpack } from "./pack.js";

/** @import { Packs } from "./packs.js" */

export class OnDemandFiles {
  #FS;
  #packs;
  #root;
  /** Packs of files below the root that are not there yet, in the order in which to try them. */
  #missing = /** @type {Set<string>} */ (new Set());
  /** Are files being written, which looks for what is not there? */
  #isWriting = false;
  /** By folder: the packs with files of it. Do they bring its `__init__`, too?
   * @type {Map<string, Map<string, boolean>>} */
  #watched = new Map();

  /**
   * @param {any} FS Emscripten's file system
   * @param {Packs} packs
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
    for (const [folder, hasInit] of Object.entries(folders)) {
      this.#packsOf(`${this.#root}/${folder}`).set(name, hasInit);
    }
  }

  /**
   * One file that is a pack's whole content.
   * @param {string} path of a file that exists
   * @param {string} name of the pack
   * @param {number} size in bytes, decompressed
   */
  addFile(path, name, size) {
    fillOnRead(this.#FS, path, size, () => this.#packs.now(name));
  }

  /** Writes files below the root. @param {Iterable<[string, Uint8Array]>} files */
  write(files) {
    this.#isWriting = true;
    try {
      unpack(this.#FS, this.#root, files);
    } finally {
      this.#isWriting = false;
    }
  }

  /**
   * Fetches a pack without making anything wait, and writes it if it is still missing then.
   * @param {string} name
   * @throws with a sentence when it cannot be had
   */
  async prefetch(name) {
    const content = await this.#packs.whole(name);
    this.#packs.forget(name);
    if (this.#missing.delete(name)) this.write(entries(content));
  }

  /**
   * Fetches the next that is missing of the packs, while everything waits.
   * @param {(name: string) => boolean} [helps] is it one to try?
   * @returns {boolean} was there one?
   * @throws with a sentence when none can be had
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

  /** The packs with files of a folder, which is watched from now on. @param {string} path */
  #packsOf(path) {
    const known = this.#watched.get(path);
    if (known) return known;
    /** @type {Map<string, boolean>} */
    const packs = new Map();
    this.#watched.set(path, packs);
    beforeLookup(this.#FS, path, (name) => this.#fetchMissing(name, packs));
    return packs;
  }

  /**
   * @param {string} name that a folder does not have
   * @param {Map<string, boolean>} packs with files of that folder
   * @returns {boolean} has one arrived?
   */
  #fetchMissing(name, packs) {
    if (this.#isWriting) return false;
    // To import a package Python tries `__init__` with every ending, byte code last. Whoever
    // wants the source of such a file asks the runtime's Python for it.
    const isProbe = name.startsWith("__init__.");
    try {
      return this.load((pack) => (isProbe ? packs.get(pack) === true : packs.has(pack)));
    } catch (error) {
      console.warn(error); // as far as the file system knows, the file is not there
      return false;
    }
  }
}
