/** The running app, in a frame of its own: Gradio's style sheets and scripts stay in there. */

/** @typedef {"light" | "dark" | null} Theme null follows the system */
/** @typedef {import("./preview-frame.js").AppFrame} AppFrame */

/**
 * @param {HTMLIFrameElement} iframe
 * @param {import("./runtime.js").Runtime} runtime
 * @param {{theme?: Theme}} [options]
 */
export function createPreview(iframe, runtime, { theme = null } = {}) {
  const loaded = new Promise((resolve) => {
    iframe.addEventListener("load", () => resolve(undefined), { once: true });
  });
  iframe.src = new URL("../preview.html", import.meta.url).href;

  /** @returns {Promise<AppFrame>} */
  async function frame() {
    await loaded;
    return /** @type {any} */ (iframe.contentWindow).appFrame;
  }

  runtime.addEventListener("result", async (event) => {
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    if (kind === "app") (await frame()).show(runtime, theme);
  });

  return {
    /** @param {Theme} next */
    async setTheme(next) {
      theme = next;
      (await frame()).setTheme(next);
    },
    /** Take the app away. @param {string} message shown in its place */
    async clear(message) {
      (await frame()).clear(message);
    },
  };
}
