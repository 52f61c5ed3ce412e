/**
 * Base64 as links carry it. py/playpage_site/links/base64.py is the same in Python; tests/golden/
 * holds the two together.
 */

import { LinkError } from "./errors.js";

/** @import { Part } from "./errors.js" */

/** Longest part that is decoded, in characters: as long as a URL in Chromium. */
export const MAX_PART_CHARS = 2 * 1024 * 1024;

/** Percent escapes, also those that a mail or chat tool has escaped again (`%252B`). */
const ESCAPE = /%(?:25){0,3}([0-9A-Fa-f]{2})/g;
/** Not base64 (either alphabet): a space is a `+`, and folded lines are harmless. */
const FOREIGN = /[^A-Za-z0-9+/_\- \t\r\n]/;
/** Where a foreign character may stand in text that is still escaped. */
const SUSPECT = /%(?:25){0,3}([0-9A-Fa-f]{2})|[^A-Za-z0-9+/_\- \t\r\n]/gu;

/**
 * The text with all percent escapes decoded, one character a byte.
 * @param {string} text
 */
export function undoEscapes(text) {
  return text.replace(ESCAPE, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/**
 * Decodes base64 that may have come through a mail or chat tool: of either alphabet, escaped,
 * folded into lines, with spaces for `+`, and with any padding or none.
 * @param {Part} part  of the link, for the error
 * @param {string} raw  the part as it stands in the link
 * @returns {string}  one character a byte
 * @throws {LinkError}
 */
export function decodeBase64(part, raw) {
  if (raw.length > MAX_PART_CHARS) {
    const message = `it is ${raw.length} characters long; the limit is ${MAX_PART_CHARS}`;
    throw new LinkError(part, "too-long", message, raw);
  }
  const body = withoutPadding(undoEscapes(raw).replace(/[\t\r\n]/g, ""));
  if (FOREIGN.test(body)) throw foreignCharacter(part, raw);
  if (body.length % 4 === 1) {
    const message =
      `it has ${body.length} base64 characters, a length that encoded text cannot have: ` +
      "the link was cut short or lost a character";
    throw new LinkError(part, "bad-length", message, raw);
  }
  return atob(body.replace(/[ -]/g, "+").replace(/_/g, "/"));
}

/**
 * Cuts the `=` at the end, however many, and spaces among and after them. A loop,
 * because a regular expression tied to the end takes quadratic time on `====…x`.
 * @param {string} text
 */
function withoutPadding(text) {
  let end = text.length;
  while (end > 0 && (text[end - 1] === "=" || text[end - 1] === " ")) end -= 1;
  const padding = text.indexOf("=", end);
  return padding === -1 ? text : text.slice(0, padding);
}

/**
 * @param {Part} part
 * @param {string} raw
 */
function foreignCharacter(part, raw) {
  for (const found of raw.matchAll(SUSPECT)) {
    const character = found[1] ? String.fromCharCode(parseInt(found[1], 16)) : found[0];
    if (!FOREIGN.test(character)) continue;
    const name = nameOf(character);
    const message = `character ${found.index + 1} is ${name}, which is not a base64 character`;
    return new LinkError(part, "illegal-character", message, raw, found.index);
  }
  throw new Error("no foreign character found"); // the caller has seen one
}

/**
 * Visible ASCII as it is, anything else by its number.
 * @param {string} character
 */
function nameOf(character) {
  const point = /** @type {number} */ (character.codePointAt(0));
  if (point > 0x20 && point < 0x7f) return `“${character}”`;
  return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}
