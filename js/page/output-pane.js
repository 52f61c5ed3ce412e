/** The output pane: console and errors as two tabs, to be copied and cleared. */

import { copyFrom } from "./clipboard.js";
import { Console } from "./console.js";
import { byId } from "./dom.js";
import { Errors } from "./errors.js";
import { setUpTabs } from "./tabs.js";

/** @import { Layout } from "./layout.js" */
/** @import { Output, ProgramError } from "../worker/protocol.js" */

/** @typedef {"console" | "errors"} Tab */

export class OutputPane {
  #console = new Console();
  #errors = new Errors();
  #layout;
  #selectTab;

  /** @param {Layout} layout */
  constructor(layout) {
    this.#layout = layout;
    this.#selectTab = setUpTabs(byId("outputs", HTMLElement), (id) => {
      byId("console", HTMLElement).hidden = id !== "tab-console";
      byId("errors", HTMLElement).hidden = id !== "tab-errors";
    });
    this.#select("console");
    const copyButton = byId("copy-output", HTMLButtonElement);
    copyButton.addEventListener("click", () => void copyFrom(copyButton, this.#selected.text()));
    byId("clear-output", HTMLButtonElement).addEventListener("click", () => this.#selected.clear());
  }

  get #selected() {
    return byId("console", HTMLElement).hidden ? this.#errors : this.#console;
  }

  /** @param {Output} output */
  write({ stream, text }) {
    this.#console.write(stream, text);
  }

  /** Adds an error, and shows its tab. @param {ProgramError} error */
  addError({ summary, traceback }) {
    this.#errors.add(summary, traceback);
    this.#select("errors");
    this.#layout.markNews();
  }

  /** Empties both, for a new run. */
  clear() {
    this.#console.clear();
    this.#errors.clear();
    this.#select("console");
  }

  /** Brings a tab to the reader. @param {Tab} tab */
  show(tab) {
    this.#layout.show("output");
    this.#select(tab);
    byId(tab, HTMLElement).focus();
  }

  /** @param {Tab} tab */
  #select(tab) {
    this.#selectTab(`tab-${tab}`);
  }
}
