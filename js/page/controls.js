/** Run and Stop or Restart, in the header and by key, and the word beside them. */

import { byId } from "./dom.js";
import { STARTING } from "./stage.js";

/** @import { Code } from "./code.js" */
/** @import { Phase, Program, Runtime } from "../runtime/runtime.js" */
/** @import { Stage } from "./stage.js" */

const WORDS = { booting: "Starting", running: "Running", idle: "Ready", failed: "Failed" };

/**
 * @param {Runtime} runtime
 * @param {{read: () => Program, panes: {stage: Stage, code: Code}}} options  read: the program as
 *   it is now
 * @returns {() => void} runs the program, as soon as Python is there
 */
export function setUpControls(runtime, { read, panes: { stage, code } }) {
  const runButton = byId("run", HTMLButtonElement);
  const stopButton = byId("stop", HTMLButtonElement);
  const state = byId("state", HTMLElement);

  const run = () => {
    if (runtime.phase === "booting") stage.showProgress(STARTING); // "Stopped" no longer holds
    runtime.run(read);
  };
  runButton.addEventListener("click", run);
  stopButton.addEventListener("click", () => {
    const { phase } = runtime;
    if (phase === "booting") return;
    runtime.restart();
    if (phase === "running") {
      void code.loadEditor();
      stage.showMessage("Stopped", "Press Run to start the program again.");
    } else run();
  });
  setUpKeys(run);

  runtime.on("phase", showPhase);
  if (runtime.phase !== "booting") showPhase(runtime.phase);
  return run;

  /** @param {Phase} phase */
  function showPhase(phase) {
    state.textContent = WORDS[phase];
    state.dataset.state = phase;
    runButton.setAttribute("aria-disabled", String(phase === "running"));
    stopButton.setAttribute("aria-disabled", String(phase === "booting"));
    stopButton.textContent = phase === "running" ? "Stop" : "Restart";
  }
}

/** @param {() => void} run */
function setUpKeys(run) {
  addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) run();
    },
    { capture: true }, // on the way down, before the editor takes it for a new line
  );
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    byId("run-keys", HTMLElement).textContent = "⌘ ↵";
  }
}
