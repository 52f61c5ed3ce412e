/** Starts Python and the runtime: five awaits, in order, each telling how far it is. */

import manifest from "playpage:manifest";
import { entries, fetchBytes, gunzip, unpack, verify } from "./pack.js";
import { fromSnapshot } from "./snapshot.js";

/** @typedef {import("./protocol.js").EventMessage} EventMessage */

/** Where Python keeps packages in Pyodide 314. */
const SITE_PACKAGES = "/lib/python3.14/site-packages";

/**
 * What gradio's stand-ins would be bound for in the snapshot. Python finds every such need;
 * guessing the plain ones here saves it a second start.
 */
const NEEDS_REAL = /\b(numpy|pandas|PIL|matplotlib)\b/;

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

/** The packs of a layer: its sources, and what was compiled of them. @param {string} layer */
function packsOf(layer) {
  return [layer, `${layer}-compiled`].filter((name) => name in manifest.packs);
}

/**
 * This machine's zone as Python's time module has it: offsets to UTC in seconds, in winter and
 * in summer, and the names of both.
 * @returns {[number, number, string, string]}
 */
function localZone() {
  const year = new Date().getFullYear();
  const days = [new Date(year, 0, 1), new Date(year, 6, 1)];
  const offsets = days.map((day) => -day.getTimezoneOffset() * 60);
  const names = days.map((day) => /\((.*)\)/.exec(day.toString())?.[1] ?? "");
  const [winter, summer] = offsets[0] <= offsets[1] ? [0, 1] : [1, 0];
  return [offsets[winter], offsets[summer], names[winter], names[summer]];
}

/**
 * Pyodide's fatal errors: a stack too deep for the browser, memory at its end, os._exit().
 * @param {any} error
 */
function causeOfDeath(error) {
  if (error.name === "Exit") return `The program ended Python with exit code ${error.status}.`;
  const hint = /stack/.test(error.message) ? " A recursion too deep does this." : "";
  return `Python broke down: ${error.message}.${hint}`;
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
   * @param {boolean} mayRestore from the snapshot, if the program is of the kind it is for
   * @returns {Promise<{pyodide: any, bridge: any}>}
   */
  async start(code, mayRestore) {
    const layers = ["base", ...likelyLayers(code)];
    this.restores =
      mayRestore && "heap" in manifest.packs && layers.length > 1 && !NEEDS_REAL.test(code);
    const packs = this.restores ? ["start", "heap", ...layers] : layers.flatMap(packsOf);
    for (const pack of packs) this.download(pack);
    const pyodide = await (this.restores ? this.restorePython() : this.startPython());
    this.pyodide = pyodide;
    this.redirect(pyodide, "stdout");
    this.redirect(pyodide, "stderr");
    pyodide._api.on_fatal = (/** @type {any} */ error) =>
      this.post({ event: "died", detail: { reason: causeOfDeath(error) } });
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

  /** Begin to fetch and decompress a pack. @param {string} name */
  download(name) {
    let download = this.downloads.get(name);
    if (!download) {
      const pack = manifest.packs[name];
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
      this.downloads.set(name, download);
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
    return pyodide;
  }

  /** As startPython, with gradio and openai imported already. */
  async restorePython() {
    this.totalBytes += manifest.pyodideBytes;
    this.progress("python", "Starting Python");
    const indexURL = new URL("pyodide/", this.site).href;
    const [{ loadPyodide }, { default: create }, start] = await Promise.all([
      import(/* @vite-ignore */ `${indexURL}pyodide.mjs`),
      import(/* @vite-ignore */ `${indexURL}pyodide.asm.mjs`),
      this.download("start"),
    ]);
    const files = new Map(entries(start));
    /** @param {string} name */
    const file = (name) => {
      const bytes = files.get(name);
      if (!bytes) throw new Error(`the snapshot has no ${name}`);
      return bytes;
    };
    /** @type {string[]} */
    const addresses = [];
    const addressOf = (/** @type {string} */ path) => {
      const bytes = file(path.slice(SITE_PACKAGES.length + 1));
      const address = URL.createObjectURL(new Blob([bytes], { type: "application/wasm" }));
      addresses.push(address);
      return address;
    };
    const heap = this.download("heap").then((pack) => {
      for (const [, bytes] of entries(pack)) return bytes;
      throw new Error("the snapshot has no heap");
    });
    const snapshot = JSON.parse(new TextDecoder().decode(file("snapshot.json")));
    const pyodide = await loadPyodide({
      indexURL,
      createPyodideModule: fromSnapshot(create, snapshot, addressOf, heap),
      // Never read: fromSnapshot has filled the heap by then. It tells Pyodide not to start one.
      _loadSnapshot: new Uint8Array(4),
    });
    addresses.forEach(URL.revokeObjectURL);
    this.downloads.delete("heap");
    const wake = pyodide.pyimport("playpage.runtime.wake");
    wake.wake(...localZone());
    wake.destroy();
    this.doneBytes += manifest.pyodideBytes;
    this.progress("python", "Python is running");
    return pyodide;
  }

  /** @param {string} layer */
  async loadLayer(layer) {
    // What a restored Python needs was compiled before the snapshot was taken.
    for (const name of this.restores ? [layer] : packsOf(layer)) {
      const pack = await this.download(name);
      this.progress("unpack", `Unpacking ${layer}`);
      unpack(this.pyodide.FS, SITE_PACKAGES, pack);
      // The files' bytes now belong to the file system.
      this.downloads.set(name, Promise.resolve(new Uint8Array()));
    }
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
