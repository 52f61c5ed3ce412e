/** What the panes show while Python starts, a program runs, has run, or fails. */

import { diagnose } from "./diagnose.js";
import { isOpaque } from "./embedded.js";
import { STARTING } from "./stage.js";

/** @import { Code } from "./code.js" */
/** @import { Composer } from "./composer.js" */
/** @import { OutputPane } from "./output-pane.js" */
/** @import { Preview } from "./preview.js" */
/** @import { Failure, Phase, Runtime } from "../runtime/runtime.js" */
/** @import { Stage } from "./stage.js" */

/**
 * @typedef {object} Panes
 * @property {Stage} stage
 * @property {OutputPane} output
 * @property {Composer} composer
 * @property {Code} code
 * @property {Preview} preview
 */

/**
 * @param {Runtime} runtime
 * @param {Panes} panes
 * @param {() => void} run
 */
export function followRuntime(runtime, { stage, output, composer, code, preview }, run) {
  runtime.on("phase", onPhase);
  runtime.on("failed", (failure) => void onFailed(failure));
  runtime.on("end", (kind) => {
    if (kind === "app") {
      stage.showProgress({ label: "Showing the app", done: 0, total: 0 });
      void preview.show();
      return;
    }
    void preview.clear();
    void code.loadEditor();
    if (kind === "error") showProgramFailed();
    else showScriptDone();
  });
  runtime.on("progress", (progress) => {
    // What is fetched when the app is up does not concern the reader.
    if (runtime.phase !== "booting" && runtime.phase !== "running") return;
    if (!stage.showsMessage) stage.showProgress(progress);
  });
  runtime.on("output", (text) => output.write(text));
  runtime.on("error", (error) => output.addError(error));
  // It may have failed while the link was being read.
  if (runtime.failure) void onFailed(runtime.failure);

  /** @param {Phase} phase */
  function onPhase(phase) {
    if (phase === "booting") {
      void preview.clear(); // what it shows has lost its Python
      stage.showProgress(STARTING);
      // A message box whose words can be handed over: not to a frame that has another origin.
      if (!isOpaque) composer.offer(code.text);
    } else if (phase === "running") {
      void preview.clear(); // the old app's front end would go on asking, and the new app answer
      output.clear();
      stage.showProgress({ label: "Running the program", done: 0, total: 0 });
    }
  }

  /** @param {Failure} failure */
  async function onFailed({ reason, hadStarted }) {
    const message = (hadStarted ? null : await diagnose()) ?? reason;
    void preview.clear();
    void code.loadEditor();
    composer.giveUp();
    const restart = () => {
      runtime.restart();
      run();
    };
    stage.showMessage(hadStarted ? "Python has stopped" : "The start failed", message, [
      { text: hadStarted ? "Restart" : "Try again", act: restart },
    ]);
  }

  function showProgramFailed() {
    stage.showMessage("The program stopped with an error", "The traceback is under Errors.", [
      { text: "Show the error", act: () => output.show("errors") },
    ]);
  }

  function showScriptDone() {
    const text = "It has finished. Its output is in the console.";
    stage.showMessage("This program has no app", text, [
      { text: "Show the console", act: () => output.show("console") },
    ]);
  }
}
