/**
 * Why a start failed, where another site's rules are the reason: a content-security policy, or the
 * sandbox of a frame. Browsers tell in events what they have refused; these are kept. More is tried
 * out only when a start has failed.
 */

import { root } from "../common/files.js";

/** @import { Refusal } from "../worker/protocol.js" */
/** @import { Runtime } from "../runtime/runtime.js" */

/** @type {Refusal[]} */
const refusals = [];

/** The shortest WebAssembly module: magic number and version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** @param {Runtime} runtime reports what was refused to its worker */
export function watchRefusals(runtime) {
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.disposition !== "enforce") return;
    refusals.push({ directive: event.effectiveDirective, blocked: event.blockedURI });
  });
  runtime.on("refused", (refusal) => refusals.push(refusal));
}

/**
 * A sentence for the reader that names what to ask for; null when no rule is known to be the
 * reason.
 * @returns {Promise<string | null>}
 */
export async function diagnose() {
  const lacks = /** @type {Set<string>} */ (new Set());
  for (const refusal of refusals) {
    const lack = sourceFor(refusal);
    if (lack) lacks.add(lack);
  }
  if (typeof WebAssembly === "undefined") return null; // another sentence says so
  const compiled = await WebAssembly.compile(EMPTY_MODULE).catch((error) => error);
  if (compiled instanceof Error) lacks.add("script-src 'wasm-unsafe-eval'");
  if (lacks.size > 0) {
    return (
      "A content-security policy forbids what this page needs. Ask the administrator of " +
      `${root.host} to add this to the header Content-Security-Policy: ${policyOf([...lacks])}`
    );
  }
  if (self.origin === "null" && root.protocol !== "file:") return OPAQUE;
  return null;
}

/**
 * A directive's sources together: of two directives with one name browsers take the first.
 * @param {string[]} lacks
 */
function policyOf(lacks) {
  /** @type {Map<string, string[]>} */
  const sources = new Map();
  for (const lack of lacks) {
    const [name = "", source = ""] = lack.split(" ");
    sources.set(name, [...(sources.get(name) ?? []), source]);
  }
  return [...sources].map(([name, all]) => `${name} ${all.join(" ")}`).join("; ");
}

const OPAQUE =
  "This page is in a sandboxed frame. Ask the administrator of the surrounding page to add " +
  "“allow-same-origin” to the frame’s sandbox attribute, or the administrator of " +
  `${root.host} to send the header Access-Control-Allow-Origin: *`;

/** @param {Refusal} refusal @returns {string | null} null: a start does not need it */
function sourceFor({ directive, blocked }) {
  if (/^wasm-eval/.test(blocked)) return "script-src 'wasm-unsafe-eval'";
  if (blocked === "inline" || blocked === "eval" || directive === "style-src-elem") return null;
  const source = sourceOf(blocked);
  const name = directive.replace(/-(elem|attr)$/, "");
  if (!/^(script|worker|connect|frame|child)-src$/.test(name)) return null;
  // Other addresses are the program's own calls. The decoder of packs comes from a data: address.
  if (name === "connect-src" && source !== "'self'" && source !== "data:") return null;
  return `${name} ${source}`;
}

/** @param {string} blocked an address, or its scheme alone */
function sourceOf(blocked) {
  if (/^(data|blob)\b/.test(blocked)) return `${blocked.slice(0, 4)}:`;
  const site = self.origin === "null" ? root.origin : "'self'";
  try {
    const { origin } = new URL(blocked, root);
    return origin === root.origin ? site : origin;
  } catch {
    return site;
  }
}
