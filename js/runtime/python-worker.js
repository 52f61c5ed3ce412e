/**
 * One worker that runs Python, from its start to its end: commands and their replies, requests to
 * the app, events. It is not started again; whoever wants another Python makes another of these.
 */

import { OpenRequests } from "./open-requests.js";
import { startWorkers } from "./start-workers.js";

/** @import { AppRequest, Command, EventMessage, Reply } from "../worker/protocol.js" */

/** @typedef {Exclude<EventMessage, {event: "died"}>} WorkerEvent */

/**
 * @typedef {object} Listener
 * @property {(message: WorkerEvent) => void} onEvent
 * @property {(reason: string) => void} onDied Python broke down after it had started; the worker
 *   has been ended
 */

/** How long a worker that restores the snapshot may be silent, on a slow machine. */
const SILENCE_MS = 20_000;

export class PythonWorker {
  #worker;
  #unpacker;
  #listener;
  /** Commands without a reply. @type {Map<number, PromiseWithResolvers<any>>} */
  #pending = new Map();
  #requests = new OpenRequests();
  #nextId = 1;
  #isUp = false;
  #hasEnded = false;
  /** Called at each sign of life. */
  #onSign = () => {};

  /**
   * @param {boolean} withUnpacker with a second worker, which fetches and decompresses
   * @param {Listener} listener
   */
  constructor(withUnpacker, listener) {
    this.#listener = listener;
    const { worker, unpacker } = startWorkers(withUnpacker);
    this.#worker = worker;
    this.#unpacker = unpacker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#onError(event.message);
    };
    if (!unpacker) return;
    const { port1, port2 } = new MessageChannel();
    unpacker.onerror = (event) => {
      event.preventDefault();
      this.#rejectAll("The worker that unpacks the downloads could not be loaded.");
    };
    unpacker.postMessage(port1, [port1]);
    worker.postMessage({ type: "unpacker" }, [port2]);
  }

  /**
   * Starts Python in it. The worker has ended when this rejects.
   * @param {string} code hints which packages to fetch early
   * @param {boolean} mayRestore from the memory snapshot; then the worker may not be silent for
   *   long
   */
  async boot(code, mayRestore) {
    const boot = this.send({ type: "boot", code, mayRestore });
    try {
      await (mayRestore ? this.#unlessSilent(boot) : boot);
      this.#isUp = true;
    } catch (error) {
      this.end(/** @type {Error} */ (error).message);
      throw error;
    }
  }

  /**
   * @param {any} command a `Command` without its id
   * @returns {Promise<any>} the reply's value; rejects with its error
   */
  send(command) {
    const id = this.#nextId++;
    const settle = Promise.withResolvers();
    this.#pending.set(id, settle);
    this.#worker.postMessage({ ...command, id });
    return settle.promise;
  }

  /**
   * @param {AppRequest} request
   * @returns {MessagePort} takes `RequestEvent`s and gives `ResponseEvent`s
   */
  request(request) {
    return this.#requests.open((port) => {
      /** @type {Command} */
      const command = { type: "request", request };
      if (this.#hasEnded) port.postMessage({ type: "end", error: "Python is not running." });
      else this.#worker.postMessage(command, [port]);
    });
  }

  /** Ends the worker. @param {string} reason for those who wait for something of it */
  end(reason) {
    this.#hasEnded = true;
    this.#worker.terminate();
    this.#unpacker?.terminate();
    this.#rejectAll(reason);
  }

  /**
   * Rejects when the worker says nothing for a while: downloads tell of every part.
   * @param {Promise<unknown>} boot
   */
  async #unlessSilent(boot) {
    const silence = Promise.withResolvers();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    this.#onSign = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.reject(new Error("no sign of life")), SILENCE_MS);
    };
    this.#onSign();
    try {
      await Promise.race([boot, silence.promise]);
    } finally {
      clearTimeout(timer);
      this.#onSign = () => {};
    }
  }

  /** @param {Reply | EventMessage} message */
  #receive(message) {
    if (!("event" in message)) {
      const waiting = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error !== undefined) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.value);
    } else if (message.event === "died") {
      this.#onDeath(message.detail.reason);
    } else {
      if (message.event === "progress") this.#onSign();
      this.#listener.onEvent(message);
    }
  }

  /** @param {string} reason */
  #onDeath(reason) {
    if (!this.#isUp) {
      this.#rejectAll(reason); // and with it the boot
      return;
    }
    this.end(reason);
    this.#listener.onDied(reason);
  }

  /** @param {string} message */
  #onError(message) {
    if (this.#isUp) {
      // A callback of the program's: Python goes on, or has told that it died.
      this.#listener.onEvent({ event: "error", detail: { summary: message, traceback: "" } });
      return;
    }
    this.#rejectAll(`The Python worker could not be loaded${message ? `: ${message}` : ""}.`);
  }

  /** @param {string} reason */
  #rejectAll(reason) {
    for (const { reject } of this.#pending.values()) reject(new Error(reason));
    this.#pending.clear();
    this.#requests.endAll(reason);
  }
}
