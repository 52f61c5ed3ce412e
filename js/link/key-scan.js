/**
 * Finds what looks like a key, before a program becomes a link that anybody can read.
 * py/playpage_site/links/key_scan.py is the same in Python; tests/golden/keys.json holds the two
 * together.
 */

/** @import { Program } from "./program.js" */

/** @typedef {{path: string, line: number, what: string}} Finding  never the key itself */

/** What services' keys look like; each shape stands alone, not inside a word. */
const SHAPES = /** @type {[string, RegExp][]} */ ([
  ["an API key (sk-…)", /(?<![\w-])sk-[\w-]{12,}/],
  ["a JSON web token", /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ["a GitHub token", /(?<!\w)(?:gh[pousr]_\w{30,}|github_pat_\w{30,})/],
  ["a Hugging Face token", /(?<!\w)hf_[A-Za-z0-9]{24,}/],
  ["a Google API key", /(?<!\w)AIza[\w-]{30,}/],
  ["an AWS access key", /(?<!\w)AKIA[A-Z0-9]{16}(?!\w)/],
  ["a Slack token", /(?<!\w)xox[abprs]-[\w-]{10,}/],
  ["a private key", /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/],
  ["a password in an address", /:\/\/[^ \t\r/:@"']{1,80}:[^ \t\r/:@"'{]{3,80}@/],
]);

/** A name that says key, and a text that is not empty: `API_KEY = "…"`, `"api_key": "…"`. */
const NAMED = new RegExp(
  String.raw`(?:api_?key|secret|access_?key|auth_?token|access_?token|passw(?:or)?d)\w{0,20}` +
    String.raw`["']?\]?[ \t]{0,20}(?::[ \t]{0,9}str[ \t]{0,9})?[=:][ \t]{0,20}[rbfu]{0,2}` +
    String.raw`(["'])([^"'\n]{1,400})\1`,
  "i",
);

/** What people write where no key is. */
const PLACEHOLDER = new RegExp(
  String.raw`^(?:[.…*_x \t-]*|<.*>|.*\byour\b.*|your.*|\{.*\}|\$.*|none|null|empty|dummy|unused` +
    String.raw`|ollama|no-?key|not-?needed|(?:sk-)?[.…*x]+|[A-Z0-9]*_API_KEY)$`,
  "i",
);

/** Only this much of a line is searched: a longer one is data, and its start is enough. */
const MAX_LINE_CHARS = 5000;

/**
 * @param {Program} program
 * @returns {Finding[]}
 */
export function findSecrets({ files, requirements }) {
  const found = scan("requirements", requirements.join("\n"));
  for (const [path, data] of files) found.push(...scan(path, new TextDecoder().decode(data)));
  return found;
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {Finding[]}
 */
export function scan(path, text) {
  /** @type {Finding[]} */
  const found = [];
  text.split("\n").forEach((whole, index) => {
    const line = whole.slice(0, MAX_LINE_CHARS);
    const [what] = SHAPES.find(([, shape]) => shape.test(line)) ?? [];
    const secret = NAMED.exec(line)?.[2];
    if (what) found.push({ path, line: index + 1, what });
    else if (secret !== undefined && !PLACEHOLDER.test(secret.trim())) {
      found.push({ path, line: index + 1, what: "a text assigned to a name that suggests a key" });
    }
  });
  return found;
}
