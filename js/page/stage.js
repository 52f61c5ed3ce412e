/**
 * What stands in the app's place while there is no app: the progress of the boot, or a
 * message with what to do next.
 */

import { byId, makeButton } from "./dom.js";

/**
 * @typedef {object} Progress
 * @property {string} label  what is being done, for the reader
 * @property {number} done  bytes
 * @property {number} total  bytes, 0 when unknown
 *
 * @typedef {object} Action
 * @property {string} text
 * @property {() => void} act
 */

/** @type {Progress} */
export const STARTING = { label: "Starting Python", done: 0, total: 0 };

export class Stage {
  #iframe = byId("app", HTMLIFrameElement);
  #placard = byId("placard", HTMLElement);
  #progressCard = byId("progress-card", HTMLElement);
  #messageCard = byId("message-card", HTMLElement);
  #bar = byId("progress", HTMLElement);
  #fill = byId("progress-fill", HTMLElement);
  #title = byId("progress-stage", HTMLElement);
  #detail = byId("progress-detail", HTMLElement);
  #announcer = byId("announcer", HTMLElement);

  /** A message stays until the next run; progress does not push it away. */
  get showsMessage() {
    return !this.#placard.hidden && !this.#messageCard.hidden;
  }

  /** Shows the app. */
  showApp() {
    this.#placard.hidden = true;
    this.#iframe.inert = false;
  }

  /** @param {Progress} progress */
  showProgress({ label, done, total }) {
    this.#cover(this.#progressCard);
    if (this.#title.textContent !== label) {
      this.#title.textContent = label;
      this.say(label);
    }
    // With all the bytes there, what goes on is of unknown length.
    const percent = done < total ? Math.floor((done / total) * 100) : null;
    if (percent === null) {
      this.#bar.removeAttribute("aria-valuenow");
      this.#fill.style.width = "";
      this.#detail.textContent = "\u00a0"; // keeps the line's height
    } else {
      this.#bar.setAttribute("aria-valuenow", String(percent));
      this.#fill.style.width = `${percent}%`;
      this.#detail.textContent = `${megabytes(done)} of ${megabytes(total)} MB`;
    }
    this.#bar.setAttribute("aria-valuetext", percent === null ? label : `${label}, ${percent} %`);
  }

  /**
   * @param {string} title
   * @param {string} text
   * @param {Action[]} [actions]
   */
  showMessage(title, text, actions = []) {
    this.#cover(this.#messageCard);
    byId("message-title", HTMLElement).textContent = title;
    byId("message-text", HTMLElement).textContent = text;
    const buttons = actions.map((action) => makeButton(action.text, "", action.act));
    byId("message-actions", HTMLElement).replaceChildren(...buttons);
    this.say(`${title}. ${text}`);
  }

  /**
   * For screen readers: said once, when the reader is not busy.
   * @param {string} text
   */
  say(text) {
    this.#announcer.textContent = text;
  }

  /** @param {HTMLElement} card */
  #cover(card) {
    this.#placard.hidden = false;
    this.#iframe.inert = true; // what cannot be seen cannot be tabbed into
    this.#progressCard.hidden = card !== this.#progressCard;
    this.#messageCard.hidden = card !== this.#messageCard;
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
