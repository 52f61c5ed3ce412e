/** The page: reads the link, boots Python, and wires the panes together. */

import { copyFrom } from "./clipboard.js";
import { Code } from "./code.js";
import { Composer } from "./composer.js";
import { Console } from "./console.js";
import example from "./default.py";
import { diagnose, watchRefusals } from "./diagnose.js";
import { byId } from "./dom.js";
import * as embedded from "./embedded.js";
import { Errors } from "./errors.js";
import { askForKey } from "./key-dialog.js";
import { setUpLayout } from "./layout.js";
import { MAX_PART_CHARS } from "../link/base64.js";
import { LinkError } from "../link/errors.js";
import { isLocked, openKey, takeKey } from "../link/key.js";
import { openLink } from "../link/open.js";
import { showLinkError } from "./notice.js";
import { createPreview } from "./preview.js";
import { Runtime } from "../runtime/runtime.js";
import { Session } from "../runtime/session.js";
import { programOf, share } from "./share.js";
import { Stage } from "./stage.js";
import { setUpTabs } from "./tabs.js";
import { setUpTheme } from "./theme.js";

const STARTING = { label: "Starting Python", done: 0, total: 0 };

/** A page that was made for one program holds what a link to it would. */
const program = document.querySelector("meta[name=playpage-program]")?.getAttribute("content");
const address = program ?? location.href;
const sealedKey = takeKey(); // first of all: it is in the address bar no longer than it must
const runtime = new Runtime();
watchRefusals(runtime);
const stage = new Stage();
if (!program && /[#&]url=/.test(location.hash)) {
  // The program takes a while to come: Python does not wait for it.
  runtime.start(example).catch(() => {});
  stage.showProgress({ label: "Loading the program", done: 0, total: 0 });
}
performance.mark("playpage:opening");
const link = await openLink(address);
embedded.show(link.options);
// As a desktop tells a program.
runtime.environment = { LANG: `${embedded.language.replaceAll("-", "_")}.UTF-8` };
// Before anything else: booting takes the longest, and the program says what it will need.
runtime.start(link.code ?? example).catch(() => {}); // the session tells the reader

const output = new Console();
const errors = new Errors();
const layout = setUpLayout();
const composer = new Composer();
const app = byId("app", HTMLIFrameElement);
const preview = createPreview(app, runtime, {
  onHeight: embedded.tellHeight,
  onRefused(reason) {
    composer.rest();
    stage.showMessage("The app could not be shown", reason);
  },
  async onShown() {
    await composer.settled();
    if (session.phase !== "idle") return; // run or restarted meanwhile
    stage.showApp();
    composer.handOver(app.contentDocument);
    stage.say("The app is ready.");
    performance.mark("playpage:usable");
    void code.loadEditor();
  },
});
setUpTheme((theme) => void preview.setTheme(theme), embedded.theme);

const runButton = byId("run", HTMLButtonElement);
const stopButton = byId("stop", HTMLButtonElement);
const state = byId("state", HTMLElement);
const source = byId("source", HTMLElement);

let edited = false;
const code = new Code(link.code ?? example, () => {
  if (edited) return;
  edited = true;
  source.textContent += ", edited";
  // Only now: a page that nobody typed into closes without a question.
  addEventListener("beforeunload", (event) => event.preventDefault());
});
offerComposer();
if (!program) source.textContent = link.source;
showRequirements(link.requirements);
link.errors.forEach(showLinkError);

const selectOutput = setUpTabs(byId("outputs", HTMLElement), (id) => {
  byId("console", HTMLElement).hidden = id !== "tab-console";
  byId("errors", HTMLElement).hidden = id !== "tab-errors";
});
selectOutput("tab-console");

const session = new Session(
  runtime,
  () => ({ code: code.text, requirements: link.requirements, files: link.files }),
  {
    onPhase(phase) {
      const words = { booting: "Starting", running: "Running", idle: "Ready", failed: "Failed" };
      state.textContent = words[phase];
      state.dataset.state = phase;
      runButton.setAttribute("aria-disabled", String(phase === "running"));
      stopButton.setAttribute("aria-disabled", String(phase === "booting"));
      stopButton.textContent = phase === "running" ? "Stop" : "Restart";
      if (phase === "booting") {
        void preview.clear(""); // what it shows has lost its Python
        stage.showProgress(STARTING);
        offerComposer();
      }
    },
    onBegin() {
      void preview.clear(""); // else it would go on asking, and the new app answer
      output.clear();
      errors.clear();
      selectOutput("tab-console");
      stage.showProgress({ label: "Running the program", done: 0, total: 0 });
    },
    onEnd(kind) {
      if (kind === "app") {
        stage.showProgress({ label: "Showing the app", done: 0, total: 0 });
      } else {
        void preview.clear("");
        void code.loadEditor();
        if (kind === "error") showProgramFailed();
        else showScriptDone();
      }
    },
    onStopped() {
      void code.loadEditor();
      stage.showMessage("Stopped", "Press Run to start the program again.");
    },
    async onFailed(reason, hadStarted) {
      const message = (hadStarted ? null : await diagnose()) ?? reason;
      void preview.clear("");
      void code.loadEditor();
      composer.rest();
      stage.showMessage(hadStarted ? "Python has stopped" : "Starting up failed", message, [
        { text: hadStarted ? "Restart" : "Try again", act: () => void session.restart() },
      ]);
    },
  },
);

runtime.addEventListener("progress", (event) => {
  const progress = /** @type {CustomEvent} */ (event).detail;
  // What is fetched when the app is up does not concern the reader.
  if (session.phase !== "booting" && session.phase !== "running") return;
  if (!stage.showsMessage) stage.showProgress(progress);
});
runtime.addEventListener("output", (event) => {
  const { stream, text } = /** @type {CustomEvent} */ (event).detail;
  output.write(stream, text);
});
runtime.addEventListener("error", (event) => {
  const { summary, traceback } = /** @type {CustomEvent} */ (event).detail;
  errors.add(summary, traceback);
  selectOutput("tab-errors");
  layout.markNews();
});

function run() {
  if (session.phase === "booting") stage.showProgress(STARTING); // "Stopped" no longer holds
  void session.run();
}
runButton.addEventListener("click", run);
stopButton.addEventListener("click", () => {
  if (session.phase === "running") session.stop();
  else void session.restart();
});
// A page that was made for one program opens no link, and may lie on a disk.
byId("share", HTMLButtonElement).hidden = Boolean(program);
byId("share", HTMLButtonElement).addEventListener("click", async () => {
  await share(programOf({ ...link, code: code.text }));
});
// A link for this page that is opened from within it changes nothing but the fragment.
addEventListener("hashchange", async () => {
  // A page cannot be loaded by an address that is longer.
  if (location.href.length < MAX_PART_CHARS) location.reload();
  else (await openLink(location.href)).errors.forEach(showLinkError);
});
// Caught on the way down, before the editor takes it for a new line.
addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) run();
  },
  { capture: true },
);
if (/Mac|iPhone|iPad/.test(navigator.platform)) byId("run-keys", HTMLElement).textContent = "⌘ ↵";

