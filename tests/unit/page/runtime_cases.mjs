// Cases of the page's runtime over workers that are played: on stdout JSON, what became of each.
// For test_runtime_phases.py.
import { setTimeout as wait } from "node:timers/promises";

/** @typedef {(message: any, worker: PlayedWorker) => any} Part  gives a reply's value, or throws */

/** A worker that does as the next part in `parts` says. */
class PlayedWorker {
  /** @type {((event: {data: any}) => void) | null} */
  onmessage = null;
  /** @type {any[]} */
  received = [];
  isEnded = false;

  /** @param {string} name @param {Part} part */
  constructor(name, part) {
    this.name = name;
    this.part = part;
  }

  /** @param {any} message */
  async postMessage(message) {
    if (this.name === "unpacker" || message.type === "unpacker") return;
    const { id, ...command } = message;
    this.received.push(command);
    try {
      const value = await this.part(command, this);
      if (value !== undefined) this.tell({ id, value });
    } catch (error) {
      this.tell({ id, error: /** @type {Error} */ (error).message });
    }
  }

  /** @param {any} data */
  tell(data) {
    if (!this.isEnded) this.onmessage?.({ data });
  }

  terminate() {
    this.isEnded = true;
  }
}

/** @type {Part[]} */
let parts = [];
/** Python's workers, in the order of their start. @type {PlayedWorker[]} */
let workers = [];
/** @type {any} */ (globalThis).playpageInside = {
  root: "https://page.invalid/",
  startWorker(/** @type {string} */ name) {
    const part = name === "worker" ? parts.shift() : () => {};
    if (!part) throw new Error("nobody plays this worker");
    const worker = new PlayedWorker(name, part);
    if (name === "worker") workers.push(worker);
    return worker;
  },
};
/** @type {any} */ (globalThis).location = { protocol: "https:" };
console.warn = () => {};
const { Runtime } = await import("../../../js/runtime/runtime.js");

/** Boots, and answers runs with these kinds, one after the other. @param {string[]} kinds */
const boots =
  (...kinds) =>
  (/** @type {any} */ { type }) =>
    type === "run" ? { kind: kinds.shift() } : null;
const never = () => undefined;
const refuses = () => {
  throw new Error("no memory");
};

/**
 * @param {Part[]} played
 * @param {(runtime: InstanceType<typeof Runtime>) => unknown} act
 */
async function play(played, act) {
  parts = played;
  workers = [];
  const runtime = new Runtime();
  /** @type {any[]} */
  const log = [];
  runtime.on("phase", (phase) => log.push(phase));
  runtime.on("end", (kind) => log.push({ end: kind }));
  runtime.on("failed", (failure) => log.push(failure));
  runtime.start("hint");
  await wait(1);
  const result = await act(runtime);
  await wait(1);
  const commands = workers.map(({ received }) => received);
  return { log, commands, ended: workers.map(({ isEnded }) => isEnded), result };
}

const program = { code: "code", files: new Map([["a.txt", new Uint8Array(1)]]) };
const read = () => program;

/** The first message of a port. @param {MessagePort} port */
const answer = (port) => new Promise((resolve) => (port.onmessage = ({ data }) => resolve(data)));
const request = /** @type {any} */ ({ method: "GET", path: "/", query: "", headers: [] });

const results = {
  runs_twice: await play([boots("script", "app")], async (runtime) => {
    runtime.environment = { LANG: "en" };
    runtime.run(read);
    runtime.run(read); // ignored: one runs
    await wait(1);
    runtime.run(read);
  }),
  falls_back: await play([refuses, boots("script")], (runtime) => runtime.run(read)),
  fails: await play([refuses, refuses, boots("app")], async (runtime) => {
    await wait(1);
    runtime.run(read); // once more, in a new worker
  }),
  starts_anew: await play([boots("restart"), boots("app")], (runtime) => runtime.run(read)),
  stops: await play(
    [({ type }) => (type === "run" ? wait(5, { kind: "app" }) : null), boots("script")],
    async (runtime) => {
      runtime.run(read);
      await wait(1);
      const open = runtime.request(request);
      const told = answer(open);
      runtime.restart();
      await wait(10); // the first program's end is no news
      return told;
    },
  ),
  dies: await play([boots("app")], async (runtime) => {
    runtime.run(read);
    await wait(1);
    workers[0]?.tell({ event: "died", detail: { reason: "Python broke down." } });
    return answer(runtime.request(request));
  }),
  overtaken: await play([never, boots("script")], async (runtime) => {
    runtime.run(read); // waits for the first start, and ends with it
    runtime.restart();
    await wait(5);
  }),
};
process.stdout.write(JSON.stringify(results));
process.exit(0);
