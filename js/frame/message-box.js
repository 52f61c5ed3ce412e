/** What the reader has typed before the app was there goes into the app's own message box. */

import { fillMessageBox, findMessageBox } from "../seams/gradio-dom.js";

/** @import { Draft } from "./protocol.js" */

/** @param {Draft} draft @returns {boolean} false: this app has no message box */
export function takeDraft({ text, selectionStart, selectionEnd, hasFocus, isQueued }) {
  const found = findMessageBox();
  if (!found) return false;
  const { box, send } = found;
  if (text) fillMessageBox(box, text);
  if (hasFocus) {
    box.focus();
    box.setSelectionRange(selectionStart, selectionEnd);
  }
  if (text && isQueued) send.click();
  return true;
}
