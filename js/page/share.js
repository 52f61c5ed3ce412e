/** The Share button: a link to the program as it is now. */

import { copyFrom } from "./clipboard.js";
import { make, makeButton } from "./dom.js";
import { findSecrets } from "../link/key-scan.js";
import { lengthVerdict } from "../link/lengths.js";
import { encodeProgram } from "../link/v2.js";
import { ENTRY, ProgramError, RUNTIME } from "../link/program.js";
import { keyFields } from "./share-key.js";

/** @import { Program } from "../link/program.js" */

/**
 * @param {{code: string, entry?: string, files?: Map<string, Uint8Array>,
 *   requirements?: string[], options?: Record<string, string | boolean>}} parts
 * @returns {Program}
 */
export function programOf({ code, entry = ENTRY, files, requirements = [], options = {} }) {
  const all = new Map([[entry, new TextEncoder().encode(code)], ...(files ?? [])]);
  return { files: all, entry, requirements, options, runtime: RUNTIME };
}

/**
 * Shows the link, or why there is none.
 * @param {Program} program
 */
export async function share(program) {
  const link = await linkOrReason(program);
  if (document.getElementById("share-dialog")) return; // pressed twice
  const dialog = make("dialog", "dialog share");
  dialog.id = "share-dialog";
  const title = make("h2", "card-title", link.address ? "A link to this program" : "Not shared");
  title.id = "share-title";
  const sentence = make("p", "card-text", link.reason);
  sentence.id = "share-text";
  sentence.role = "status"; // it changes when a key is added
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.setAttribute("aria-describedby", sentence.id);
  const head = make("div", "dialog-head");
  head.append(
    title,
    makeButton("Close", "small", () => dialog.close()),
  );
  dialog.append(head, sentence);
  dialog.addEventListener("close", () => dialog.remove()); // and with it, what was typed
  document.body.append(dialog);
  dialog.showModal();
  if (link.address) showLink(dialog, sentence, link.address);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} sentence
 * @param {string} address
 */
function showLink(dialog, sentence, address) {
  const row = make("div", "notice-raw");
  const box = make("textarea", "");
  box.readOnly = true;
  box.setAttribute("aria-label", "Link to this program");
  const copy = makeButton("Copy", "small primary", () => void copyFrom(copy, box.value));
  row.append(box, copy);
  const show = (/** @type {string} */ link, /** @type {string} */ about) => {
    const verdict = lengthVerdict(link.length);
    box.value = link;
    sentence.textContent = `${about}${link.length.toLocaleString("en")} characters, ${verdict}.`;
  };
  show(address, "");
  const key = keyFields((sealed, isLocked) => {
    const about = isLocked
      ? "It holds your key, locked by the passphrase. "
      : "It holds your key, and whoever sees the link can read it. ";
    show(`${address}&key=${sealed}`, about);
    copy.focus(); // not copied by itself: it is a secret now
  });
  dialog.append(row, key);
  box.select();
  box.scrollTop = 0;
  void copyFrom(copy, address);
}

/**
 * @param {Program} program
 * @returns {Promise<{address: string, reason: string}>}  one of them is empty
 */
async function linkOrReason(program) {
  const secrets = findSecrets(program);
  if (secrets.length > 0) {
    const where = secrets.map(({ path, line, what }) => `${path}, line ${line}: ${what}`);
    const reason =
      `The program holds what looks like a key. ${where.slice(0, 5).join("; ")}.\n\n` +
      "Whoever has the link could read and use it. Take it out, and let the reader type a key " +
      'into a field of the app (a Textbox with type="password"). To hand out a key that you can ' +
      "revoke, take it out too: Share then offers a field for it.";
    return { address: "", reason };
  }
  try {
    const fragment = await encodeProgram(program);
    return { address: `${location.origin}${location.pathname}#${fragment}`, reason: "" };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { address: "", reason: `This program cannot be put into a link: ${error.message}.` };
  }
}
