/**
 * Gradio-Lite's front end: how it is mounted over our Python instead of its own, and what it says.
 * None of this is promised. Read in @gradio/lite 5.45.0 (the sources are in `lite.js.map`):
 * `js/lite/src/index.ts` and `LiteIndex.svelte`, `js/wasm/src/worker-proxy.ts`,
 * `js/wasm/network/host.ts`, `js/spa/src/Index.svelte`, `js/core/src/i18n.ts`.
 *
 * What is wrong: Lite starts a worker with a Python of its own, by `new Worker(url)` while it is
 * mounted, and offers no way to give it another. The chokepoint is that one call: for its time
 * the name `Worker` means an object of ours. Equivalent because Lite uses nothing of a worker but
 * `postMessage`, `onmessage` and `terminate`.
 *
 * Its scripts also read `localStorage` when they load, which throws where a browser keeps nothing
 * for a page: js/frame/preview.html puts something in its place, before any script.
 */

/** @typedef {{unmount(): void}} GradioController */
/** @typedef {"light" | "dark" | "system"} ThemeMode */

/**
 * What Lite takes for its worker.
 * @typedef {object} LiteWorkerLike
 * @property {((event: {data: any}) => void) | null} onmessage Lite sets it, for output and errors
 *   of the program
 * @property {(message: LiteMessage, ports: MessagePort[]) => void} postMessage with one port, on
 *   which the answer goes
 * @property {() => void} terminate
 *
 * What it sends, as it is mounted here. `code-completion` comes from editors of code in an app;
 * messages about files and requirements only from methods of its controller, which nobody calls.
 * @typedef {(
 *   | {type: "init-env" | "init-app" | "run-python-code" | "code-completion", data: unknown}
 *   | {type: "asgi-request", data: {scope: AsgiScope}}
 * )} LiteMessage
 *
 * @typedef {{type: "reply:success", data: unknown} | {type: "reply:error", error: Error}} LiteReply
 *
 * `query_string` and `path` are percent-decoded.
 * @typedef {{method: string, path: string, query_string: string, headers: [string, string][]}}
 *   AsgiScope
 *
 * On the port of a request, from Lite. It disconnects when it has the whole response.
 * @typedef {(
 *   | {type: "http.request", body?: Uint8Array, more_body?: boolean}
 *   | {type: "http.disconnect"}
 * )} AsgiReceiveEvent
 *
 * On the port of a request, to Lite.
 * @typedef {(
 *   | {type: "http.response.start", status: number, headers: Uint8Array[][]}
 *   | {type: "http.response.body", body: Uint8Array, more_body: boolean}
 * )} AsgiSendEvent
 */

/**
 * The host that Lite's front end knows for its app. gradio makes the addresses of files from
 * the request's; of any other host Lite would ask the network for them.
 */
export const APP_HOST = "lite.local";

/**
 * What Lite is told when it has sent a message other than a request.
 * @param {string} type
 * @returns {LiteReply}
 */
export function replyTo(type) {
  switch (type) {
    // Lite prepares Python and runs the program by these; the page has done so.
    case "init-env":
    case "init-app":
    case "run-python-code":
      return { type: "reply:success", data: null };
    case "code-completion":
      return { type: "reply:success", data: [] };
    default:
      return { type: "reply:error", error: new Error(`This page does not offer "${type}".`) };
  }
}

/**
 * Gradio looks for its words' language in `navigator.language`, and nowhere else, when it is
 * first mounted. It has Chinese by country only.
 * @param {string} language such as zh-Hant
 */
export function setLanguage(language) {
  const value = language
    .replace(/^zh-(hant|hk|mo)\b.*/i, "zh-TW")
    .replace(/^zh(-(hans|sg)\b.*)?$/i, "zh-CN");
  Object.defineProperty(navigator, "language", { value, configurable: true });
}

/**
 * Resolves when the app is rendered; Gradio says so by an event on the element it is mounted in.
 * @param {HTMLElement} target
 * @param {number} limit_ms a front end that has a fault of its own is shown as it is
 * @returns {Promise<void>}
 */
export function whenRendered(target, limit_ms) {
  return new Promise((resolve) => {
    target.addEventListener("render", () => resolve(), { once: true });
    setTimeout(resolve, limit_ms);
  });
}

/**
 * Mounts the front end.
 * @param {HTMLElement} target
 * @param {LiteWorkerLike} worker
 * @param {ThemeMode} themeMode
 * @returns {GradioController}
 */
export function mountLite(target, worker, themeMode) {
  const global = /** @type {any} */ (globalThis);
  const { Worker } = global;
  global.Worker = function () {
    return worker;
  };
  try {
    return global.createGradioApp({
      target,
      code: "",
      requirements: [],
      files: {},
      info: false,
      container: false,
      isEmbed: false,
      initialHeight: "100%",
      eager: true,
      themeMode,
      autoScroll: false,
      controlPageTitle: false,
      appMode: true,
      sharedWorkerMode: false,
      playground: false,
      layout: null,
    });
  } finally {
    global.Worker = Worker;
  }
}
