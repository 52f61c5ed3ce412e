/**
 * The site's packs: each is fetched once, and checked and decompressed frame by frame while the
 * rest is on its way.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import manifest from "playpage:manifest";
import { ZSTDDecoder } from "zstddec";
import { concat } from "../../common/bytes.js";

/** @import { Frame } from "playpage:manifest" */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** After so many bytes a line is known to be fast. That it is slow is known after a whole pack. */
const SAMPLE_BYTES = 512 << 10;
/** Bytes a millisecond that are fast enough for anything here. */
const FAST_BYTES_PER_MS = 8000;

export class Packs {
  #site;
  #decoder = new ZSTDDecoder();
  #decoderReady = this.#decoder.init();
  /** @type {Map<string, Promise<Bytes>[]>} */
  #frames = new Map();
  /** Bytes that came with the first part, and when, in milliseconds. */
  #first = { bytes: 0, time: 0 };
  /** @type {(bytesPerMs: number) => void} */
  tellSpeed = () => {};
  /** Bytes a millisecond, once something of note has arrived. @type {Promise<number>} */
  speed = new Promise((resolve) => (this.tellSpeed = resolve));
  doneBytes = 0;
  totalBytes = 0;

  /**
   * @param {URL} site root of the built site
   * @param {() => void} onProgress called for every part that arrives
   */
  constructor(site, onProgress) {
    this.#site = site;
    this.onProgress = onProgress;
  }

  /**
   * The decompressed frames of a pack, each as soon as it is there. They are handed out once.
   * @param {string} name
   * @returns {Promise<Bytes>[]} reject with a sentence that names the file
   */
  frames(name) {
    const begun = this.#frames.get(name);
    if (begun) return begun;
    const { size, frames } = packInfo(name);
    this.totalBytes += size;
    const settle = frames.map(
      () => /** @type {PromiseWithResolvers<Bytes>} */ (Promise.withResolvers()),
    );
    const promises = settle.map(({ promise }) => promise);
    // Awaited later, or never; until then a failure must not count as unhandled.
    for (const promise of promises) promise.catch(() => {});
    this.#frames.set(name, promises);
    this.read(name, (frame, bytes) => settle[frame]?.resolve(bytes)).catch((error) => {
      for (const { reject } of settle) reject(error);
    });
    return promises;
  }

  /** A whole pack, decompressed. @param {string} name @returns {Promise<Bytes>} */
  async whole(name) {
    return concat(await Promise.all(this.frames(name)));
  }

  /** Lets go of a pack that has been read. @param {string} name */
  forget(name) {
    this.#frames.delete(name);
  }

  /** Everything that a start wants has arrived. */
  close() {}

