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
  /** Each ends the watch over a folder. @type {(() => void)[]} */
  #watched = [];
  /** @type {(() => Promise<void>)[]} */
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

  /**
   * Files of a pack, below the root.
   * @param {string} name of the pack
   * @param {string[]} folders below the root: looking into one has the files fetched
   */
  add(name, folders) {
    this.#missing.add(name);
    for (const folder of folders) this.#watch(`${this.#root}/${folder}`);
  }

  /** @param {string} path */
  #watch(path) {
    this.#FS.mkdirTree(path);
    const { node } = this.#FS.lookupPath(path);
    const { node_ops } = node;
    const open = () => (node.node_ops = node_ops);
    this.#watched.push(open);
    node.node_ops = {
      ...node_ops,
      lookup: (/** @type {any} */ parent, /** @type {string} */ name) => {
        this.loadNow();
        return this.#FS.lookupNode(parent, name);
      },
      readdir: (/** @type {any} */ folder) => {
        this.loadNow();
        return node_ops.readdir(folder);
      },
    };
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
    const packs = [...this.#missing];
    const contents = await Promise.all(packs.map((name) => this.#packs.whole(name)));
    const files = contents.flatMap((content) => [...entries(content)]);
    // Data first, and in one go: somebody may be looking.
    files.sort(([one], [other]) => Number(isModule(one)) - Number(isModule(other)));
    let at = files.filter(([path]) => !isModule(path)).length;
    if (this.#missing.size) this.#put(files.slice(0, at));
    for (; at < files.length && this.#missing.size; at += BATCH) {
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#missing.size) this.#put(files.slice(at, at + BATCH));
    }
    for (const name of packs) {
      this.#missing.delete(name);
      this.#packs.forget(name);
    }
  }

  /** Fetch what is missing of the packages now, while everything waits. */
  loadNow() {
    for (const name of this.#missing) {
      const content = this.#packs.now(name);
      this.#put(entries(content));
      this.#missing.delete(name);
    }
  }

  /** @param {Iterable<[string, Uint8Array]>} files */
  #put(files) {
    for (const open of this.#watched.splice(0)) open();
    unpack(this.#FS, this.#root, files);
  }
}

/** @param {string} path */
function isModule(path) {
  return path.endsWith(".py");
}
