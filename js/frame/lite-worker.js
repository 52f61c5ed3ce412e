/**
 * What Gradio-Lite's front end takes for its worker: an object with the shape of a `Worker`
 * that translates Lite's messages into the runtime's protocol. The page starts Python and runs
 * the program, so Lite's own start-up messages are answered at once, and what it asks of the app
 * waits until there is one.
 */

/** @typedef {import("../worker/protocol.js").ResponseEvent} ResponseEvent */

const encoder = new TextEncoder();

/**
 * The host that Lite's front end knows for its app. gradio makes the addresses of files from
 * the request's; of any other host Lite would ask the network for them.
 */
export const APP_HOST = "lite.local";

export class LiteWorker {
  /** @type {((event: {data: any}) => void) | null} Lite sets it; program errors and output
   * go to the page's own panes, because Lite would replace the app by them. */
  onmessage = null;

  /** What is asked of the app before there is one, by path. @type {Map<string, () => void>} */
  #held = new Map();
  #isLaunched = false;

  /** @param {import("../runtime/runtime.js").Runtime} runtime */
  constructor(runtime) {
    this.runtime = runtime;
  }

  /** The program has launched an app. */
  launched() {
    this.#isLaunched = true;
    for (const relay of this.#held.values()) relay();
    this.#held.clear();
  }

  /** @param {{type: string, data: any}} message @param {MessagePort[]} ports */
  postMessage({ type, data }, [port]) {
    if (type === "asgi-request") {
      const relay = () => relayRequest(this.runtime, data.scope, port);
      if (this.#isLaunched) relay();
      // Lite mounts everything again when it is told that the program has run, which is at once.
      // What the first one asked for nobody waits for any more.
      else this.#held.set(data.scope.path, relay);
      return;
    }
    this.#answer(type, data).then(
      (value) => port.postMessage({ type: "reply:success", data: value }),
      (error) => port.postMessage({ type: "reply:error", error }),
    );
  }

  /** @param {string} type @param {any} data */
  async #answer(type, data) {
    switch (type) {
      case "init-env":
      case "init-app":
      case "run-python-code":
        return null;
      case "install":
        return this.runtime.install(data.requirements);
      case "file:write":
        return this.runtime.writeFile(data.path, data.data);
      case "code-completion":
        return [];
      default:
        throw new Error(`This page does not offer "${type}".`);
    }
  }

  /** The page owns the worker; unmounting the front end leaves it running. */
  terminate() {}
}

/**
 * Lite speaks ASGI's own event names, with headers as bytes.
 * @param {import("../runtime/runtime.js").Runtime} runtime
 * @param {{method: string, path: string, query_string: string, headers: [string, string][]}} scope
 * @param {MessagePort} port
 */
function relayRequest(runtime, scope, port) {
  const app = runtime.request({
    method: scope.method,
    path: scope.path,
    // Lite has percent-decoded it; ASGI wants it encoded.
    query: encodeURI(scope.query_string),
    headers: [...scope.headers, ["host", APP_HOST]],
  });
  port.onmessage = ({ data }) => {
    if (data.type === "http.disconnect") {
      app.postMessage({ type: "disconnect" });
      // Lite has all it wants, and leaves its own end open: an open pair is never collected.
      port.close();
    } else app.postMessage({ type: "body", body: data.body ?? null, more: data.more_body ?? false });
  };
  const send = (/** @type {Uint8Array} */ body, /** @type {boolean} */ more_body) =>
    port.postMessage({ type: "http.response.body", body, more_body });
  const start = (/** @type {number} */ status, /** @type {[string, string][]} */ headers) =>
    port.postMessage({
      type: "http.response.start",
      status,
      headers: headers.map((pair) => pair.map((text) => encoder.encode(text))),
    });

  let started = false;
  let streams = false;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const held = [];
  app.onmessage = async (/** @type {MessageEvent<ResponseEvent>} */ { data }) => {
    if (data.type === "start") {
      started = true;
      streams = data.headers.some(
        ([name, value]) => name === "content-type" && value.startsWith("text/event-stream"),
      );
      start(data.status, data.headers);
    } else if (data.type === "chunk") {
      // Lite joins parts by copying all it has for each one, so only events go part by part.
      if (streams) send(data.body, true);
      else held.push(/** @type {Uint8Array<ArrayBuffer>} */ (data.body));
    } else {
      if (!started) {
        start(500, [["content-type", "text/plain; charset=utf-8"]]);
        held.push(encoder.encode(data.error ?? ""));
      }
      app.close();
      send(new Uint8Array(await new Blob(held).arrayBuffer()), false);
    }
  };
}
