/** What can be wrong with a link. py/playpage_site/links/errors.py is the same in Python. */

/**
 * @typedef {"code" | "reqs" | "v2" | "url" | "key"} Part  of a link
 * @typedef {("illegal-character" | "bad-length" | "too-long" | "unknown-version" | "damaged"
 *   | "cut-short" | "too-large" | "bad-program" | "unknown-runtime" | "not-loaded")} Problem
 */

/** A part of the link that cannot be read. `message` is a sentence for the reader. */
export class LinkError extends Error {
  /**
   * @param {Part} part
   * @param {Problem} problem
   * @param {string} message
   * @param {string} raw  the part as it stands in the link, nothing decoded
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
