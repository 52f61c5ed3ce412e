/** The Share button: a link to the program as it is now. */

import { copyFrom } from "./clipboard.js";
import { byId, make, makeButton } from "./dom.js";
import { findSecrets } from "./key-scan.js";
import { encodeProgram } from "./link-v2.js";
import { ENTRY, ProgramError, RUNTIME } from "./program.js";

/** @import { Program } from "./program.js" */

/** Characters that a link may have for most tools, and what comes in between. */
const LENGTHS = /** @type {[number, string][]} */ ([
  [2000, "short enough for any tool"],
  [8000, "too long for some: a Discord message takes 2,000, a Telegram message 4,096"],
  [32000, "too long for most chat tools; a wiki page takes it"],
  [Infinity, "too long for chat tools and for pasting into an address bar; a wiki page takes it"],
]);

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
  document.getElementById("share-notice")?.remove();
  const notice = make("div", "notice");
  notice.id = "share-notice";
  notice.role = "status";
  byId("notices", HTMLElement).append(notice); // first: a live region tells what changes in it
  const head = make("div", "notice-head");
  const sentence = make("p", "");
  head.append(sentence, makeButton("Dismiss", "small", () => notice.remove()));
  const secrets = findSecrets(program);
  if (secrets.length > 0) {
    const where = secrets.map(({ path, line, what }) => `${path}, line ${line}: ${what}`);
    sentence.append(
      make("strong", "", "Not shared: the program holds what looks like a key."),
      ` ${where.slice(0, 5).join("; ")}. Whoever has the link could read and use it. Take it out, ` +
        "and let the reader type a key into a field of the app (a Textbox with type=\"password\").",
    );
    notice.append(head);
    return;
  }
  try {
    const link = `${location.origin}${location.pathname}#${await encodeProgram(program)}`;
    const [, fits] = LENGTHS.find(([limit]) => link.length <= limit) ?? LENGTHS[0];
    sentence.append(
      make("strong", "", "A link to this program"),
      `: ${link.length.toLocaleString("en")} characters, ${fits}.`,
    );
    const raw = make("div", "notice-raw");
    const box = make("textarea", "");
    box.readOnly = true;
    box.setAttribute("aria-label", "Link to this program");
    box.value = link;
    const copy = makeButton("Copy", "small", () => void copyFrom(copy, link));
    raw.append(box, copy);
    notice.append(head, raw);
    box.select();
    void copyFrom(copy, link);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    sentence.append(make("strong", "", "Not shared:"), ` ${error.message}.`);
    notice.append(head);
  }
}
