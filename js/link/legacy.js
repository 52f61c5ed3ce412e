/**
 * Reads the links of the old Gradio playground: `?demo=NAME&code=BASE64&reqs=BASE64`.
 *
 * Three producers wrote them, and disagree: Latin-1 base64 with `+` escaped, UTF-8
 * base64 with everything escaped, and raw base64 whose `+` a form decoder turns into a
 * space. So the query is cut by hand (`URLSearchParams` would lose every raw `+`), a
 * space counts as `+`, padding is optional, and text is strict UTF-8 or else Latin-1.
 * `py/playpage_site/links/legacy.py` is the same in Python; tests/golden/ holds the two together.
 */

import { bytesOf } from "../common/bytes.js";

/** Longest `code`, `reqs` or `v2` that is looked at, in characters: as long as a URL in Chromium. */
export const MAX_PART_CHARS = 2 * 1024 * 1024;

/** Percent escapes, also those that a mail or chat tool has escaped again (`%252B`). */
const ESCAPE = /%(?:25){0,3}([0-9A-Fa-f]{2})/g;
/** Not base64 (either alphabet): the space is a `+`, and folded lines are harmless. */
const FOREIGN = /[^A-Za-z0-9+/_\- \t\r\n]/;
/** Where a foreign character may stand in the undecoded text. */
const SUSPECT = /%(?:25){0,3}([0-9A-Fa-f]{2})|[^A-Za-z0-9+/_\- \t\r\n]/gu;

/**
 * @typedef {"code" | "reqs" | "v2" | "url" | "key"} Part
 * @typedef {("illegal-character" | "bad-length" | "too-long" | "unknown-version" | "damaged"
 *   | "cut-short" | "too-large" | "bad-program" | "unknown-runtime" | "not-loaded")} Problem
 * @typedef {object} Link
 * @property {string | null} demo  name of the demo, not used to find code
 * @property {string | null} code  program; null when the link holds none, or a broken one
 * @property {string[]} requirements  one requirement each
 * @property {LinkError[]} errors  at most one a part
 */

/** A part of the link that cannot be read. `message` is a sentence for the reader. */
export class LinkError extends Error {
  /**
   * @param {Part} part
   * @param {Problem} problem
   * @param {string} message
   * @param {string} raw  the part as it stands in the link, nothing undone
   * @param {number | null} position  index into `raw` of the first bad character
   */
  constructor(part, problem, message, raw, position = null) {
    super(message);
    this.name = "LinkError";
    this.part = part;
    this.problem = problem;
    this.raw = raw;
    this.position = position;
  }
}

/**
 * Reads a whole link, or a query that starts with `?`. Never throws.
 * @param {string} link
 * @returns {Link}
 */
export function decodeLink(link) {
  const query = queryOf(link);
  /** @type {LinkError[]} */
  const errors = [];
  /** @param {Part} part */
  const read = (part) => {
    const raw = parameter(query, part);
    if (!raw) return null;
    try {
      return decodeText(decodeBase64(part, raw));
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      errors.push(error);
      return null;
    }
  };
  const demo = parameter(query, "demo");
  return {
    demo: demo ? undoEscapes(demo) : null,
    code: read("code"),
    requirements: splitRequirements(read("reqs") ?? ""),
    errors,
  };
}

/**
 * What follows the `?`, with a `&` before each parameter. A link that was copied out of
 * a page's source has `&amp;` there.
 * @param {string} link
 */
function queryOf(link) {
  const hash = link.indexOf("#");
  const address = hash === -1 ? link : link.slice(0, hash);
  const start = address.indexOf("?");
  return start === -1 ? "" : `&${address.slice(start + 1).replaceAll("&amp;", "&")}`;
}

/**
 * The first parameter of that name, as it stands.
 * @param {string} query
 * @param {string} name
 */
function parameter(query, name) {
  let start = query.indexOf(`&${name}=`);
  if (start === -1) return null;
  start += name.length + 2;
  const end = query.indexOf("&", start);
  return end === -1 ? query.slice(start) : query.slice(start, end);
}

/** @param {string} text */
function undoEscapes(text) {
  return text.replace(ESCAPE, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/**
 * The bytes of base64 that was through chat tools, one character a byte.
 * @param {Part} part
 * @param {string} raw
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
      `it has ${body.length} base64 characters, a length that no text has: ` +
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
    const message =
      `character ${found.index + 1} is ${nameOf(character)}, which base64 does not have`;
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

/**
 * Strict UTF-8 (a byte order mark is dropped), else Latin-1, which any bytes are.
 * @param {string} binary  one character a byte
 */
function decodeText(binary) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(binary));
  } catch {
    return binary; // not TextDecoder("latin1"), which is windows-1252
  }
}

/** @param {string} text */
function splitRequirements(text) {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}
