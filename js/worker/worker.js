/**
 * The module worker that runs Python. Its protocol is in protocol.js. This room may import from
 * js/seams/ and js/common/.
 */

import { root } from "../common/files.js";
import { Boot } from "./boot.js";

/** @import { AppRequest, Command, RequestEvent, RunResult } from "./protocol.js" */

/** Where programs live; `playpage.runtime.runner.HOME`. */
const HOME = "/home/pyodide/app";

const scope = /** @type {{postMessage(message: any): void, onmessage: any}} */ (
  /** @type {unknown} */ (self)
);

const boot = new Boot(root, (message) => scope.postMessage(message));
/** @type {Promise<{pyodide: any, bridge: any}> | undefined} */
let started;
/** @type {MessagePort | undefined} */
let unpacker;

/** An app's first requests are over when there was none for so long. */
const QUIET_MS = 1000;
/** When a request last came or was answered, by `performance.now()`; 0: none since the run. */
let servedAt = 0;

/** One program at a time: a second Run waits for the first to end. */
let running = Promise.resolve();

/** How much later than the failure that it causes a refusal may be reported. */
const REFUSAL_MS = 50;

// The page tells the reader, if it comes to that.
addEventListener("securitypolicyviolation", (event) => {
  const violation = /** @type {SecurityPolicyViolationEvent} */ (event);
  if (violation.disposition !== "enforce") return;
  const detail = { directive: violation.effectiveDirective, blocked: violation.blockedURI };
  scope.postMessage({ event: "refused", detail });
});

scope.onmessage = async (/** @type {MessageEvent<Command>} */ { data, ports }) => {
  const [port] = ports;
  if (data.type === "request") return port && serve(data.request, port);
  if (data.type === "unpacker") {
    unpacker = port;
    return;
  }
  try {
    scope.postMessage({ id: data.id, value: await execute(data) });
  } catch (error) {
    // The browser may tell a moment later what a policy has refused, and the page names that.
    await new Promise((resolve) => setTimeout(resolve, REFUSAL_MS));
    scope.postMessage({ id: data.id, error: sentence(error) });
  }
};

/** @param {Exclude<Command, {type: "request" | "unpacker"}>} command */
async function execute(command) {
  if (command.type === "boot") {
    started ??= boot.start(command.code, command.mayRestore, unpacker);
    await started;
    return null;
  }
  if (!started) throw new Error("The worker was not started.");
  const { pyodide, bridge } = await started;
  switch (command.type) {
    case "run": {
      const run = running.then(() => bridge.run(command.code, command.requirements));
      running = run.then(
        () => {},
        () => {},
      );
      const result = /** @type {RunResult} */ (JSON.parse(await run));
      if (result.kind === "app") void whenQuiet().then(() => boot.importDeferred(bridge));
      return result;
    }
    case "setEnvironment":
      pyodide.pyimport("os").environ.update(pyodide.toPy(command.environment));
      return null;
    case "writeFile": {
      const path = `${HOME}/${command.path}`;
      pyodide.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
      pyodide.FS.writeFile(path, command.data);
      return null;
    }
  }
}

/** Waits until the app has answered a request, and then has had none for a while. */
async function whenQuiet() {
  servedAt = 0;
  while (!servedAt || performance.now() - servedAt < QUIET_MS) {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 4));
  }
}

/**
 * One request to the launched app, on its own port.
 * @param {AppRequest} request
 * @param {MessagePort} port
 */
async function serve(request, port) {
  servedAt = performance.now();
  /** @type {RequestEvent[]} */
  const arrived = [];
  /** @type {((event: RequestEvent) => void)[]} */
  const waiting = [];
  port.onmessage = ({ data }) => {
    const next = waiting.shift();
    if (next) next(data);
    else arrived.push(data);
  };
  const receive = () => {
    const event = arrived.shift();
    if (event) return Promise.resolve(event);
    return new Promise((/** @type {(event: RequestEvent) => void} */ resolve) =>
      waiting.push(resolve),
    );
  };
  const response = {
    start: (/** @type {number} */ status, /** @type {[string, string][]} */ headers) =>
      port.postMessage({ type: "start", status, headers }),
    chunk: (/** @type {Uint8Array} */ body) => port.postMessage({ type: "chunk", body }),
  };
  try {
    if (!started) throw new Error("The worker was not started.");
    const { bridge } = await started;
    const problem = await bridge.request(request, receive, response);
    port.postMessage(problem ? { type: "end", error: problem } : { type: "end" });
  } catch (error) {
    port.postMessage({ type: "end", error: sentence(error) });
  } finally {
    servedAt = performance.now();
    // So that nothing waits for ever for the end of the request.
    for (const next of waiting) next({ type: "disconnect" });
  }
}

/**
 * What went wrong in one line: of a Python traceback the last, of anything else its message.
 * @param {unknown} error
 */
function sentence(error) {
  if (!(error instanceof Error)) return String(error);
  if (error.name !== "PythonError") return error.message;
  console.error(error);
  return error.message.trim().split("\n").pop() ?? error.message;
}
