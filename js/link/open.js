/**
 * Opens the link that the page was called by, of whatever form: the old playground's, `#v2.…`, or
 * `#url=…`. py/playpage_site/links/opened.py is the same for the command line.
 */

import { LinkError } from "./errors.js";
import { decodeLink } from "./legacy.js";
import { RUNTIME } from "./program.js";
import { fetchCode } from "./url.js";
import { decodeProgram } from "./v2.js";

/** Parts of a fragment that are read; any more are ignored. */
const MAX_PARTS = 100;

/**
 * What a link holds, for the page.
 * @typedef {object} Opened
 * @property {string | null} code  text of the entry; null when there is none, or a broken one
 * @property {string} entry  its path, where it has one of its own
 * @property {Map<string, Uint8Array>} files  all others, by their path
 * @property {string[]} requirements
 * @property {Record<string, string | boolean>} options
 * @property {string} source  where the code is from, in the reader's words
 * @property {LinkError[]} errors
 */

/**
 * What stands after the `#`, cut at each `&`.
 * @typedef {object} Fragment
 * @property {number | null} version  2 of `v2.DATA`
 * @property {string} data
 * @property {Map<string, string>} parameters  the `name=value` parts, as they stand
 */

/**
 * @param {string} href
 * @returns {Fragment}
 */
export function readFragment(href) {
  const hash = href.indexOf("#");
  /** @type {Fragment} */
  const fragment = { version: null, data: "", parameters: new Map() };
  if (hash === -1) return fragment;
  const parts = href
    .slice(hash + 1)
    .replaceAll("&amp;", "&")
    .split("&", MAX_PARTS);
  for (const part of parts) {
    const [, version, data] = /^v(\d{1,9})(?:\.([^]*))?$/.exec(part) ?? [];
    const equals = part.indexOf("=");
    const name = part.slice(0, equals);
    if (version && fragment.version === null) {
      fragment.version = Number(version);
      fragment.data = data ?? "";
    } else if (equals > 0 && !fragment.parameters.has(name)) {
      fragment.parameters.set(name, part.slice(equals + 1));
    }
  }
  return fragment;
}

/**
 * Never rejects: what is wrong with the link is in `errors`.
 * @param {string} href
 * @returns {Promise<Opened>}
 */
export async function openLink(href) {
  const fragment = readFragment(href);
  const address = fragment.parameters.get("url");
  try {
    if (fragment.version !== null) return await openProgram(fragment);
    if (address !== undefined) return await openAddress(address, href);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return { ...NOTHING, errors: [error] };
  }
  const { code, requirements, errors } = decodeLink(href);
  const source = code === null ? NOTHING.source : "Code from the link";
  return { ...NOTHING, code, requirements, source, errors };
}

/** @type {Opened} */
const NOTHING = {
  code: null,
  entry: "app.py",
  files: new Map(),
  requirements: [],
  options: {},
  source: "Example program",
  errors: [],
};

/**
 * @param {Fragment} fragment
 * @returns {Promise<Opened>}
 */
async function openProgram({ version, data }) {
  if (version !== 2) {
    const message =
      `it is in version ${version} of the format, and this playpage reads version 2: ` +
      "open it with a newer one";
    throw new LinkError("v2", "unknown-version", message, data);
  }
  const program = await decodeProgram(data);
  if (program.runtime !== RUNTIME) {
    const message =
      `its program was written for the runtime “${program.runtime.slice(0, 80)}”, ` +
      `and this page has “${RUNTIME}”`;
    throw new LinkError("v2", "unknown-runtime", message, data);
  }
  const files = new Map(program.files);
  files.delete(program.entry);
  const code = new TextDecoder().decode(program.files.get(program.entry));
  const { entry, requirements, options } = program;
  return { code, entry, files, requirements, options, source: "Code from the link", errors: [] };
}

/**
 * @param {string} address  as it stands in the link
 * @param {string} href
 * @returns {Promise<Opened>}
 */
async function openAddress(address, href) {
  const { code, url } = await fetchCode(address, href);
  const { requirements, errors } = decodeLink(href); // `reqs` may stand in the query
  return { ...NOTHING, code, requirements, source: `Code from ${url.host}`, errors };
}
