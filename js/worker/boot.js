/** Starts Python and the runtime: five awaits, in order, each telling how far it is. */

import manifest from "playpage:manifest";
import { addressOf } from "../common/files.js";
import { LateFiles } from "./packs/late.js";
import { entries } from "./packs/pack.js";
import { Packs } from "./packs/packs.js";
import { SITE_PACKAGES, restorePython, startPython } from "./python.js";
import { RemotePacks } from "./packs/remote-packs.js";
import { compilePyodide } from "./wasm.js";

/** @typedef {import("./packs/packs.js").Bytes} Bytes */
/** @typedef {import("./protocol.js").EventMessage} EventMessage */

/** Pyodide's script. Of its own ending, .mjs, not every server knows that it is JavaScript's. */
const SCRIPT = "pyodide/pyodide.asm.js";

/** Where Pyodide has the standard library; the snapshot remembers it. */
const STDLIB = manifest.python.stdlib;

/**
 * What a start without the snapshot takes longer, in milliseconds, on a machine of two cores.
 * The download of the snapshot has to be done in less than that.
 */
const SAVED_MS = 3500;

const PULSE_MS = 5000;

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

/** The pack of a layer's code that a chat imports. @param {string} layer */
const codeOf = (layer) => `code-${layer}`;
/** The pack of a layer's sources. @param {string} layer */
const sourcesOf = (layer) => `sources-${layer}`;

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

/** Bytes of a pack when decompressed. @param {string} name */
const rawSize = (name) => manifest.packs[name].frames.reduce((sum, { rawSize }) => sum + rawSize, 0);

/**
 * What a start has read is garbage, some 100 MB, but an engine looks for garbage when much is
 * allocated, and a worker that runs Python allocates nothing. This is never written to, so it
 * takes no memory.
 */
function suggestCollection() {
  try {
    for (let times = 0; times < 4; times++) new ArrayBuffer(64 << 20);
  } catch {
    // There is not that much to be had; then the engine has looked by now.
  }
}

/** One start: the site it is from, and what it tells the page. */
export class Boot {
  /** Is Python from the snapshot? */
  restores = false;
  /** The layer that the later modules are of has been loaded. */
  #isLaterMissing = false;
  /** Since `start`. @type {Packs} */
  packs = /** @type {any} */ (undefined);
  /** Since Python is up. @type {LateFiles} */
  late = /** @type {any} */ (undefined);
  /** The label of what is under way. */
  #label = "Starting Python";

  /**
   * Begins to fetch what every start needs: Pyodide's script and its functions.
   * @param {URL} site root of the built site
   * @param {(message: EventMessage) => void} post
   */
  constructor(site, post) {
    /** Of the first pack, by path: those that no layer has taken. @type {Map<string, Bytes>} */
    this.files = new Map();
    /** @type {any} */
    this.pyodide = undefined;
    this.site = site;
    this.post = post;
    this.script = import(/* @vite-ignore */ addressOf(SCRIPT));
    this.wasm = compilePyodide(site);
    // Awaited in start.
    this.script.catch(() => {});
    this.wasm.catch(() => {});
  }

  /**
   * @param {string} code
   * @param {boolean} mayRestore from the snapshot, if the program is of the kind it is for
   * @param {MessagePort} [unpacker] to a worker that fetches and decompresses
   * @returns {Promise<{pyodide: any, bridge: any}>}
   */
  async start(code, mayRestore, unpacker) {
    const onProgress = () => this.progress("download");
    this.packs = unpacker
      ? new RemotePacks(this.site, onProgress, unpacker)
      : new Packs(this.site, onProgress);
    const start = this.packs.whole("start");
    const layers = ["base", ...likelyLayers(code)];
    const fits = "heap" in manifest.packs && layers.length > 1 && !NEEDS_REAL.test(code);
    const packs = ["stdlib", ...layers.map(codeOf)];
    // Nobody counts these; the page shall know that they are on their way.
    const pulse = setInterval(() => this.progress("download"), PULSE_MS);
    void this.wasm.catch(() => {}).then(() => clearInterval(pulse));
    this.restores = mayRestore && fits && (await this.#restoringIsFaster(packs, start));
    for (const pack of this.restores ? ["heap"] : packs) this.packs.frames(pack);
    this.files = new Map(entries(await start));
    this.packs.forget("start");
    this.progress("start");
    /** @type {any} */
    const pyodide = await (this.restores ? this.#restore() : this.#startAnew());
    this.pyodide = pyodide;
    this.progress("python", "Python is running");
    this.late = new LateFiles(pyodide.FS, this.packs, SITE_PACKAGES);
    if (this.restores) this.late.addFile(STDLIB, "stdlib", rawSize("stdlib"));
    this.redirect(pyodide, "stdout");
    this.redirect(pyodide, "stderr");
    pyodide._api.on_fatal = (/** @type {any} */ error) =>
      this.post({ event: "died", detail: { reason: causeOfDeath(error) } });
    await this.loadLayer("base");
    const bridge = this.startRuntime(pyodide);
    this.progress("runtime", "Preparing Python");
    this.#letGo();
    return { pyodide, bridge };
  }

  /**
   * The snapshot is larger than the code that it saves a start from running.
   * @param {string[]} packs that a start without it needs
   * @param {Promise<Bytes>} start of a pack that does not arrive there is no speed
   */
  async #restoringIsFaster(packs, start) {
    if (await this.packs.isCached("heap")) return true;
    if (await this.packs.isCached(packs[0])) return false;
    const bytes = (/** @type {string[]} */ names) =>
      names.reduce((sum, name) => sum + manifest.packs[name].size, 0);
    const { speed } = this.packs;
    const ofFirst = await Promise.race([speed, start.then(() => speed)]);
    const ofLine = ofFirst * this.#shareOfOthers();
    return (bytes(["heap"]) - bytes(packs)) / ofLine < SAVED_MS;
  }

  /** How much more than the first pack has come meanwhile, as a factor. */
  #shareOfOthers() {
    const files = [manifest.wasm.file, SCRIPT].map((file) => new URL(file, this.site).href);
    const timings = files.map((url) => performance.getEntriesByName(url)[0]);
    // Pyodide's functions are larger than the first pack; still on their way, they, its script
    // and the pack have shared the line.
    if (!timings[0]) return 3;
    const sizes = timings.map(
      (timing) => /** @type {PerformanceResourceTiming | undefined} */ (timing)?.transferSize ?? 0,
    );
    return 1 + (sizes[0] + sizes[1]) / manifest.packs.start.size;
  }

