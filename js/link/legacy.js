/**
 * Reads the links of the old Gradio playground: `?demo=NAME&code=BASE64&reqs=BASE64`.
 *
 * Three producers wrote them, and disagree: Latin-1 base64 with `+` escaped, UTF-8
 * base64 with everything escaped, and raw base64 whose `+` a form decoder turns into a
 * space. So the query is cut by hand (`URLSearchParams` would lose every raw `+`), a
 * space counts as `+`, padding is optional, and text is strict UTF-8 or else Latin-1.
 * py/playpage_site/links/legacy.py is the same in Python; tests/golden/ holds the two together.
 */

import { bytesFromBinary } from "../common/bytes.js";
import { decodeBase64, undoEscapes } from "./base64.js";
import { LinkError } from "./errors.js";

/** @import { Part } from "./errors.js" */

/**
 * @typedef {object} Link
 * @property {string | null} demo  name of the demo, not used to find code
 * @property {string | null} code  program; null when the link holds none, or a broken one
 * @property {string[]} requirements  one requirement each
 * @property {LinkError[]} errors  at most one a part
 */

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

/**
 * Strict UTF-8 (a byte order mark is dropped), else Latin-1, which any bytes are.
 * @param {string} binary  one character a byte
 */
function decodeText(binary) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytesFromBinary(binary));
  } catch {
    return binary; // not TextDecoder("latin1"), which is windows-1252
  }
}

/** @param {string} text */
function splitRequirements(text) {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}
