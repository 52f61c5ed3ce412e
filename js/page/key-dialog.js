/** Asks for the passphrase of a key that came with the link. */

import { make, makeButton } from "./dom.js";
import { openKey } from "../link/key.js";

/**
 * @param {string} raw  what stands after `key=`
 * @returns {Promise<string | null>}  the key, or null when the reader goes on without
 * @throws {import("../link/errors.js").LinkError}
 */
export function askForKey(raw) {
  const dialog = make("dialog", "dialog");
  const form = make("form", "");
  const title = make("h2", "card-title", "This link contains a key");
  const text = "Its sender locked it with a passphrase. It is kept in this page only.";
  const label = make("label", "dialog-field", "Passphrase ");
  const box = make("input", "");
  box.type = "password";
  box.autocomplete = "off";
  box.required = true;
  label.append(box);
  const problem = make("p", "dialog-problem");
  problem.role = "alert";
  const unlock = make("button", "button primary", "Unlock");
  const actions = make("div", "card-actions");
  actions.append(
    unlock,
    makeButton("Continue without the key", "", () => dialog.close()),
  );
  form.append(title, make("p", "card-text", text), label, problem, actions);
  dialog.append(form);
  dialog.setAttribute("aria-label", title.textContent ?? "");
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(null); // without effect if it was resolved with the key
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      unlock.disabled = true;
      problem.textContent = "";
      try {
        const key = await openKey(raw, box.value);
        if (key !== null) {
          resolve(key);
          dialog.close();
          return;
        }
        problem.textContent = "That passphrase is wrong. Check it and try again.";
        box.select();
      } catch (error) {
        reject(error);
        dialog.close();
      } finally {
        unlock.disabled = false;
      }
    });
  });
}
