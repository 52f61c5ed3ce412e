/**
 * What Gradio-Lite's front end takes for its worker: translates Lite's messages into the runtime's
 * protocol. The page starts Python and runs the program, so Lite's own start-up messages are
 * answered at once, and what it asks of the app waits until there is one.
 */

import { APP_HOST, replyTo } from "../seams/lite.js";

/** @import { AsgiReceiveEvent, AsgiScope, AsgiSendEvent, LiteMessage } from "../seams/lite.js" */
/** @import { RequestEvent, ResponseEvent } from "../worker/protocol.js" */
/** @import { AppRuntime } from "./protocol.js" */

const encoder = new TextEncoder();

export class LiteWorker {
  /** Set by Lite and never called: the page has panes of its own for output and errors, and Lite
   * would replace the app by them. @type {((event: {data: any}) => void) | null} */
  onmessage = null;

  #runtime;
  /** What is asked of the app before there is one, by path. @type {Map<string, () => void>} */
  #held = new Map();
  #isLaunched = false;

  /** @param {AppRuntime} runtime */
  constructor(runtime) {
    this.#runtime = runtime;
  }

  /** The program has launched an app. */
  launched() {
    this.#isLaunched = true;
    for (const relay of this.#held.values()) relay();
    this.#held.clear();
  }

  /** @param {LiteMessage} message @param {MessagePort[]} ports */
  postMessage(message, [port]) {
    if (!port) return;
    if (message.type !== "asgi-request") {
      port.postMessage(replyTo(message.type));
      return;
    }
    const { scope } = message.data;
    const relay = () => relayRequest(this.#runtime, scope, port);
    if (this.#isLaunched) relay();
    // Lite mounts everything again when it is told that the program has run, which is at once.
    // Nobody waits any more for what the first mount asked for.
    else this.#held.set(scope.path, relay);
  }

  /** The page owns the worker; unmounting the front end leaves it running. */
  terminate() {}
}

/**
 * Lite speaks ASGI's own event names, with headers as bytes.
 * @param {AppRuntime} runtime
 * @param {AsgiScope} scope
 * @param {MessagePort} port to Lite
 */
function relayRequest(runtime, scope, port) {
  const app = runtime.request({
    method: scope.method,
    path: scope.path,
    // Lite has percent-decoded it; ASGI wants it encoded.
    query: encodeURI(scope.query_string),
    headers: [...scope.headers, ["host", APP_HOST]],
  });
  const toApp = (/** @type {RequestEvent} */ event) => app.postMessage(event);
  port.onmessage = (/** @type {MessageEvent<AsgiReceiveEvent>} */ { data }) => {
    if (data.type === "http.disconnect") {
      toApp({ type: "disconnect" });
      // Lite has all it wants, and leaves its own end open: an open pair is never collected.
      port.close();
    } else toApp({ type: "body", body: data.body ?? null, more: data.more_body ?? false });
  };
  relayResponse(app, port);
}

/** @param {MessagePort} app @param {MessagePort} port to Lite */
function relayResponse(app, port) {
  const toLite = (/** @type {AsgiSendEvent} */ event) => port.postMessage(event);
  const start = (/** @type {number} */ status, /** @type {[string, string][]} */ headers) =>
    toLite({
      type: "http.response.start",
      status,
      headers: headers.map((pair) => pair.map((text) => encoder.encode(text))),
    });
  const send = (/** @type {Uint8Array} */ body, /** @type {boolean} */ more_body) =>
    toLite({ type: "http.response.body", body, more_body });

  let hasStarted = false;
  let isStream = false;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const held = [];
  app.onmessage = async (/** @type {MessageEvent<ResponseEvent>} */ { data }) => {
    if (data.type === "start") {
      hasStarted = true;
      isStream = data.headers.some(
        ([name, value]) => name === "content-type" && value.startsWith("text/event-stream"),
      );
      start(data.status, data.headers);
    } else if (data.type === "chunk") {
      // Lite joins parts by copying all it has for each one, so only events go part by part.
      if (isStream) send(data.body, true);
      else held.push(/** @type {Uint8Array<ArrayBuffer>} */ (data.body));
    } else {
      if (!hasStarted) {
        start(500, [["content-type", "text/plain; charset=utf-8"]]);
        held.push(encoder.encode(data.error ?? ""));
      }
      app.close();
      send(new Uint8Array(await new Blob(held).arrayBuffer()), false);
    }
  };
}
