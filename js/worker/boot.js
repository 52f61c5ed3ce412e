/** Starts Python and the runtime: five awaits, in order, each telling how far it is. */

import manifest from "playpage:manifest";
import { fetchBytes, gunzip, unpack, verify } from "./pack.js";

/** @typedef {import("./protocol.js").EventMessage} EventMessage */

/** Where Python keeps packages in Pyodide 314. */
const SITE_PACKAGES = "/lib/python3.14/site-packages";

/**
 * The layers that a program may need, fetched while Python starts. A guess from its text:
 * Python decides, from the parsed program and its pins.
 * @param {string} code
 */
function likelyLayers(code) {
  const layers = [];
  if (/\b(gradio|playpage)\b/.test(code)) layers.push("gradio");
  if (/\b(openai|playpage)\b/.test(code) && !/\bopenai\s*==/.test(code)) layers.push("openai");
  return layers;
}

/** One start: the site it is from, and what it tells the page. */
export class Boot {
  /**
   * @param {URL} site root of the built site
   * @param {(message: EventMessage) => void} post
   */
  constructor(site, post) {
    this.site = site;
    this.post = post;
    /** @type {Map<string, Promise<Uint8Array<ArrayBuffer>>>} */
    this.downloads = new Map();
    this.doneBytes = 0;
    this.totalBytes = 0;
  }

  /**
   * @param {string} code
   * @returns {Promise<{pyodide: any, bridge: any}>}
   */
  async start(code) {
    this.download("base");
    for (const layer of likelyLayers(code)) this.download(layer);
    const pyodide = await this.startPython();
    this.pyodide = pyodide;
    await this.loadLayer("base");
    this.progress("runtime", "Preparing Python");
    const bridge = this.startRuntime(pyodide);
    return { pyodide, bridge };
  }

  /** @param {string} stage @param {string} label */
  progress(stage, label) {
    const detail = { stage, label, done: this.doneBytes, total: this.totalBytes };
    this.post({ event: "progress", detail });
  }

  /** Begin to fetch and decompress a layer's pack. @param {string} layer */
  download(layer) {
    let download = this.downloads.get(layer);
    if (!download) {
      const pack = manifest.packs[layer];
      this.totalBytes += pack.size;
      download = fetchBytes(new URL(pack.file, this.site), (bytes) => {
        this.doneBytes += bytes;
        this.progress("packages", "Downloading packages");
      }).then(async (bytes) => {
        await verify(bytes, pack, (data) => this.hashInPython(data));
        return gunzip(bytes);
      });
      // Awaited in loadLayer; until then a failure must not count as unhandled.
      download.catch(() => {});
      this.downloads.set(layer, download);
    }
    return download;
  }

  async startPython() {
    this.totalBytes += manifest.pyodideBytes;
    this.progress("python", "Starting Python");
    const indexURL = new URL("pyodide/", this.site).href;
    const { loadPyodide } = await import(/* @vite-ignore */ `${indexURL}pyodide.mjs`);
    const pyodide = await loadPyodide({ indexURL, fullStdLib: false });
    this.doneBytes += manifest.pyodideBytes;
    this.progress("python", "Python is running");
    this.redirect(pyodide, "stdout");
    this.redirect(pyodide, "stderr");
    return pyodide;
  }

  /** @param {string} layer */
  async loadLayer(layer) {
    const pack = await this.download(layer);
    this.progress("unpack", `Unpacking ${layer}`);
    unpack(this.pyodide.FS, SITE_PACKAGES, pack);
    // The files' bytes now belong to the file system.
    this.downloads.set(layer, Promise.resolve(new Uint8Array()));
  }

  /** @param {any} pyodide */
  startRuntime(pyodide) {
    const bundle = { ...manifest.bundle, index_url: new URL("index/", this.site).href };
    const host = {
      loadLayer: (/** @type {string} */ layer) => this.loadLayer(layer),
      loadDistribution: (/** @type {string[]} */ names) => this.loadDistribution(names),
      event: (/** @type {"error"} */ event, /** @type {string} */ json) =>
        this.post({ event, detail: JSON.parse(json) }),
      progress: (/** @type {string} */ stage, /** @type {string} */ label) =>
        this.progress(stage, label),
    };
    const module = pyodide.pyimport("playpage.runtime.bridge");
    const bridge = module.Bridge(host, JSON.stringify(bundle));
    module.destroy();
    return bridge;
  }

  /**
   * Load packages of Pyodide's own distribution, from this site or from where it lives.
   * @param {string[]} names
   * @returns {Promise<string>} what went wrong, or ""
   */
  async loadDistribution(names) {
    this.progress("packages", `Loading ${names.join(", ")}`);
    /** @type {string[]} */
    const errors = [];
    try {
      await this.pyodide.loadPackage(names, {
        messageCallback: () => {},
        errorCallback: (/** @type {string} */ message) => errors.push(message),
      });
    } catch (error) {
      errors.push(String(error));
    }
    return errors.length ? "it could not be reached" : "";
  }

  /** @param {any} pyodide @param {"stdout" | "stderr"} stream */
  redirect(pyodide, stream) {
    const decoder = new TextDecoder();
    const write = (/** @type {Uint8Array} */ bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      if (text) this.post({ event: "output", detail: { stream, text } });
      return bytes.length;
    };
    pyodide[stream === "stdout" ? "setStdout" : "setStderr"]({ write, isatty: false });
  }

  /** @param {Uint8Array} bytes */
  hashInPython(bytes) {
    const hashlib = this.pyodide.pyimport("hashlib");
    const digest = hashlib.sha256(bytes);
    const found = digest.hexdigest();
    digest.destroy();
    hashlib.destroy();
    return found;
  }
}