  async #startAnew() {
    const stdlib = this.packs.whole("stdlib");
    const start = startPython(await this.#parts(), stdlib);
    // Pyodide would not tell why the ones it waits for fail.
    const [pyodide] = await Promise.all([start, stdlib, this.wasm]);
    this.packs.forget("stdlib");
    return pyodide;
  }

  async #parts() {
    const { site, wasm, files } = this;
    return { site, wasm, files, script: await this.script };
  }

  async #restore() {
    const heap = this.packs.frames("heap");
    const onModule = () => this.progress("module");
    const restore = restorePython(await this.#parts(), heap, onModule);
    const [pyodide] = await Promise.all([restore, this.wasm]);
    this.packs.forget("heap");
    const wake = pyodide.pyimport("playpage.runtime.wake");
    wake.wake(...localZone());
    wake.destroy();
    return pyodide;
  }

  /**
   * Once an app is up, while its reader types: import what the SDK would at the first call.
   * What cannot be had now is fetched by that call.
   * @param {any} bridge
   */
  async importLater(bridge) {
    if (!this.#isLaterMissing) return;
    this.#isLaterMissing = false;
    try {
      await this.late.arrive("deferred");
      await bridge.import_deferred(manifest.deferred);
    } catch (error) {
      console.warn(error);
    }
  }

  /** Keep nothing in memory that only a start needs: the first pack, and who unpacked it. */
  #letGo() {
    const layers = new Set(Object.keys(manifest.bundle.layers));
    for (const [path, bytes] of this.files) {
      // Libraries too: those of a layer that nothing has asked for yet.
      if (layers.has(path.split("/")[0])) this.files.set(path, bytes.slice());
      else this.files.delete(path);
    }
    this.packs.close();
    setTimeout(suggestCollection, 1000);
  }

  /** @param {string} stage @param {string} [label] */
  progress(stage, label) {
    this.#label = label ?? this.#label;
    const { doneBytes: done, totalBytes: total } = this.packs;
    this.post({ event: "progress", detail: { stage, label: this.#label, done, total } });
  }

  /** @param {string} layer */
  async loadLayer(layer) {
    const prefix = `${layer}/`;
    /** @type {[string, Uint8Array][]} */
    const files = [];
    for (const [path, bytes] of this.files) {
      if (!path.startsWith(prefix)) continue;
      this.files.delete(path);
      // The snapshot's libraries are loaded. A copy, so that the pack can be let go.
      const isLoaded = this.restores && path.endsWith(".so");
      if (!isLoaded) files.push([path.slice(prefix.length), bytes.slice()]);
    }
    this.late.write(files);
    if (!this.restores) {
      const code = await this.packs.whole(codeOf(layer));
      this.late.write(entries(code));
      this.packs.forget(codeOf(layer));
    }
    if (layer === "openai" && "deferred" in manifest.packs) {
      this.#isLaterMissing = true;
      this.late.add("deferred", manifest.deferredFolders);
    }
    if (sourcesOf(layer) in manifest.packs) {
      this.late.add(sourcesOf(layer), manifest.onDemandFolders[layer]);
    }
  }

  /** @param {any} pyodide */
  startRuntime(pyodide) {
    const bundle = { ...manifest.bundle, index_url: new URL("index/", this.site).href };
    const host = {
      loadLayer: (/** @type {string} */ layer) => this.loadLayer(layer),
      loadLate: () => this.late.load(),
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
}
