/** Part of the Share dialog: a key that goes out with the link, on purpose. */

import { make } from "./dom.js";
import { MAX_KEY_CHARS, canLock, sealKey } from "../link/key.js";

/**
 * @param {(sealed: string, isLocked: boolean) => void} onSealed  with what goes after `key=`
 * @returns {HTMLElement}
 */
export function keyFields(onSealed) {
  const details = make("details", "share-key");
  const form = make("form", "");
  const warning =
    "Everybody who opens the link can use this key, at your cost, and the program can read it. " +
    "Hand out only a key that you can revoke. It is not kept in this browser.";
  const key = field("Key", "The program finds it as OPENAI_API_KEY in its environment.");
  key.box.required = true;
  const how = canLock()
    ? "Locks the key. Send it separately from the link. Without a passphrase, whoever sees the " +
      "link can read the key."
    : "A key can be locked only in a page loaded over https. Whoever sees the link can read " +
      "the key.";
  const passphrase = field("Passphrase (optional)", how);
  passphrase.box.disabled = !canLock();
  const sure = make("label", "dialog-check");
  const check = make("input", "");
  check.type = "checkbox";
  check.required = true;
  sure.append(check, "I can revoke this key");
  const problem = make("p", "dialog-problem");
  problem.role = "alert";
  const add = make("button", "button", "Put the key into the link");
  form.append(make("p", "share-warning", warning), key.label, passphrase.label, sure, problem, add);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const secret = key.box.value.trim();
    problem.textContent = "";
    if (!secret) problem.textContent = "Type the key.";
    // A field with a length limit would cut it off without a word.
    else if (secret.length > MAX_KEY_CHARS) problem.textContent = "That is too long for a key.";
    if (problem.textContent || add.disabled) return;
    add.disabled = true; // locking takes a moment, on purpose
    try {
      const words = passphrase.box.value.trim() || null;
      const sealed = await sealKey(secret, words);
      form.reset();
      onSealed(sealed, words !== null);
    } finally {
      add.disabled = false;
    }
  });
  details.append(make("summary", "", "Include a key"), form);
  return details;
}

/**
 * @param {string} name
 * @param {string} note
 */
function field(name, note) {
  const label = make("label", "dialog-field", name);
  const box = make("input", "");
  box.type = "password";
  box.autocomplete = "off";
  box.spellcheck = false;
  const about = make("span", "dialog-note", note);
  about.id = `share-${name.replace(/ .*/, "").toLowerCase()}-note`;
  box.setAttribute("aria-label", name); // the note is read after it, not as its name
  box.setAttribute("aria-describedby", about.id);
  label.append(box, about);
  return { label, box };
}
