/**
 * The program's text: in a plain text box at first, in the editor once that has loaded.
 * What was typed until then, the selection and the focus are carried over.
 */

import { byId } from "./dom.js";

/** @import { Editor } from "../editor/editor.js" */

export class Code {
  #box = byId("code", HTMLTextAreaElement);
  #host = byId("editor", HTMLElement);
  /** @type {Editor | null} */
  #editor = null;
  /** @type {Promise<void> | undefined} */
  #loading;
  /** @type {() => void} */
  #onEdit;

  /**
   * @param {string} text
   * @param {() => void} onEdit  the reader has changed the text
   */
  constructor(text, onEdit) {
    this.#onEdit = onEdit;
    this.#box.value = text;
    this.#box.setSelectionRange(0, 0);
    this.#box.addEventListener("input", onEdit);
  }

  get text() {
    return this.#editor?.text ?? this.#box.value;
  }

  /** Loads the editor, once. Where it cannot be had the text box serves. */
  loadEditor() {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load() {
    try {
      const { createEditor } = await import("../editor/editor.js");
      const box = this.#box;
      const focused = document.activeElement === box;
      this.#editor = createEditor({
        parent: this.#host,
        text: box.value,
        selection: { anchor: box.selectionStart, head: box.selectionEnd },
        onEdit: this.#onEdit,
      });
      this.#editor.scrollTo(box.scrollTop);
      box.remove();
      if (focused) this.#editor.focus();
    } catch (error) {
      console.error("the editor could not be loaded; the text box stays", error);
    }
  }
}
