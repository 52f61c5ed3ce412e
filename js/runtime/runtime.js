/** The page's end of the worker: starts it, runs programs in it, hands out its events. */

import { root, startWorker } from "../common/files.js";

/** @typedef {import("../worker/protocol.js").AppRequest} AppRequest */
/** @typedef {import("../worker/protocol.js").Command} Command */
/** @typedef {import("../worker/protocol.js").EventMessage} EventMessage */
/** @typedef {import("../worker/protocol.js").Reply} Reply */
/**
 * What is run. `files` are others that it finds beside it, by their path.
 * @typedef {{code: string, requirements?: string[], files?: Map<string, Uint8Array>}} Program
 */
/** @typedef {{kind: "app" | "script" | "error"}} RunResult */
/** @typedef {"booting" | "ready" | "running" | "idle" | "failed"} State */

/** How long a restoring worker may be silent, on a slow machine, before it is given up. */
const SILENCE_MS = 20_000;

/**
 * Events, each a CustomEvent: "progress", "output" and "error" with the details of
 * protocol.js, "result" with a RunResult after each run, and "state" with {state, reason?}.
 */
export class Runtime extends EventTarget {
  /** @type {Worker | undefined} */
  #worker;
  /** @type {Worker | undefined} */
  #unpacker;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #pending = new Map();
  /** The requests that the app has not answered; with the worker they end, too. */
  #requests = /** @type {Set<MessagePort>} */ (new Set());
  #nextId = 1;
  /** @type {Promise<void> | undefined} */
  #ready;
  #hint = "";
  #mayRestore = true;
  /** Counts starts, of which a later one can overtake an earlier one. */
  #boots = 0;
  #isUp = false;
  /** Environment variables for the program. @type {Record<string, string>} */
  environment = {};
  /** The worker that has them, and the program's other files. @type {Worker | undefined} */
  #furnished;

  /** Resolves when Python runs; rejects with a sentence for the reader. */
  get ready() {
    return this.start();
  }

  /**
   * Start the worker, once. `code` is a hint: what it seems to import is fetched early.
   * @param {string} [code]
   * @returns {Promise<void>}
   */
  start(code) {
    this.#hint = code ?? this.#hint;
    this.#ready ??= this.#boot();
    return this.#ready;
  }

  /**
   * From the memory snapshot where that may be; if it does not come up, however it fails,
   * the usual way in a new worker.
   */
  async #boot() {
    const boot = (this.#boots += 1);
    this.#setState("booting");
    if (this.#mayRestore) {
      try {
        await this.#startWorker(true);
        this.#setState("ready");
        return;
      } catch (error) {
        if (boot !== this.#boots) throw error; // restarted meanwhile: the worker is another's
        console.warn("The snapshot was not restored:", error);
        this.#mayRestore = false;
        this.#terminate();
      }
    }
    try {
      await this.#startWorker(false);
    } catch (error) {
      if (boot !== this.#boots) throw error;
      const reason = explainBootFailure(/** @type {Error} */ (error).message);
      this.#setState("failed", reason);
      throw new Error(reason);
    }
    this.#setState("ready");
  }

  /** @param {boolean} mayRestore */
  async #startWorker(mayRestore) {
    // What is tried last does with as little as it can.
    const [worker, unpacker] = mayRestore ? startWorkers() : [startWorker("worker")];
    this.#worker = worker;
    this.#unpacker = unpacker;
    worker.onmessage = ({ data }) => this.#receive(data);
    this.#isUp = false;
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#isUp) {
        // A callback of the program's: Python goes on, or has told that it died.
        const detail = { summary: event.message, traceback: "" };
        this.dispatchEvent(new CustomEvent("error", { detail }));
        return;
      }
      const detail = event.message ? `: ${event.message}` : "";
      this.#rejectAll(`The Python worker could not be loaded${detail}.`);
    };
    if (unpacker) {
      const { port1, port2 } = new MessageChannel();
      unpacker.onerror = (event) => {
        event.preventDefault();
        this.#rejectAll("The worker that unpacks the downloads could not be loaded.");
      };
      unpacker.postMessage(port1, [port1]);
      worker.postMessage({ type: "unpacker" }, [port2]);
    }
    const boot = this.#send({ type: "boot", code: this.#hint, mayRestore });
    await (mayRestore ? this.#unlessSilent(boot) : boot);
    this.#isUp = true;
  }

