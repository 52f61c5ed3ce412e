/** A program that a link carries. py/playpage_site/links/program.py is the same in Python. */

export const RUNTIME = "gradio-lite-5";
export const ENTRY = "app.py";
const MAX_PATH_BYTES = 255;

/**
 * A program as a link carries it.
 * @typedef {object} Program
 * @property {Map<string, Uint8Array>} files  by their relative path, with `/`
 * @property {string} entry  path of the one that is run
 * @property {string[]} requirements
 * @property {Record<string, string | boolean>} options
 * @property {string} runtime
 */

/** The program is invalid, or cannot be put into a link. `message` is for its author. */
export class ProgramError extends Error {}

/**
 * @param {{files: Map<string, Uint8Array>, entry: string}} program
 * @throws {ProgramError} unless it is a valid program
 */
export function checkProgram({ files, entry }) {
  checkPaths([...files.keys()]);
  const main = files.get(entry);
  if (!main) throw new ProgramError(`its entry ${quoted(entry)} is not among its files`);
  if (entry.includes("/")) throw new ProgramError(`its entry ${quoted(entry)} is in a folder`);
  if (entry !== ENTRY && files.has(ENTRY)) {
    throw new ProgramError(`its entry runs as ${ENTRY}, but another file has that name`);
  }
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(main);
  } catch {
    throw new ProgramError(`its entry ${quoted(entry)} is not UTF-8 text`);
  }
}

/**
 * @param {string[]} paths
 * @throws {ProgramError} unless all of them can be files of one folder at the same time
 */
export function checkPaths(paths) {
  const known = new Set(paths);
  if (known.size < paths.length) throw new ProgramError("two of its files have the same path");
  for (const path of paths) {
    const parts = path.split("/");
    if (
      /[\x00-\x1f\x7f\\:]/.test(path) ||
      !isText(path) ||
      parts.some((part) => part === "" || part === "." || part === "..") ||
      new TextEncoder().encode(path).length > MAX_PATH_BYTES
    ) {
      throw new ProgramError(`${quoted(path)} is not a path inside the program's folder`);
    }
    if (parts.some((_, i) => i > 0 && known.has(parts.slice(0, i).join("/")))) {
      throw new ProgramError(`${quoted(path)} is below a path that is itself a file`);
    }
  }
}

/**
 * Is it a string without lone surrogates, which no file name and no UTF-8 can hold?
 * @param {unknown} value
 */
export function isText(value) {
  return typeof value === "string" && !/\p{Surrogate}/u.test(value);
}

/** @param {string} path */
function quoted(path) {
  const shown = [...path].slice(0, 80).map((c) => (c >= " " && c <= "~" ? c : "?"));
  return `“${shown.join("")}”`;
}
