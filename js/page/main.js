/**
 * The page, which the reader trusts: reads the link, starts Python, and wires the panes together.
 * This room may import from js/runtime/, js/link/, js/editor/ and js/common/, and types of
 * js/frame/ and js/worker/'s protocols.
 */

import { Code } from "./code.js";
import { setUpControls } from "./controls.js";
import { Composer } from "./composer.js";
import example from "./default.py";
import { watchRefusals } from "./diagnose.js";
import { byId } from "./dom.js";
import * as embedded from "./embedded.js";
import { followRuntime } from "./follow-runtime.js";
import { askForKey } from "./key-dialog.js";
import { setUpLayout } from "./layout.js";
import { MAX_PART_CHARS } from "../link/base64.js";
import { LinkError } from "../link/errors.js";
import { isLocked, openKey, takeKey } from "../link/key.js";
import { openLink } from "../link/open.js";
import { showLinkError } from "./notice.js";
import { OutputPane } from "./output-pane.js";
import { Preview } from "./preview.js";
import { Runtime } from "../runtime/runtime.js";
import { programOf, share } from "./share.js";
import { markEdited, showRequirements, showSource } from "./source.js";
import { Stage } from "./stage.js";
import { setUpTheme } from "./theme.js";

/** @typedef {Awaited<ReturnType<typeof openLink>>} Link */

/** A page that was made for one program holds what a link to it would. */
const ownProgram = document.querySelector("meta[name=playpage-program]")?.getAttribute("content");

/** How long the editor waits for a program that has not come up yet. */
const EDITOR_MS = 2500;

void main();

async function main() {
  const sealedKey = takeKey(); // first of all: it is in the address bar no longer than it must
  const runtime = new Runtime();
  watchRefusals(runtime);
  const stage = new Stage();
  const link = await readLink(runtime, stage);
  embedded.show(link.options);
  // As a desktop tells a program.
  runtime.environment = { LANG: `${embedded.language.replaceAll("-", "_")}.UTF-8` };
  // Before the panes: booting takes the longest, and the program says what it will need.
  runtime.start(link.code ?? example);

  const output = new OutputPane(setUpLayout());
  const composer = new Composer();
  const code = new Code(link.code ?? example, markEdited);
  const preview = createPreview(runtime, { stage, composer, code });
  setUpTheme((theme) => void preview.setTheme(theme), embedded.theme);
  if (!embedded.isOpaque) composer.offer(code.text);
  showLink(link);
  setUpShare(() => programOf({ ...link, code: code.text }));
  watchAddress();

  const run = setUpControls(runtime, {
    read: () => ({ code: code.text, requirements: link.requirements, files: link.files }),
    panes: { stage, code },
  });
  followRuntime(runtime, { stage, output, composer, code, preview }, run);
  loadEditorInTime(runtime, code);

  if (sealedKey !== null) await unsealKey(sealedKey, runtime);
  // A link's program runs by itself, as it always did. It has the rights of this page's origin.
  if (runtime.phase !== "failed") run();
}

/** @param {Runtime} runtime @param {Stage} stage */
async function readLink(runtime, stage) {
  if (!ownProgram && /[#&]url=/.test(location.hash)) {
    // The program takes a while to come: Python does not wait for it.
    runtime.start(example);
    stage.showProgress({ label: "Loading the program", done: 0, total: 0 });
  }
  performance.mark("playpage:opening");
  return openLink(ownProgram ?? location.href);
}

/** @param {Link} link */
function showLink({ source, requirements, errors }) {
  if (!ownProgram) showSource(source);
  showRequirements(requirements);
  errors.forEach(showLinkError);
}

/**
 * @param {Runtime} runtime
 * @param {{stage: Stage, composer: Composer, code: Code}} panes
 */
function createPreview(runtime, { stage, composer, code }) {
  const preview = new Preview(byId("app", HTMLIFrameElement), runtime, {
    onHeight: embedded.tellHeight,
    onRefused(reason) {
      composer.giveUp();
      stage.showMessage("The app could not be shown", reason);
    },
    async onUsable() {
      await composer.whenComposed();
      if (runtime.phase !== "idle") return; // run or restarted meanwhile
      stage.showApp();
      composer.handOver((draft) => preview.handOver(draft));
      stage.say("The app is ready.");
      performance.mark("playpage:usable");
      void code.loadEditor();
    },
  });
  return preview;
}

/** @param {() => import("../link/program.js").Program} read */
function setUpShare(read) {
  const button = byId("share", HTMLButtonElement);
  // A page that was made for one program opens no link, and may lie on a disk.
  button.hidden = Boolean(ownProgram);
  button.addEventListener("click", () => void share(read()));
}

/** A link for this page that is opened from within it changes nothing but the fragment. */
function watchAddress() {
  addEventListener("hashchange", async () => {
    // A page cannot be loaded by an address that is longer.
    if (location.href.length < MAX_PART_CHARS) location.reload();
    else (await openLink(location.href)).errors.forEach(showLinkError);
  });
}

/**
 * The editor is large: it comes when the program has run, or when the reader turns to the code,
 * or when that takes long; not while Python comes over a slow line.
 * @param {Runtime} runtime
 * @param {Code} code
 */
function loadEditorInTime(runtime, code) {
  let isDownloading = false;
  runtime.on("progress", ({ stage }) => (isDownloading = stage === "download"));
  setTimeout(() => isDownloading || void code.loadEditor(), EDITOR_MS);
  const pane = byId("code-pane", HTMLElement);
  for (const event of ["focusin", "pointerenter"]) {
    pane.addEventListener(event, () => void code.loadEditor(), { once: true });
  }
}

/**
 * @param {string} sealed
 * @param {Runtime} runtime
 */
async function unsealKey(sealed, runtime) {
  try {
    const key = await (isLocked(sealed) ? askForKey(sealed) : openKey(sealed));
    if (key !== null) runtime.environment.OPENAI_API_KEY = key;
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    showLinkError(error);
  }
}
