/** Inside the app's frame: mounts Gradio-Lite's front end over the page's runtime. */

import { setUpAccess } from "./access.js";
import { setUpLinks } from "./links.js";
import { LiteWorker } from "./lite-worker.js";
import { awaitPage } from "../page/preview-remote.js";

/** @typedef {import("../page/preview.js").Theme} Theme */
/** @typedef {import("../runtime/runtime.js").Runtime} Runtime */
/** @typedef {{unmount(): void}} GradioController */

/** How long the front end may take to render an app, on a slow machine. */
const RENDER_MS = 15_000;

const target = /** @type {HTMLElement} */ (document.getElementById("gradio"));
const notice = /** @type {HTMLElement} */ (document.getElementById("notice"));
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

/** What is mounted. @type {{controller: GradioController, worker: LiteWorker} | undefined} */
let mounted;
/** @type {Runtime | undefined} */
let shown;
/** @type {Theme} */
let theme = null;

export const appFrame = {
  /** Told how high the app is, in pixels, when that changes. @param {number} _ */
  onHeight(_) {},

  /**
   * Mount the front end before there is an app: most of its work needs none.
   * @param {Runtime} runtime
   * @param {Theme} wanted
   * @param {string} language of Gradio's own words, such as zh-TW, if it has that one
   */
  prepare(runtime, wanted, language) {
    // All that it looks at, when it is first mounted; it has Chinese by country only.
    const value = language
      .replace(/^zh-(hant|hk|mo)\b.*/i, "zh-TW")
      .replace(/^zh(-(hans|sg)\b.*)?$/i, "zh-CN");
    Object.defineProperty(navigator, "language", { value, configurable: true });
    mounted ??= mount(runtime, wanted);
    appFrame.setTheme(wanted);
  },

  /**
   * Show the app that the runtime has launched, anew after each run.
   * @param {Runtime} runtime
   * @param {Theme} wanted
   * @param {string} language
   * @returns {Promise<void>} resolves when it is there to be used
   */
  async show(runtime, wanted, language) {
    if (shown) appFrame.clear("");
    appFrame.prepare(runtime, wanted, language);
    shown = runtime;
    const rendered = new Promise((resolve) => {
      target.addEventListener("render", resolve, { once: true });
      // A front end that has a fault of its own is shown as it is.
      setTimeout(resolve, RENDER_MS);
    });
    mounted?.worker.launched();
    await rendered;
  },

  /** @param {Theme} wanted */
  setTheme(wanted) {
    theme = wanted;
    applyTheme();
  },

  /** @param {string} message */
  clear(message) {
    mounted?.controller.unmount();
    mounted = shown = undefined;
    target.replaceChildren();
    notice.textContent = message;
    notice.hidden = !message;
  },
};

/** @typedef {typeof appFrame} AppFrame */

/** @type {any} */ (globalThis).appFrame = appFrame;
awaitPage(appFrame);
new ResizeObserver(() => appFrame.onHeight(target.scrollHeight)).observe(target);

/**
 * A gradio chat focuses its message box when an answer has come. It may, unless the reader is
 * at work elsewhere in the page: what they type into the editor must not end up in the chat.
 */
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function (options) {
  if (!isReaderElsewhere()) focus.call(this, options);
};

function isReaderElsewhere() {
  try {
    const busyWith = parent.document.activeElement;
    return busyWith && busyWith !== frameElement && busyWith !== parent.document.body;
  } catch {
    return !document.hasFocus(); // a page that this frame may not look into
  }
}

darkSystem.addEventListener("change", applyTheme);
applyTheme();

setUpLinks(() => shown);
setUpAccess(target);

/** Gradio's style sheets look for this class on the body. */
function applyTheme() {
  document.body.classList.toggle("dark", theme ? theme === "dark" : darkSystem.matches);
}

/**
 * Lite makes its worker while it is mounted, with `new Worker(url)`, and offers no other
 * way to give it one: for this one call, the name means ours.
 * @param {Runtime} runtime
 * @param {Theme} themeMode
 */
function mount(runtime, themeMode) {
  const global = /** @type {any} */ (globalThis);
  const { Worker } = global;
  const worker = new LiteWorker(runtime);
  global.Worker = function () {
    return worker;
  };
  try {
    const controller = global.createGradioApp({
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
    return { controller, worker };
  } finally {
    global.Worker = Worker;
  }
}
