/** The running app, in a frame of its own: Gradio's style sheets and scripts stay in there. */

import { openFrame } from "./files.js";

/** @typedef {"light" | "dark" | null} Theme null follows the system */
/** @typedef {import("./preview-frame.js").AppFrame} AppFrame */

/**
 * @param {HTMLIFrameElement} iframe
 * @param {import("./runtime.js").Runtime} runtime
 * @param {{theme?: Theme, onShown?: () => void}} [options] onShown: an app can be used
 */
export function createPreview(iframe, runtime, { theme = null, onShown = () => {} } = {}) {
  let loaded = load(iframe);
  const prepare = () => appFrameOf(iframe)?.prepare(runtime, theme);
  void loaded.then(prepare);

  /** @returns {Promise<AppFrame>} */
  async function frame() {
    await loaded;
    if (!appFrameOf(iframe)) await (loaded = load(iframe)); // an app's script can lead it away
    const appFrame = appFrameOf(iframe);
    if (!appFrame) throw new Error("the files of the front end did not arrive. Reload the page");
    return appFrame;
  }

  runtime.addEventListener("result", async (event) => {
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    if (kind !== "app") return;
    try {
      await (await frame()).show(runtime, theme);
      onShown();
    } catch (error) {
      const summary = `The app could not be shown: ${/** @type {Error} */ (error).message}`;
      runtime.dispatchEvent(new CustomEvent("error", { detail: { summary, traceback: "" } }));
    }
  });

  return {
    /** @param {Theme} next */
    async setTheme(next) {
      theme = next;
      await loaded;
      appFrameOf(iframe)?.setTheme(next);
    },
    /** Take the app away. @param {string} message shown in its place */
    async clear(message) {
      await loaded;
      appFrameOf(iframe)?.clear(message);
      prepare();
    },
  };
}

/** @param {HTMLIFrameElement} iframe @returns {Promise<void>} */
function load(iframe) {
  openFrame(iframe);
  return new Promise((resolve) => {
    iframe.addEventListener("load", () => resolve(), { once: true });
  });
}

/**
 * Nothing, where the frame shows another page or its scripts did not arrive.
 * @param {HTMLIFrameElement} iframe
 * @returns {AppFrame | undefined}
 */
function appFrameOf(iframe) {
  try {
    return /** @type {any} */ (iframe.contentWindow).appFrame;
  } catch {
    return undefined; // a page of another origin
  }
}
