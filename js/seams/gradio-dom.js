/**
 * Gradio's document: the classes, roles and elements of its front end that we look for, and how
 * its message box is filled. None of them is promised. Read in @gradio/lite 5.45.0:
 * `dist/assets/Textbox-*.js` and the `Index-*.js` of the multimodal text box (the message box) and
 * of the chatbot (the log, and buttons inside a button).
 *
 * What is wrong: buttons that are pictures have no name, a chat takes the focus from the reader,
 * and Gradio has no interface to its elements from outside. Where something here has moved, nothing
 * breaks: a button stays without a name, and a typed message is kept in the page.
 */

/** Buttons of the message box that are pictures, by what they do. */
export const BUTTONS = {
  send: ".submit-button",
  stop: ".stop-button",
  upload: ".upload-button",
};

/** The messages of a chat. */
export const LOG = '[role="log"]';

/** A button without a name inside one that has one: pressed, the outer does the same. */
export const NESTED_BUTTON = '[role="button"] button';

/**
 * The message box of a chat and its Send button.
 * @returns {{box: HTMLTextAreaElement, send: HTMLButtonElement} | null}
 */
export function findMessageBox() {
  const send = document.querySelector(`button${BUTTONS.send}`);
  const box = send?.parentElement?.querySelector("textarea");
  return box ? { box, send: /** @type {HTMLButtonElement} */ (send) } : null;
}

/**
 * Svelte takes a text box's value from the event "input", not from the property.
 * @param {HTMLTextAreaElement} box
 * @param {string} text
 */
export function fillMessageBox(box, text) {
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * A chat's message box focuses itself when an answer has come; the chokepoint is the method that
 * all of Gradio's elements are focused by.
 * @param {() => boolean} isUnwanted is asked each time
 */
export function preventFocus(isUnwanted) {
  const { focus } = HTMLElement.prototype;
  HTMLElement.prototype.focus = function (options) {
    if (!isUnwanted()) focus.call(this, options);
  };
}