  /**
   * A whole pack, decompressed, while everything waits: for an import, which cannot wait.
   * @param {string} name
   * @returns {Bytes}
   */
  now(name) {
    const { file, frames } = packInfo(name);
    const request = new XMLHttpRequest();
    request.open("GET", new URL(file, this.#site), false);
    request.responseType = "arraybuffer";
    try {
      request.send();
    } catch (error) {
      throw new Error(cannotBeFetched(file, /** @type {Error} */ (error).message));
    }
    if (request.status !== 200) {
      throw new Error(cannotBeFetched(file, `the server answered ${request.status}`));
    }
    const served = new Uint8Array(request.response);
    let at = 0;
    return concat(
      frames.map((frame) => {
        const bytes = served.subarray(at, (at += frame.size));
        if (hex(sha256(bytes)) !== frame.sha256) throw new Error(isAnotherFile(file));
        return this.#decoded(bytes, frame);
      }),
    );
  }

  /** Is this pack in the browser's cache? @param {string} name */
  async isCached(name) {
    const request = { cache: "only-if-cached", mode: "same-origin" };
    const url = new URL(packInfo(name).file, this.#site);
    try {
      const response = await fetch(url, /** @type {RequestInit} */ (request));
      void response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  /**
   * @param {string} name
   * @param {(frame: number, bytes: Bytes) => void} onFrame
   */
  async read(name, onFrame) {
    const { file, frames } = packInfo(name);
    // Its name holds its hash, so an old copy is as good as a new one, unless it is damaged.
    for (const cache of /** @type {RequestCache[]} */ (["force-cache", "reload"])) {
      const found = await this.#readOnce(file, frames, cache, onFrame);
      if (found) return;
    }
    throw new Error(isAnotherFile(file));
  }

  /**
   * @param {string} file
   * @param {Frame[]} frames
   * @param {RequestCache} cache
   * @param {(frame: number, bytes: Bytes) => void} onFrame
   * @returns {Promise<boolean>} false: it is not the file that was built
   */
  async #readOnce(file, frames, cache, onFrame) {
    const response = await fetch(new URL(file, this.#site), { cache }).catch((error) => {
      throw new Error(cannotBeFetched(file, error.message));
    });
    if (!response.ok || !response.body) {
      throw new Error(cannotBeFetched(file, `the server answered ${response.status}`));
    }
    const next = this.#reader(response.body.getReader(), file);
    for (const [number, frame] of frames.entries()) {
      const bytes = await next(frame.size);
      if (!bytes || (await digest(bytes)) !== frame.sha256) return false;
      await this.#decoderReady;
      onFrame(number, this.#decoded(bytes, frame));
    }
    return true;
  }

  /**
   * A function that gives the next so many bytes of a stream, or null where it ends before.
   * @param {ReadableStreamDefaultReader<Bytes>} reader
   * @param {string} file
   */
  #reader(reader, file) {
    /** @type {Bytes} */
    let rest = new Uint8Array();
    return async (/** @type {number} */ size) => {
      const bytes = new Uint8Array(size);
      for (let at = 0; ;) {
        const part = rest.subarray(0, size - at);
        bytes.set(part, at);
        rest = rest.subarray(part.length);
        at += part.length;
        if (at === size) return bytes;
        const { done, value } = await reader.read().catch((error) => {
          throw new Error(cannotBeFetched(file, error.message));
        });
        if (done) return null;
        rest = value;
        this.#count(value.length);
      }
    };
  }

  /** @param {number} bytes */
  #count(bytes) {
    this.doneBytes += bytes;
    const now = performance.now();
    if (!this.#first.time) this.#first = { bytes: this.doneBytes, time: now };
    const since = this.doneBytes - this.#first.bytes;
    // What came in one part, as from the cache, came faster than can be measured.
    const speed = since < SAMPLE_BYTES ? FAST_BYTES_PER_MS : since / (now - this.#first.time + 1);
    // A slow machine is late to read what has come: later parts tell more about the line.
    const isFast = since >= SAMPLE_BYTES && speed >= FAST_BYTES_PER_MS;
    if (isFast || this.doneBytes >= this.totalBytes) this.tellSpeed(speed);
    this.onProgress();
  }

  /** @param {Bytes} bytes @param {Frame} frame @returns {Bytes} */
  #decoded(bytes, { rawSize }) {
    return /** @type {Bytes} */ (this.#decoder.decode(bytes, rawSize));
  }
}

/** What the build says of a pack. @param {string} name @throws where it made none of this name */
export function packInfo(name) {
  const info = manifest.packs[name];
  if (!info) throw new Error(`this site has no pack “${name}”`);
  return info;
}

/** Pages on plain http have no `crypto.subtle`. @param {Bytes} bytes */
export async function digest(bytes) {
  if (!crypto.subtle) return hex(sha256(bytes));
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} file @param {string} reason */
export function cannotBeFetched(file, reason) {
  return `${file} could not be fetched: ${reason}.`;
}

/** @param {string} file */
export function isAnotherFile(file) {
  return (
    `${file} is not the file this page was built with (its SHA-256 differs). Reload the page; ` +
    "if this happens again, whoever hosts it should copy the whole build folder again."
  );
}
