/**
 * The page's end of the worker. This room may import from js/common/, and types of js/worker/'s
 * protocol.
 *
 * Runs one program at a time in one Python: starts it, runs, stops, starts again. This is the one
 * state machine of the page; python-worker.js is the connection to the worker, without a state of
 * its own beyond "up" and "ended".
 *
 *     booting -> idle <-> running      any -> failed -> booting (run or restart)
 *     running -> booting (stop, restart)
 */

import { Emitter } from "../common/emitter.js";
import { PythonWorker } from "./python-worker.js";
import { explainBootFailure } from "./start-workers.js";

/** @import { AppRequest, Output, ProgramError, Progress, Refusal } from "../worker/protocol.js" */

/** @typedef {"booting" | "idle" | "running" | "failed"} Phase */

/**
 * What is run. `files` are others that it finds beside it, by their path.
 * @typedef {{code: string, requirements?: string[], files?: Map<string, Uint8Array>}} Program
 *
 * `hadStarted`: Python is gone; otherwise it could not be started.
 * @typedef {{reason: string, hadStarted: boolean}} Failure
 *
 * @typedef {object} Events
 * @property {Phase} phase a new one has begun; of the same kind as the last, too
 * @property {"app" | "script" | "error"} end a program has run: it has launched an app, has ended
 *   without one, or has failed, which was an "error" event
 * @property {Failure} failed follows the phase "failed"
 * @property {Progress} progress
 * @property {Output} output
 * @property {ProgramError} error
 * @property {Refusal} refused
 */

const STOPPED = "The program was stopped.";

export class Runtime {
  /** Environment variables for the program. @type {Record<string, string>} */
  environment = {};
  #events = /** @type {Emitter<Events>} */ (new Emitter());
  /** @type {Phase} */
  #phase = "booting";
  /** @type {Failure | null} */
  #failure = null;
  /** Counts boots and runs, so that what is left of an earlier one changes nothing. */
  #turn = 0;
  /** @type {PythonWorker | undefined} */
  #worker;
  /** The one that has the environment and the program's other files.
   * @type {PythonWorker | undefined} */
  #furnished;
  /** What is to be run once Python is up. @type {(() => Program) | undefined} */
  #next;
  /** The code that is likely to be run: what it seems to import is fetched early. */
  #hint = "";
  #mayRestore = true;

  get phase() {
    return this.#phase;
  }

  /** In the phase "failed": why. */
  get failure() {
    return this.#failure;
  }

  /**
   * @template {keyof Events} Name
   * @param {Name} name
   * @param {(detail: Events[Name]) => void} listener
   */
  on(name, listener) {
    this.#events.on(name, listener);
  }

  /** Shows an error that comes from elsewhere beside the program's. @param {ProgramError} error */
  reportError(error) {
    this.#events.emit("error", error);
  }

  /**
   * Starts Python, once. A later call only changes the hint.
   * @param {string} code that is likely to be run
   */
  start(code) {
    this.#hint = code;
    if (!this.#worker) void this.#boot();
  }

  /**
   * Runs a program, as soon as Python is there; in the phase "failed" in a new one. Nothing, while
   * one runs or waits.
   * @param {() => Program} read the program as it is when it begins
   */
  run(read) {
    if (this.#phase === "running" || this.#next) return;
    if (this.#phase === "failed") void this.#boot();
    if (this.#phase === "idle") void this.#execute(read);
    else this.#next = read;
  }

  /** Ends Python, and whatever runs in it, and starts a new one. */
  restart() {
    void this.#boot();
  }

  /**
   * Sends one request to the app.
   * @param {AppRequest} request
   * @returns {MessagePort} takes `RequestEvent`s and gives `ResponseEvent`s
   */
  request(request) {
    if (!this.#worker) throw new Error("Python was not started");
    return this.#worker.request(request);
  }

  async #boot() {
    const turn = (this.#turn += 1);
    this.#next = undefined;
    this.#worker?.end(STOPPED);
    this.#enter("booting");
    try {
      await this.#startWorker(turn);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
      return;
    }
    if (turn !== this.#turn) return;
    this.#enter("idle");
    const next = this.#next;
    this.#next = undefined;
    if (next) await this.#execute(next);
  }

  /**
   * From the memory snapshot where that may be; if it does not come up, however it fails,
   * the usual way in a new worker. Rejects with a sentence for the reader.
   * @param {number} turn
   */
  async #startWorker(turn) {
    if (this.#mayRestore) {
      try {
        return await this.#newWorker(true);
      } catch (error) {
        if (turn !== this.#turn) throw error;
        console.warn("The snapshot was not restored:", error);
        this.#mayRestore = false;
      }
    }
    try {
      // The last attempt uses no helper worker.
      await this.#newWorker(false);
    } catch (error) {
      throw new Error(explainBootFailure(/** @type {Error} */ (error).message));
    }
  }

  /** @param {boolean} mayRestore */
  #newWorker(mayRestore) {
    const worker = new PythonWorker(mayRestore, {
      onEvent: (message) => {
        const { event, detail } = message;
        if (event === "progress") performance.mark(`playpage:${detail.stage}`);
        this.#events.emit(event, detail);
      },
      onDied: (reason) => {
        if (worker === this.#worker) this.#fail(new Error(reason));
      },
    });
    this.#worker = worker;
    return worker.boot(this.#hint, mayRestore);
  }

  /** @param {() => Program} read */
  async #execute(read) {
    const turn = (this.#turn += 1);
    this.#enter("running");
    try {
      const kind = await this.#result(read(), turn);
      if (turn !== this.#turn) return;
      this.#enter("idle");
      this.#events.emit("end", kind);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /**
   * @param {Program} program
   * @param {number} turn
   * @returns {Promise<Events["end"]>} rejects when the worker is gone
   */
  async #result(program, turn) {
    const { code, requirements = [], files = new Map() } = program;
    const worker = this.#worker;
    if (turn !== this.#turn || !worker) throw new Error(STOPPED);
    this.#hint = code;
    await this.#furnish(worker, files);
    const { kind } = await worker.send({ type: "run", code, requirements });
    if (kind !== "restart" || turn !== this.#turn) return kind;
    // This interpreter cannot run it, a new one can: gradio has bound stand-ins, in the
    // snapshot too.
    this.#mayRestore = false;
    worker.end(STOPPED);
    await this.#startWorker(turn);
    return this.#result(program, turn);
  }

  /**
   * Hands over what came with the program, once a worker: what the program makes of its files
   * stays until Python is started again, as on a desktop.
   * @param {PythonWorker} worker
   * @param {Map<string, Uint8Array>} files
   */
  async #furnish(worker, files) {
    if (this.#furnished === worker) return;
    const { environment } = this;
    if (Object.keys(environment).length > 0) {
      await worker.send({ type: "setEnvironment", environment });
    }
    for (const [path, data] of files) await worker.send({ type: "writeFile", path, data });
    this.#furnished = worker;
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#turn += 1;
    this.#next = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    this.#failure = { reason, hadStarted: this.#phase !== "booting" };
    this.#enter("failed");
    this.#events.emit("failed", this.#failure);
  }

  /** @param {Phase} phase */
  #enter(phase) {
    this.#phase = phase;
    this.#events.emit("phase", phase);
  }
}
