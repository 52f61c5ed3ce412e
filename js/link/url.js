/** Links of the form `#url=ADDRESS`, which name an address that this page may read. */

import { LinkError } from "./errors.js";

/** The longest program that is loaded, in bytes. */
export const MAX_CODE_BYTES = 2_000_000;
/** How long the server may take, from the request to the last byte. */
const TIMEOUT_MS = 20_000;

/**
 * Loads a program. A relative address is taken from the page's own.
 * @param {string} raw  the address as it stands in the link, escaped
 * @param {string} base  the page's address
 * @returns {Promise<{code: string, url: URL}>}
 * @throws {LinkError}
 */
export async function fetchCode(raw, base) {
  /** @param {string} message @param {import("./errors.js").Problem} [problem] */
  const fail = (message, problem = "not-loaded") => new LinkError("url", problem, message, raw);
  const url = addressOf(raw, base);
  if (!url) throw fail("it is not an http or https address");
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, { referrerPolicy: "no-referrer", signal }).catch(
      async (error) => {
        if (signal.aborted) throw error;
        throw fail(await whyRefused(url, signal));
      },
    );
    if (!response.ok) throw fail(`${url.host} answered ${explainStatus(response.status)}`);
    const bytes = await readAtMost(response, MAX_CODE_BYTES);
    if (!bytes) throw fail(`it is longer than ${MAX_CODE_BYTES} bytes, the limit`, "too-large");
    const code = textOf(bytes);
    if (code === null) throw fail("the file at this address is not text");
    if (/^\s*<(!doctype|html|\?xml)/i.test(code)) {
      throw fail(
        "the address is that of a web page, not of a program: use the address of the raw file",
      );
    }
    return { code, url };
  } catch (error) {
    if (error instanceof LinkError) throw error;
    const seconds = TIMEOUT_MS / 1000;
    throw fail(
      signal.aborted
        ? `${url.host} did not deliver it within ${seconds} seconds`
        : `the connection to ${url.host} broke off`,
    );
  }
}

/**
 * @param {string} raw
 * @param {string} base
 */
function addressOf(raw, base) {
  try {
    const url = new URL(decodeURIComponent(raw), base);
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/**
 * A sentence that says why a request failed, which browsers do not tell. A request whose response
 * the page cannot read ("no-cors") succeeds where only the permission to read is missing.
 * @param {URL} url
 * @param {AbortSignal} signal
 */
async function whyRefused(url, signal) {
  if (location.protocol === "https:" && url.protocol === "http:") {
    return "this page was loaded over https, so the browser blocks http addresses: use an https address";
  }
  if (url.origin !== location.origin) {
    const options = { mode: /** @type {const} */ ("no-cors"), signal };
    const answered = await fetch(url, { ...options, referrerPolicy: "no-referrer" }).then(
      () => true,
      () => false,
    );
    if (answered) {
      return (
        `${url.host} does not let this page read it (CORS): its answer lacks the header ` +
        `“Access-Control-Allow-Origin: ${location.origin}”`
      );
    }
  }
  return `${url.host} cannot be reached`;
}

/** @param {number} status */
function explainStatus(status) {
  if (status === 404 || status === 410) return `${status}: there is no such file`;
  if (status === 401 || status === 403) return `${status}: it cannot be read without logging in`;
  return String(status);
}

/**
 * The whole body, or null when it is longer.
 * @param {Response} response
 * @param {number} limit  bytes
 */
async function readAtMost(response, limit) {
  if (Number(response.headers.get("content-length")) > limit) {
    void response.body?.cancel();
    return null;
  }
  const reader = response.body?.getReader();
  const parts = /** @type {Uint8Array<ArrayBuffer>[]} */ ([]);
  let size = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || !value) return new Uint8Array(await new Blob(parts).arrayBuffer());
    parts.push(value);
    size += value.length;
    if (size > limit) {
      void reader?.cancel();
      return null;
    }
  }
}

/**
 * The text; null when it is not UTF-8, or has a zero byte, which no program has.
 * @param {Uint8Array} bytes
 */
function textOf(bytes) {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
