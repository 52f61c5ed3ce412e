/**
 * The message box of a chat's page before the chat is there: it can be typed into from the first
 * paint, and what was typed goes into the app's own box, and out, once that is up.
 */

import { byId, make, makeButton } from "./dom.js";

/** Calls that make a chat. A guess from the text: a wrong one costs a box that goes away. */
const CHAT = /\b(ChatInterface|Chatbot|AssistantChat)\s*\(/;
const TITLE = /\btitle\s*=\s*(?:"([^"\n]{1,80})"|'([^'\n]{1,80})'|([A-Z_]+)\b)/i;

const WAITING = "You can type already. The app is starting.";
const QUEUED = "Sent as soon as the app is up. Until then it can be changed.";
const KEPT = "The app is not up. What you typed is kept while this page is open.";

export class Composer {
  #form = byId("composer", HTMLFormElement);
  #box = byId("composer-text", HTMLTextAreaElement);
  #note = byId("composer-note", HTMLElement);
  #isQueued = false;
  #isComposing = false;
  #isHandedOver = false;

  constructor() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#box.value.trim()) return;
      this.#isQueued = true;
      this.#note.textContent = QUEUED;
    });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#box.addEventListener("input", () => {
      this.#box.style.height = "auto";
      this.#box.style.height = `${this.#box.scrollHeight + 2}px`;
    });
    // A word that is being put together in an input method belongs to this box until it is done.
    this.#box.addEventListener("compositionstart", () => (this.#isComposing = true));
    this.#box.addEventListener("compositionend", () => (this.#isComposing = false));
  }

  /** Offer the box while a program starts, if it looks like a chat. @param {string} code */
  offer(code) {
    this.#isHandedOver = false;
    this.#form.hidden = !CHAT.test(code);
    byId("composer-title", HTMLElement).textContent = titleOf(code);
    this.#note.textContent = this.#isQueued ? QUEUED : WAITING;
  }

  /** The app does not come: only what was typed stays, to be copied, or sent after another try. */
  rest() {
    this.#form.hidden = this.#form.hidden || !this.#box.value;
    this.#note.textContent = KEPT;
  }

  /** Resolves when nothing is half typed. */
  async settled() {
    if (!this.#isComposing) return;
    await new Promise((resolve) => {
      this.#box.addEventListener("compositionend", resolve, { once: true });
    });
  }

  /**
   * Give the app's message box what was typed, and send it if the reader has done so.
   * @param {Document | null} app the document of the app's frame
   */
  handOver(app) {
    if (this.#isHandedOver) return;
    this.#isHandedOver = true;
    const text = this.#box.value;
    const hadFocus = document.activeElement === this.#box;
    const send = app?.querySelector("button.submit-button");
    const box = send?.parentElement?.querySelector("textarea");
    if (box) fill(box, this.#box, hadFocus);
    else if (text) keep(text);
    if (box && text && this.#isQueued) /** @type {HTMLButtonElement} */ (send).click();
    this.#isQueued = false;
    this.#box.value = "";
    this.#form.hidden = true;
  }
}

/** @param {string} code */
function titleOf(code) {
  const [, double, single, name] = TITLE.exec(code) ?? [];
  if (!name) return double ?? single ?? "";
  const constant = new RegExp(`^${name}\\s*(?::\\s*str\\s*)?=\\s*(?:"([^"\\n]*)"|'([^'\\n]*)')`, "m");
  const [, first, second] = constant.exec(code) ?? [];
  return first ?? second ?? "";
}

/**
 * @param {HTMLTextAreaElement} box the app's
 * @param {HTMLTextAreaElement} from
 * @param {boolean} takesFocus
 */
function fill(box, from, takesFocus) {
  const { value, selectionStart, selectionEnd } = from;
  if (value) {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (!takesFocus) return;
  from.blur(); // the app's frame takes the focus from nobody
  box.focus();
  box.setSelectionRange(selectionStart, selectionEnd);
}

/** The app has no message box after all. @param {string} text */
function keep(text) {
  const notice = make("div", "notice");
  notice.role = "alert";
  const head = make("div", "notice-head");
  const sentence = make("p", "", "The app has no message box. This is what you had typed:");
  head.append(sentence, makeButton("Dismiss", "small", () => notice.remove()));
  const typed = make("p", "notice-typed", text);
  notice.append(head, typed);
  byId("notices", HTMLElement).append(notice);
}
