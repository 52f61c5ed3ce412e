/** Inside the app's frame: mounts Gradio-Lite's front end over the page's runtime. */

import { setUpLinks } from "./app-links.js";
import { LiteWorker } from "./lite-worker.js";

/** @typedef {import("./preview.js").Theme} Theme */
/** @typedef {import("./runtime.js").Runtime} Runtime */
/** @typedef {{unmount(): void}} GradioController */

const target = /** @type {HTMLElement} */ (document.getElementById("gradio"));
const notice = /** @type {HTMLElement} */ (document.getElementById("notice"));
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

/** @type {GradioController | undefined} */
let controller;
/** @type {Runtime | undefined} */
let shown;
/** @type {Theme} */
let theme = null;

export const appFrame = {
  /**
   * Show the app that the runtime has launched, anew after each run.
   * @param {Runtime} runtime
   * @param {Theme} wanted
   */
  show(runtime, wanted) {
    appFrame.clear("");
    shown = runtime;
    controller = mount(runtime, wanted);
    appFrame.setTheme(wanted);
  },

  /** @param {Theme} wanted */
  setTheme(wanted) {
    theme = wanted;
    applyTheme();
  },

  /** @param {string} message */
  clear(message) {
    controller?.unmount();
    controller = undefined;
    target.replaceChildren();
    notice.textContent = message;
    notice.hidden = !message;
  },
};

/** @typedef {typeof appFrame} AppFrame */

/** @type {any} */ (globalThis).appFrame = appFrame;

/**
 * A gradio chat focuses its message box when an answer has come. It may, unless the reader is
 * at work elsewhere in the page: what they type into the editor must not end up in the chat.
 */
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function (options) {
  const busyWith = parent.document.activeElement;
  const elsewhere = busyWith && busyWith !== frameElement && busyWith !== parent.document.body;
  if (!elsewhere) focus.call(this, options);
};

darkSystem.addEventListener("change", applyTheme);
applyTheme();

setUpLinks(() => shown);

/** Gradio's style sheets look for this class on the body. */
function applyTheme() {
  document.body.classList.toggle("dark", theme ? theme === "dark" : darkSystem.matches);
}

/**
 * Lite makes its worker while it is mounted, with `new Worker(url)`, and offers no other
 * way to give it one: for this one call, the name means ours.
 * @param {Runtime} runtime
 * @param {Theme} themeMode
 * @returns {GradioController}
 */
function mount(runtime, themeMode) {
  const global = /** @type {any} */ (globalThis);
  const { Worker } = global;
  global.Worker = function () {
    return new LiteWorker(runtime);
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
      themeMode: themeMode ?? "system",
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