const consoleShown = () => !byId("console", HTMLElement).hidden;
const copyButton = byId("copy-output", HTMLButtonElement);
copyButton.addEventListener("click", () => {
  void copyFrom(copyButton, consoleShown() ? output.text() : errors.text());
});
byId("clear-output", HTMLButtonElement).addEventListener("click", () => {
  (consoleShown() ? output : errors).clear();
});

// The editor is large: it comes when the program has run, or when the reader turns to the code,
// or when that takes long; not while Python comes over a slow line.
let isDownloading = false;
runtime.addEventListener("progress", (event) => {
  isDownloading = /** @type {CustomEvent} */ (event).detail.stage === "download";
});
setTimeout(() => isDownloading || void code.loadEditor(), 2500);
for (const event of ["focusin", "pointerenter"]) {
  byId("code-pane", HTMLElement).addEventListener(event, () => void code.loadEditor(), { once: true });
}
if (sealedKey !== null) await takeOutKey(sealedKey);
// A link's program runs by itself, as it always did. It has the rights of this page's origin.
run();

/** @param {string} sealed */
async function takeOutKey(sealed) {
  try {
    const key = await (isLocked(sealed) ? askForKey(sealed) : openKey(sealed));
    if (key !== null) runtime.environment.OPENAI_API_KEY = key;
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    showLinkError(error);
  }
}

/** A box whose words can be handed over: not to a frame that has another origin. */
function offerComposer() {
  if (!embedded.isOpaque) composer.offer(code.text);
}

/** @param {string[]} requirements */
function showRequirements(requirements) {
  if (requirements.length === 0) return;
  const line = byId("requirements", HTMLElement);
  line.textContent = `Packages from the link: ${requirements.slice(0, 50).join(", ")}`;
  line.title = line.textContent;
  line.hidden = false;
}

function showProgramFailed() {
  stage.showMessage("The program stopped with an error", "The traceback is under Errors.", [
    {
      text: "Show the error",
      act() {
        layout.show("output");
        selectOutput("tab-errors");
        byId("errors", HTMLElement).focus();
      },
    },
  ]);
}

function showScriptDone() {
  const text = "It ran to its end. What it printed is in the console.";
  stage.showMessage("This program has no app", text, [
    {
      text: "Show the console",
      act() {
        layout.show("output");
        selectOutput("tab-console");
        byId("console", HTMLElement).focus();
      },
    },
  ]);
}