  /**
   * Rejects when the worker says nothing for a while: downloads tell of every part.
   * @param {Promise<unknown>} boot
   */
  async #unlessSilent(boot) {
    /** @type {number | undefined} */
    let timer;
    const silence = new Promise((_, reject) => {
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => reject(new Error("no sign of life")), SILENCE_MS);
      };
      this.addEventListener("progress", wait);
      boot.finally(() => this.removeEventListener("progress", wait)).catch(() => {});
      wait();
    });
    await Promise.race([boot, silence]).finally(() => clearTimeout(timer));
  }

  /**
   * Run a program. An error in it is an "error" event and kind "error", not a rejection.
   * @param {Program} program
   * @returns {Promise<RunResult>}
   */
  async run({ code, requirements = [], files = new Map() }) {
    await this.start(code);
    this.#setState("running");
    try {
      await this.#furnish(files);
      const result = await this.#send({ type: "run", code, requirements });
      if (result.kind !== "restart") {
        this.dispatchEvent(new CustomEvent("result", { detail: result }));
        return result;
      }
    } finally {
      this.#setState("idle");
    }
    // This interpreter cannot run it, a new one can: gradio has bound stand-ins, in the
    // snapshot too.
    this.#mayRestore = false;
    await this.restart(code);
    return this.run({ code, requirements, files });
  }

  /**
   * Hand over what came with the program, once a worker: what the program makes of its files
   * stays until Python is started again, as on a desktop.
   * @param {Map<string, Uint8Array>} files
   */
  async #furnish(files) {
    const worker = this.#worker;
    if (this.#furnished === worker) return;
    const { environment } = this;
    if (Object.keys(environment).length > 0) {
      await this.#send({ type: "setEnvironment", environment });
    }
    for (const [path, data] of files) await this.#send({ type: "writeFile", path, data });
    this.#furnished = worker;
  }

  /** @param {string[]} requirements */
  async install(requirements) {
    await this.start();
    return this.#send({ type: "install", requirements });
  }

  /** @param {string} path @param {string | Uint8Array} data */
  async writeFile(path, data) {
    await this.start();
    return this.#send({ type: "writeFile", path, data });
  }

  /**
   * Send one request to the app. The port takes `RequestEvent`s and gives `ResponseEvent`s.
   * @param {AppRequest} request
   * @returns {MessagePort}
   */
  request(request) {
    const { port1, port2 } = new MessageChannel();
    /** @type {Command} */
    const command = { id: this.#nextId++, type: "request", request };
    this.#requests.add(port1);
    port1.addEventListener("message", ({ data }) => {
      if (data.type === "end") this.#requests.delete(port1);
    });
    if (this.#worker) this.#worker.postMessage(command, [port2]);
    else port2.postMessage({ type: "end", error: "Python is not running." });
    return port1;
  }

  /**
   * Stop whatever runs and start anew.
   * @param {string} [code] as in `start`
   */
  restart(code) {
    this.#terminate();
    this.#worker = undefined;
    this.#ready = undefined;
    this.#rejectAll("The program was stopped.");
    return this.start(code);
  }

  #terminate() {
    this.#worker?.terminate();
    this.#unpacker?.terminate();
  }

  /** @param {any} command */
  #send(command) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker?.postMessage({ ...command, id });
    });
  }

  /** @param {Reply | EventMessage} message */
  #receive(message) {
    if ("event" in message && message.event === "died") this.#fail(message.detail.reason);
    if ("event" in message) {
      if (message.event === "progress") performance.mark(`playpage:${message.detail.stage}`);
      this.dispatchEvent(new CustomEvent(message.event, { detail: message.detail }));
      return;
    }
    const waiting = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error !== undefined) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.value);
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#rejectAll(reason);
    if (!this.#isUp) return; // the boot that was rejected goes on from there
    this.#terminate();
    this.#worker = undefined;
    this.#setState("failed", reason);
  }

  /** @param {string} reason */
  #rejectAll(reason) {
    for (const { reject } of this.#pending.values()) reject(new Error(reason));
    this.#pending.clear();
    for (const port of this.#requests) {
      port.dispatchEvent(new MessageEvent("message", { data: { type: "end", error: reason } }));
    }
  }

  /** @param {State} state @param {string} [reason] */
  #setState(state, reason) {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, reason } }));
  }
}

/**
 * Python's worker, and one that fetches and decompresses for it. The first two are those that
 * the page has started before its own scripts, if they came up.
 * @returns {Worker[]}
 */
function startWorkers() {
  const page = /** @type {{playpageWorkers?: (Worker & {failed?: boolean})[]}} */ (globalThis);
  const early = page.playpageWorkers;
  page.playpageWorkers = undefined;
  if (early?.every((worker) => !worker.failed)) return early;
  return ["worker", "unpacker"].map(startWorker);
}

/** @param {string} message */
function explainBootFailure(message) {
  if (location.protocol === "file:" && root.protocol === "file:") {
    return "Opened from a file, a page may not start Python. Serve the folder over http instead.";
  }
  if (typeof WebAssembly === "undefined") {
    return "This browser has WebAssembly switched off, which Python needs. Switch it on, or use another browser.";
  }
  return `Python could not be started. ${message}`;
}
