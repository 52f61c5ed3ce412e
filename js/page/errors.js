/** The error pane: what went wrong in a sentence, the Python traceback below it. */

import { copyFrom } from "./clipboard.js";
import { byId, make, makeButton } from "./dom.js";

/** Errors kept. The oldest go first. */
const MAX_ERRORS = 30;
/** Characters of a traceback that are shown; its end says what happened. */
const MAX_TRACEBACK_CHARS = 100_000;

export class Errors {
  #list = byId("error-list", HTMLElement);
  #badge = byId("error-count", HTMLElement);
  #total = 0;
  #last = "";

  /**
   * Adds an error on top. One that repeats the last is only counted.
   * @param {string} summary
   * @param {string} traceback  may be empty
   */
  add(summary, traceback) {
    this.#total += 1;
    this.#count();
    const key = `${summary}\n${traceback}`;
    if (key === this.#last && this.#list.firstElementChild) {
      const times = /** @type {HTMLElement} */ (this.#list.querySelector(".count"));
      times.hidden = false;
      times.textContent = `${Number(times.dataset.times) + 1} times`;
      times.dataset.times = String(Number(times.dataset.times) + 1);
      return;
    }
    this.#last = key;
    this.#list.prepend(entry(summary, traceback));
    while (this.#list.childElementCount > MAX_ERRORS) this.#list.lastElementChild?.remove();
  }

  clear() {
    this.#list.replaceChildren();
    this.#total = 0;
    this.#last = "";
    this.#count();
  }

  /** All errors that are kept, as plain text. */
  text() {
    const parts = this.#list.querySelectorAll(".error-summary, pre");
    return [...parts].map((part) => part.textContent).join("\n\n");
  }

  #count() {
    this.#badge.hidden = this.#total === 0;
    this.#badge.textContent = this.#total > 99 ? "99+" : String(this.#total);
  }
}

/**
 * @param {string} summary
 * @param {string} traceback
 */
function entry(summary, traceback) {
  const article = make("article", "error");
  const head = make("div", "error-head");
  const times = make("span", "count");
  times.hidden = true;
  times.dataset.times = "1";
  const whole = traceback || summary;
  const button = makeButton("Copy", "small", () => void copyFrom(button, whole));
  button.setAttribute("aria-label", "Copy this error");
  head.append(make("p", "error-summary", summary), times, button);
  article.append(head);
  if (traceback) {
    const cut = traceback.length > MAX_TRACEBACK_CHARS;
    const shown = cut ? `…${traceback.slice(-MAX_TRACEBACK_CHARS)}` : traceback;
    article.append(make("pre", "traceback", shown.trimEnd()));
  }
  return article;
}
