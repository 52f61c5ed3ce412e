/**
 * The message box of a chat's page before the chat is there: it can be typed into from the first
 * paint, and what was typed goes into the app's own box, and out, once that is up.
 */

import { byId, make, makeButton } from "./dom.js";

/** @import { Draft } from "../frame/protocol.js" */

/** Calls that make a chat. A wrong guess from the text costs a box that goes away. */
const CHAT = /\b(ChatInterface|Chatbot|AssistantChat)\s*\(/;
const TITLE = /\btitle\s*=\s*(?:"([^"\n]{1,80})"|'([^'\n]{1,80})'|([A-Z_]+)\b)/i;

const WAITING = "You can start typing. The app is starting.";
const QUEUED = "Your message is sent as soon as the app is ready. You can still change it.";
const KEPT = "The app did not start. Your text is kept while this page is open.";

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
    // A word that is still being put together cannot be moved to another box.
    this.#box.addEventListener("compositionstart", () => (this.#isComposing = true));
    this.#box.addEventListener("compositionend", () => (this.#isComposing = false));
  }

  /** Offers the box while a program starts, if it looks like a chat. @param {string} code */
  offer(code) {
    this.#isHandedOver = false;
    this.#form.hidden = !CHAT.test(code);
    byId("composer-title", HTMLElement).textContent = titleOf(code);
    this.#note.textContent = this.#isQueued ? QUEUED : WAITING;
  }

  /** There is no app: keeps only what was typed, to be copied, or sent after another try. */
  giveUp() {
    this.#form.hidden = this.#form.hidden || !this.#box.value;
    this.#note.textContent = KEPT;
  }

  /** Resolves when no word is being put together in an input method. */
  async whenComposed() {
    if (!this.#isComposing) return;
    await new Promise((resolve) => {
      this.#box.addEventListener("compositionend", resolve, { once: true });
    });
  }

  /**
   * Gives the app's message box what was typed, to be sent if the reader has done so.
   * @param {(draft: Draft) => boolean} give false: the app has no message box
   */
  handOver(give) {
    if (this.#isHandedOver) return;
    this.#isHandedOver = true;
    const { value: text, selectionStart, selectionEnd } = this.#box;
    const hasFocus = document.activeElement === this.#box;
    if (hasFocus) this.#box.blur(); // the app's frame takes the focus from nobody
    const isQueued = this.#isQueued;
    const isTaken = give({ text, selectionStart, selectionEnd, hasFocus, isQueued });
    if (text && !isTaken) keep(text);
    this.#isQueued = false;
    this.#box.value = "";
    this.#form.hidden = true;
  }
}

/** @param {string} code */
function titleOf(code) {
  const [, double, single, name] = TITLE.exec(code) ?? [];
  if (!name) return double ?? single ?? "";
  const text = `(?:"([^"\\n]*)"|'([^'\\n]*)')`;
  const constant = new RegExp(`^${name}\\s*(?::\\s*str\\s*)?=\\s*${text}`, "m");
  const [, first, second] = constant.exec(code) ?? [];
  return first ?? second ?? "";
}

/** For an app that has no message box after all. @param {string} text */
function keep(text) {
  const notice = make("div", "notice");
  notice.role = "alert";
  const head = make("div", "notice-head");
  const sentence = make("p", "", "The app has no message box. You had typed:");
  head.append(
    sentence,
    makeButton("Dismiss", "small", () => notice.remove()),
  );
  const typed = make("p", "notice-typed", text);
  notice.append(head, typed);
  byId("notices", HTMLElement).append(notice);
}
