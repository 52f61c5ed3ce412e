/** Starts Python and the runtime: five awaits, in order, each telling how far it is. */

import manifest from "playpage:manifest";
import { addressOf } from "../common/files.js";
import { onFatal } from "../seams/pyodide.js";
import { Layers, codeOf, likelyLayers } from "./layers.js";
import { localZone, suggestCollection } from "./machine.js";
import { OnDemandFiles } from "./packs/on-demand.js";
import { entries } from "./packs/pack.js";
import { Packs, packInfo } from "./packs/packs.js";
import { RemotePacks } from "./packs/remote-packs.js";
import { SITE_PACKAGES, restorePython, startPython } from "./python.js";
import { fitsSnapshot, restoringIsFaster } from "./restore-choice.js";
import { compilePyodide } from "./wasm.js";

/** @import { Bytes } from "./packs/packs.js" */
/** @import { EventMessage } from "./protocol.js" */

/** Pyodide's script. Of its own ending, .mjs, not every server knows that it is JavaScript's. */
const SCRIPT = "pyodide/pyodide.asm.js";

/** Where Pyodide has the standard library; the snapshot remembers it. */
const STDLIB = manifest.python.stdlib;

const PULSE_MS = 5000;

/** How long after a start the engine is made to look for what the start has left. */
const COLLECTION_MS = 1000;

/** One start: the site it is from, and what it tells the page. */
export class Boot {
  #site;
  #post;
  #script;
  #wasm;
  /** The label of what is under way. */
  #label = "Starting Python";
  /** Since `start`. @type {Packs} */
  #packs = /** @type {any} */ (undefined);
  /** Since Python is up. @type {Layers} */
  #layers = /** @type {any} */ (undefined);

  /**
   * Begins to fetch what every start needs: Pyodide's script and its functions.
   * @param {URL} site root of the built site
   * @param {(message: EventMessage) => void} post
   */
  constructor(site, post) {
    this.#site = site;
    this.#post = post;
    this.#script = import(/* @vite-ignore */ addressOf(SCRIPT));
    this.#wasm = compilePyodide(site);
    // Awaited in start.
    this.#script.catch(() => {});
    this.#wasm.catch(() => {});
  }

