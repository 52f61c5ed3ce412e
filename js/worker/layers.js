/**
 * Layers of Python packages: base, gradio, openai. A layer has three parts: data, metadata and
 * extensions in the first pack; byte code in a pack of its own, which the snapshot replaces; and
 * sources, which are fetched on demand.
 */

import manifest from "playpage:manifest";
import { entries } from "./packs/pack.js";

/** @import { OnDemandFiles } from "./packs/on-demand.js" */
/** @import { Bytes, Packs } from "./packs/packs.js" */

/** The pack of a layer's code that a chat imports. @param {string} layer */
export const codeOf = (layer) => `code-${layer}`;
/** The pack of a layer's sources. @param {string} layer */
const sourcesOf = (layer) => `sources-${layer}`;

/**
 * The layers that a program may need, fetched while Python starts. A guess from its text:
 * Python decides, from the parsed program and its pins.
 * @param {string} code
 */
export function likelyLayers(code) {
  const layers = ["base"];
  if (/\b(gradio|playpage)\b/.test(code)) layers.push("gradio");
  if (/\b(openai|playpage)\b/.test(code) && !/\bopenai\s*==/.test(code)) layers.push("openai");
  return layers;
}

export class Layers {
  #files;
  #packs;
  #onDemand;
  #isRestored;
  /** Has the layer of the deferred modules been loaded, and not yet these? */
  #isDeferredMissing = false;

  /**
   * @param {Map<string, Bytes>} files of the first pack, by path: those that no layer has taken
   * @param {Packs} packs
   * @param {OnDemandFiles} onDemand
   * @param {boolean} isRestored is Python from the snapshot?
   */
  constructor(files, packs, onDemand, isRestored) {
    this.#files = files;
    this.#packs = packs;
    this.#onDemand = onDemand;
    this.#isRestored = isRestored;
  }

  /** @param {string} layer @throws with a sentence when a pack of it cannot be had */
  async load(layer) {
    this.#onDemand.write(this.#takeFiles(layer));
    if (!this.#isRestored) {
      const code = await this.#packs.whole(codeOf(layer));
      this.#onDemand.write(entries(code));
      this.#packs.forget(codeOf(layer));
    }
    if (layer === "openai" && "deferred" in manifest.packs) {
      this.#isDeferredMissing = true;
      this.#onDemand.add("deferred", manifest.deferredFolders);
    }
    if (sourcesOf(layer) in manifest.packs) {
      this.#onDemand.add(sourcesOf(layer), manifest.onDemandFolders[layer] ?? {});
    }
  }

  /**
   * Once an app is up, while its reader types: imports what the SDK would at the first call.
   * What cannot be had now is fetched by that call.
   * @param {any} bridge
   */
  async importDeferred(bridge) {
    if (!this.#isDeferredMissing) return;
    this.#isDeferredMissing = false;
    try {
      await this.#onDemand.prefetch("deferred");
      await bridge.import_deferred(manifest.deferred);
    } catch (error) {
      console.warn(error);
    }
  }

  /** Keeps nothing of the first pack but the files of layers that nothing has asked for yet. */
  releaseFirstPack() {
    for (const [path, bytes] of this.#files) {
      const [layer = ""] = path.split("/");
      // Extensions too. A copy: a view would keep the whole pack in memory.
      if (layer in manifest.bundle.layers) this.#files.set(path, bytes.slice());
      else this.#files.delete(path);
    }
  }

  /** @param {string} layer @returns {[string, Uint8Array][]} its files of the first pack */
  #takeFiles(layer) {
    const prefix = `${layer}/`;
    /** @type {[string, Uint8Array][]} */
    const files = [];
    for (const [path, bytes] of this.#files) {
      if (!path.startsWith(prefix)) continue;
      this.#files.delete(path);
      // The snapshot's extensions are loaded. A copy, so that the pack can be let go.
      const isLoaded = this.#isRestored && path.endsWith(".so");
      if (!isLoaded) files.push([path.slice(prefix.length), bytes.slice()]);
    }
    return files;
  }
}
