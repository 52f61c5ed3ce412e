/** Running, stopping, starting again: one program at a time, in one Python. */

/** @import { Runtime } from "./runtime.js" */

/**
 * @typedef {"booting" | "running" | "idle" | "failed"} Phase
 *
 * @typedef {object} Watcher
 * @property {(phase: Phase) => void} onPhase
 * @property {() => void} onBegin  a program begins to run
 * @property {(kind: "app" | "script" | "error") => void} onEnd  it has run
 * @property {() => void} onStopped  the reader stopped it
 * @property {(message: string, hadStarted: boolean) => void} onFailed  Python could not be
 *   started, or is gone
 */

export class Session {
  #runtime;
  #read;
  #watcher;
  /** @type {Phase} */
  #phase = "booting";
  /** Counts runs and stops, so that what an earlier run still says is not taken for news. */
  #turn = 0;
  /** @type {Promise<void>} */
  #ready;
  #waiting = false;
  /** Counts boots: one that a later boot has replaced is no news either. */
  #boots = 0;

  /**
   * @param {Runtime} runtime  started
   * @param {() => import("./runtime.js").Program} read  the program as it is now
   * @param {Watcher} watcher
   */
  constructor(runtime, read, watcher) {
    this.#runtime = runtime;
    this.#read = read;
    this.#watcher = watcher;
    this.#ready = this.#follow(runtime.ready);
    runtime.addEventListener("state", (event) => {
      const { state, reason } = /** @type {CustomEvent} */ (event).detail;
      // A worker that breaks while nothing runs has nobody else to tell.
      if (state === "failed" && this.#phase === "idle") this.#fail(new Error(reason));
    });
  }

  get phase() {
    return this.#phase;
  }

  /** Runs the program, as soon as Python is there. Nothing, while one runs or waits. */
  async run() {
    if (this.#phase === "running" || this.#waiting) return;
    if (this.#phase === "failed") this.#boot();
    const turn = (this.#turn += 1);
    this.#waiting = true;
    await this.#ready;
    this.#waiting = false;
    if (turn !== this.#turn || this.#phase !== "idle") return;
    this.#enter("running");
    this.#watcher.onBegin();
    try {
      const { kind } = await this.#runtime.run(this.#read());
      if (turn !== this.#turn) return;
      this.#enter("idle");
      this.#watcher.onEnd(kind);
    } catch (error) {
      // The worker is gone: stopped by the reader, which is a later turn, or broken.
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** Stops the running program: its Python ends, and a new one starts. */
  stop() {
    if (this.#phase !== "running") return;
    this.#boot();
    this.#watcher.onStopped();
  }

  /** Starts again from nothing: a new Python, and the program in it. */
  async restart() {
    if (this.#phase === "booting") return;
    this.#boot();
    await this.run();
  }

  #boot() {
    this.#turn += 1;
    this.#waiting = false;
    this.#enter("booting");
    this.#ready = this.#follow(this.#runtime.restart());
  }

  /**
   * Never rejects: a boot that failed is told to the watcher.
   * @param {Promise<void>} boot
   */
  async #follow(boot) {
    const boots = (this.#boots += 1);
    try {
      await boot;
      if (boots === this.#boots) this.#enter("idle");
    } catch (error) {
      if (boots === this.#boots) this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#turn += 1;
    const hadStarted = this.#phase !== "booting";
    this.#enter("failed");
    this.#watcher.onFailed(error instanceof Error ? error.message : String(error), hadStarted);
  }

  /** @param {Phase} phase */
  #enter(phase) {
    this.#phase = phase;
    this.#watcher.onPhase(phase);
  }
}
