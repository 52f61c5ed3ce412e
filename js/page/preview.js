/** The running app, in a frame of its own: Gradio's style sheets and scripts stay in there. */

import { diagnose } from "./diagnose.js";
import { isOpaque, language } from "./embedded.js";
import { openFrame } from "../common/files.js";
import { connectFrame } from "./preview-remote.js";

/** @typedef {"light" | "dark" | null} Theme null follows the system */
/** @typedef {import("../frame/preview-frame.js").AppFrame} AppFrame */

/**
 * @param {HTMLIFrameElement} iframe
 * @param {import("../runtime/runtime.js").Runtime} runtime
 * @param {{theme?: Theme, onShown?: () => void, onHeight?: (height: number) => void, onRefused?: (reason: string) => void}} [options]
 *   onShown: an app can be used; onRefused: none can, by another's rules
 */
export function createPreview(iframe, runtime, options = {}) {
  let { theme = null } = options;
  const { onShown = () => {}, onHeight = () => {}, onRefused = () => {} } = options;
  let loaded = load(iframe);
  /** Where the page may not look into the frame. @type {Promise<AppFrame | undefined> | undefined} */
  let remote;
  const current = async () => {
    await loaded;
    if (!isOpaque) return appFrameOf(iframe);
    const frame = /** @type {Window} */ (iframe.contentWindow);
    return (remote ??= connectFrame(frame, runtime, onHeight).catch(() => undefined));
  };
  const prepare = async () => {
    const appFrame = await current();
    if (appFrame) appFrame.onHeight = onHeight;
    appFrame?.prepare(runtime, theme, language);
  };
  void prepare();

  /** @returns {Promise<AppFrame>} */
  async function frame() {
    if (!(await current())) {
      remote = undefined;
      loaded = load(iframe); // an app's script can lead it away
    }
    const appFrame = await current();
    if (!appFrame) throw new Error("the files of the front end did not arrive. Reload the page");
    return appFrame;
  }

  runtime.addEventListener("result", async (event) => {
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    if (kind !== "app") return;
    try {
      await (await frame()).show(runtime, theme, language);
      onShown();
    } catch (error) {
      const reason = await diagnose();
      if (reason) onRefused(reason);
      const summary = `The app could not be shown: ${/** @type {Error} */ (error).message}`;
      runtime.dispatchEvent(new CustomEvent("error", { detail: { summary, traceback: "" } }));
    }
  });

  return {
    /** @param {Theme} next */
    async setTheme(next) {
      theme = next;
      (await current())?.setTheme(next);
    },
    /** Take the app away. @param {string} message shown in its place */
    async clear(message) {
      (await current())?.clear(message);
      await prepare();
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