  /**
   * @param {string} code hints which packages to fetch early
   * @param {boolean} mayRestore from the snapshot, if the program is of the kind it is for
   * @param {MessagePort} [unpacker] to a worker that fetches and decompresses
   * @returns {Promise<{pyodide: any, bridge: any}>}
   */
  async start(code, mayRestore, unpacker) {
    const onProgress = () => this.#progress("download");
    this.#packs = unpacker
      ? new RemotePacks(this.#site, onProgress, unpacker)
      : new Packs(this.#site, onProgress);
    const packs = this.#packs;
    const start = packs.whole("start");
    const restores = await this.#chooseWay(code, mayRestore, start);
    const files = new Map(entries(await start));
    packs.forget("start");
    this.#progress("start");
    const pyodide = await (restores ? this.#restore(files) : this.#startAnew(files));
    this.#progress("python", "Python is running");
    const onDemand = new OnDemandFiles(pyodide.FS, packs, SITE_PACKAGES);
    if (restores) onDemand.addFile(STDLIB, "stdlib", rawSize("stdlib"));
    this.#redirect(pyodide, "stdout");
    this.#redirect(pyodide, "stderr");
    onFatal(pyodide, (error) => {
      this.#post({ event: "died", detail: { reason: causeOfDeath(error) } });
    });
    this.#layers = new Layers(files, packs, onDemand, restores);
    await this.#layers.load("base");
    const bridge = this.#startRuntime(pyodide, onDemand);
    this.#progress("runtime", "Preparing Python");
    // Nothing stays in memory that only a start needs: the first pack, and who unpacked it.
    this.#layers.releaseFirstPack();
    packs.close();
    setTimeout(suggestCollection, COLLECTION_MS);
    return { pyodide, bridge };
  }

  /** Once an app is up. @param {any} bridge */
  importDeferred(bridge) {
    return this.#layers.importDeferred(bridge);
  }

  /**
   * Begins to fetch the packs of the way that is chosen.
   * @param {string} code
   * @param {boolean} mayRestore
   * @param {Promise<Bytes>} start the first pack
   * @returns {Promise<boolean>} from the snapshot?
   */
  async #chooseWay(code, mayRestore, start) {
    const layers = likelyLayers(code);
    const others = ["stdlib", ...layers.map(codeOf)];
    // Nobody counts these; the page shall know that they are on their way.
    const pulse = setInterval(() => this.#progress("download"), PULSE_MS);
    void this.#wasm.catch(() => {}).then(() => clearInterval(pulse));
    const companions = [manifest.wasm.file, SCRIPT].map((file) => new URL(file, this.#site));
    const restores =
      mayRestore &&
      fitsSnapshot(code, layers) &&
      (await restoringIsFaster(this.#packs, others, start, companions));
    for (const pack of restores ? ["heap"] : others) this.#packs.frames(pack);
    return restores;
  }

  /** @param {Map<string, Bytes>} files of the first pack */
  async #startAnew(files) {
    const stdlib = this.#packs.whole("stdlib");
    const start = startPython(await this.#parts(files), stdlib);
    // Pyodide would not tell why the ones it waits for fail.
    const [pyodide] = await Promise.all([start, stdlib, this.#wasm]);
    this.#packs.forget("stdlib");
    return pyodide;
  }

  /** @param {Map<string, Bytes>} files of the first pack */
  async #restore(files) {
    const heap = this.#packs.frames("heap");
    const onModule = () => this.#progress("module");
    const restore = restorePython(await this.#parts(files), heap, onModule);
    const [pyodide] = await Promise.all([restore, this.#wasm]);
    this.#packs.forget("heap");
    const wake = pyodide.pyimport("playpage.runtime.wake");
    wake.wake(...localZone());
    wake.destroy();
    return pyodide;
  }

  /** @param {Map<string, Bytes>} files */
  async #parts(files) {
    return { site: this.#site, wasm: this.#wasm, files, script: await this.#script };
  }

  /** @param {string} stage @param {string} [label] */
  #progress(stage, label) {
    this.#label = label ?? this.#label;
    const { doneBytes: done, totalBytes: total } = this.#packs;
    this.#post({ event: "progress", detail: { stage, label: this.#label, done, total } });
  }

  /** @param {any} pyodide @param {OnDemandFiles} onDemand */
  #startRuntime(pyodide, onDemand) {
    const bundle = { ...manifest.bundle, index_url: new URL("index/", this.#site).href };
    const host = {
      loadLayer: (/** @type {string} */ layer) => this.#layers.load(layer),
      loadOnDemand: () => onDemand.load(),
      loadDistribution: (/** @type {string[]} */ names) => this.#loadDistribution(pyodide, names),
      event: (/** @type {"error"} */ event, /** @type {string} */ json) =>
        this.#post({ event, detail: JSON.parse(json) }),
      progress: (/** @type {string} */ stage, /** @type {string} */ label) =>
        this.#progress(stage, label),
    };
    const module = pyodide.pyimport("playpage.runtime.bridge");
    const bridge = module.Bridge(host, JSON.stringify(bundle));
    module.destroy();
    return bridge;
  }

  /**
   * Loads packages of Pyodide's own distribution, from this site or from where it lives.
   * @param {any} pyodide
   * @param {string[]} names
   * @returns {Promise<string>} what went wrong, or ""
   */
  async #loadDistribution(pyodide, names) {
    this.#progress("packages", `Loading ${names.join(", ")}`);
    /** @type {string[]} */
    const errors = [];
    try {
      await pyodide.loadPackage(names, {
        messageCallback: () => {},
        errorCallback: (/** @type {string} */ message) => errors.push(message),
      });
    } catch (error) {
      errors.push(String(error));
    }
    return errors.length ? "it could not be reached" : "";
  }

  /** @param {any} pyodide @param {"stdout" | "stderr"} stream */
  #redirect(pyodide, stream) {
    const decoder = new TextDecoder();
    const write = (/** @type {Uint8Array} */ bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      if (text) this.#post({ event: "output", detail: { stream, text } });
      return bytes.length;
    };
    pyodide[stream === "stdout" ? "setStdout" : "setStderr"]({ write, isatty: false });
  }
}

/**
 * Pyodide's fatal errors: a stack too deep for the browser, memory at its end, os._exit().
 * @param {Error & {status?: number}} error
 */
function causeOfDeath(error) {
  if (error.name === "Exit") return `The program ended Python with exit code ${error.status}.`;
  const hint = /stack/.test(error.message) ? " A recursion that is too deep can cause this." : "";
  return `Python crashed: ${error.message}.${hint}`;
}

/** Bytes of a pack when decompressed. @param {string} name */
function rawSize(name) {
  return packInfo(name).frames.reduce((sum, frame) => sum + frame.rawSize, 0);
}
