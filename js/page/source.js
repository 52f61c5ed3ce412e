/** Where the program came from, and the packages that it brings, in words. */

import { byId } from "./dom.js";

/** Packages that are named; a link may bring thousands. */
const MAX_SHOWN = 50;

let isEdited = false;

/** @param {string} source */
export function showSource(source) {
  byId("source", HTMLElement).textContent = source;
}

/** The reader has changed the program. */
export function markEdited() {
  if (isEdited) return;
  isEdited = true;
  byId("source", HTMLElement).textContent += ", edited";
  // Only now: a page that nobody typed into closes without a question.
  addEventListener("beforeunload", (event) => event.preventDefault());
}

/** @param {string[]} requirements of the link */
export function showRequirements(requirements) {
  if (requirements.length === 0) return;
  const line = byId("requirements", HTMLElement);
  line.textContent = `Packages from the link: ${requirements.slice(0, MAX_SHOWN).join(", ")}`;
  line.title = line.textContent;
  line.hidden = false;
}
