/** The running app, in a frame of its own: Gradio's style sheets and scripts stay in there. */

import { diagnose } from "./diagnose.js";
import { isOpaque, language } from "./embedded.js";
import { openFrame } from "../common/files.js";
import { connectFrame } from "./remote-frame.js";

/** @import { AppFrame, Draft, Theme } from "../frame/protocol.js" */
/** @import { Runtime } from "../runtime/runtime.js" */

/**
 * @typedef {object} Listener
 * @property {(height: number) => void} onHeight of the app, in pixels
 * @property {() => void} onUsable an app is shown and can be used
 * @property {(reason: string) => void} onRefused no app can be shown; another site's rules forbid it
 */

export class Preview {
  #iframe;
  #runtime;
  #listener;
  /** @type {Theme} */
  #theme = null;
  /** Resolves when the frame's document has loaded. @type {Promise<void>} */
  #loaded;
  /** Where the page may not look into the frame: the connection to it.
   * @type {Promise<AppFrame | undefined> | undefined} */
  #remote;

  /**
   * @param {HTMLIFrameElement} iframe
   * @param {Runtime} runtime
   * @param {Listener} listener
   */
  constructor(iframe, runtime, listener) {
    this.#iframe = iframe;
    this.#runtime = runtime;
    this.#listener = listener;
    this.#loaded = load(iframe);
    void this.#prepare();
  }

  /** Shows the app that the runtime has launched. */
  async show() {
    const { onUsable, onRefused } = this.#listener;
    try {
      await (await this.#frame()).show(this.#runtime, this.#theme, language);
      onUsable();
    } catch (error) {
      const reason = await diagnose();
      if (reason) onRefused(reason);
      const summary = `The app could not be shown: ${/** @type {Error} */ (error).message}`;
      this.#runtime.reportError({ summary, traceback: "" });
    }
  }

  /** @param {Theme} theme */
  async setTheme(theme) {
    this.#theme = theme;
    (await this.#current())?.setTheme(theme);
  }

  /** Takes the app away. */
  async clear() {
    (await this.#current())?.clear();
    await this.#prepare();
  }

  /**
   * Gives the app's message box what was typed before.
   * @param {Draft} draft
   * @returns {boolean} false: there is no such box
   */
  handOver(draft) {
    return appFrameOf(this.#iframe)?.takeDraft(draft) ?? false;
  }

  async #prepare() {
    const appFrame = await this.#current();
    if (!appFrame) return;
    appFrame.onHeight = this.#listener.onHeight;
    appFrame.prepare(this.#runtime, this.#theme, language);
  }

  /** @returns {Promise<AppFrame>} */
  async #frame() {
    if (!(await this.#current())) {
      this.#remote = undefined;
      this.#loaded = load(this.#iframe); // an app's script can lead it away
    }
    const appFrame = await this.#current();
    if (!appFrame) throw new Error("the front end’s files could not be loaded. Reload the page");
    return appFrame;
  }

  /** Nothing, where the frame shows another page or its scripts did not arrive. */
  async #current() {
    await this.#loaded;
    if (!isOpaque) return appFrameOf(this.#iframe);
    const frame = /** @type {Window} */ (this.#iframe.contentWindow);
    const { onHeight } = this.#listener;
    return (this.#remote ??= connectFrame(frame, this.#runtime, onHeight).catch(() => undefined));
  }
}

/** @param {HTMLIFrameElement} iframe @returns {Promise<void>} */
function load(iframe) {
  openFrame(iframe);
  return new Promise((resolve) => {
    iframe.addEventListener("load", () => resolve(), { once: true });
  });
}

/** @param {HTMLIFrameElement} iframe @returns {AppFrame | undefined} */
function appFrameOf(iframe) {
  try {
    return /** @type {any} */ (iframe.contentWindow).appFrame;
  } catch {
    return undefined; // a page of another origin
  }
}
