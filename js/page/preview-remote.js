/**
 * The app's frame where a sandbox takes all origins away, so that page and frame cannot reach into
 * each other: the same calls as messages. Here is the page's end and the frame's.
 */

/** @typedef {import("./preview.js").Theme} Theme */
/** @typedef {import("../frame/preview-frame.js").AppFrame} AppFrame */
/** @typedef {import("../runtime/runtime.js").Runtime} Runtime */

/** How long the frame may take to answer, on a slow line. */
const ANSWER_MS = 60_000;

/**
 * In the page: what `appFrame` is elsewhere.
 * @param {Window} frame
 * @param {Runtime} runtime
 * @param {(height: number) => void} onHeight
 * @returns {Promise<AppFrame>} rejects when the frame does not answer
 */
export async function connectFrame(frame, runtime, onHeight) {
  const { port1: port, port2 } = new MessageChannel();
  /** @type {(() => void) | undefined} */
  let shown;
  const answered = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("the app’s frame does not answer")), ANSWER_MS);
    port.onmessage = ({ data, ports }) => {
      if (data.type === "hello") resolve(null);
      else if (data.type === "shown") shown?.();
      else if (data.type === "height") onHeight(data.height);
      else if (data.type === "request") join(ports[0], runtime.request(data.request));
      else if (data.type === "event") {
        runtime.dispatchEvent(new CustomEvent("error", { detail: data.detail }));
      } else if (data.type === "writeFile") void runtime.writeFile(data.path, data.data);
      else if (data.type === "install") void runtime.install(data.requirements);
    };
  });
  frame.postMessage({ playpage: "connect" }, "*", [port2]);
  await answered;
  const send = (/** @type {string} */ call, /** @type {any[]} */ ...args) =>
    port.postMessage({ call, args });
  return {
    onHeight: () => {},
    prepare: (_, theme, language) => send("prepare", theme, language),
    show: (_, theme, language) => {
      send("show", theme, language);
      return new Promise((resolve) => (shown = resolve));
    },
    setTheme: (theme) => send("setTheme", theme),
    clear: (message) => send("clear", message),
  };
}

/** @param {MessagePort} one @param {MessagePort} other */
function join(one, other) {
  one.onmessage = ({ data }) => other.postMessage(data);
  other.onmessage = ({ data }) => {
    one.postMessage(data);
    if (data.type === "end") setTimeout(() => [one, other].forEach((port) => port.close()));
  };
}

/** In the frame: wait for the page's call, and do as it says. @param {AppFrame} appFrame */
export function awaitPage(appFrame) {
  addEventListener("message", ({ data, source, ports: [port] }) => {
    if (source !== parent || data?.playpage !== "connect" || !port) return;
    const send = (/** @type {any} */ message, /** @type {Transferable[]} */ rest = []) =>
      port.postMessage(message, rest);
    const runtime = /** @type {Runtime} */ (
      /** @type {unknown} */ ({
        request(/** @type {any} */ request) {
          const { port1, port2 } = new MessageChannel();
          send({ type: "request", request }, [port2]);
          return port1;
        },
        async install(/** @type {string[]} */ requirements) {
          send({ type: "install", requirements });
        },
        async writeFile(/** @type {string} */ path, /** @type {any} */ data) {
          send({ type: "writeFile", path, data });
        },
        dispatchEvent(/** @type {CustomEvent} */ { detail }) {
          send({ type: "event", detail });
        },
      })
    );
    appFrame.onHeight = (height) => send({ type: "height", height });
    port.onmessage = async ({ data: { call, args } }) => {
      if (call === "prepare") appFrame.prepare(runtime, args[0], args[1]);
      else if (call === "setTheme") appFrame.setTheme(args[0]);
      else if (call === "clear") appFrame.clear(args[0]);
      else if (call === "show") {
        await appFrame.show(runtime, args[0], args[1]);
        send({ type: "shown" });
      }
    };
    send({ type: "hello" });
  });
}
