/**
 * Inside the app's frame: mounts Gradio-Lite's front end over the page's runtime. This room may
 * import from js/seams/ and js/common/, and types of js/worker/'s protocol.
 */

import { preventFocus } from "../seams/gradio-dom.js";
import { mountLite, setLanguage, whenRendered } from "../seams/lite.js";
import { setUpAccess } from "./access.js";
import { setUpLinks } from "./links.js";
import { LiteWorker } from "./lite-worker.js";
import { takeDraft } from "./message-box.js";
import { awaitPage } from "./remote-page.js";

/** @import { AppFrame, AppRuntime, Theme } from "./protocol.js" */
/** @import { GradioController } from "../seams/lite.js" */

/** How long the front end may take to render an app, on a slow machine. */
const RENDER_MS = 15_000;

const target = /** @type {HTMLElement} */ (document.getElementById("gradio"));
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

/** What is mounted. @type {{controller: GradioController, worker: LiteWorker} | undefined} */
let mounted;
/** Of the app that is shown. @type {AppRuntime | undefined} */
let current;
/** @type {Theme} */
let theme = null;

/** @type {AppFrame} */
const appFrame = {
  onHeight() {},

  prepare(runtime, wanted, language) {
    setLanguage(language);
    mounted ??= mount(runtime, wanted);
    appFrame.setTheme(wanted);
  },

  async show(runtime, wanted, language) {
    if (current) appFrame.clear();
    appFrame.prepare(runtime, wanted, language);
    current = runtime;
    const rendered = whenRendered(target, RENDER_MS);
    mounted?.worker.launched();
    await rendered;
  },

  setTheme(wanted) {
    theme = wanted;
    applyTheme();
  },

  clear() {
    mounted?.controller.unmount();
    mounted = current = undefined;
    target.replaceChildren();
  },

  takeDraft,
};

/** @type {any} */ (globalThis).appFrame = appFrame;
awaitPage(appFrame);
new ResizeObserver(() => appFrame.onHeight(target.scrollHeight)).observe(target);

/** Is the reader at work in the page around this frame? */
function isReaderElsewhere() {
  try {
    const { activeElement, body } = parent.document;
    return activeElement !== null && activeElement !== frameElement && activeElement !== body;
  } catch {
    return !document.hasFocus(); // a page that this frame may not look into
  }
}

darkSystem.addEventListener("change", applyTheme);
applyTheme();

setUpLinks(() => current);
setUpAccess(target);
// What the reader types into the editor must not end up in the chat.
preventFocus(isReaderElsewhere);

/** Gradio's style sheets look for this class on the body. */
function applyTheme() {
  document.body.classList.toggle("dark", theme ? theme === "dark" : darkSystem.matches);
}

/**
 * @param {AppRuntime} runtime
 * @param {Theme} wanted
 */
function mount(runtime, wanted) {
  const worker = new LiteWorker(runtime);
  return { controller: mountLite(target, worker, wanted ?? "system"), worker };
}
