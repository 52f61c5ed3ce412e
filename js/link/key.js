/**
 * A key that a link hands out on purpose: `&key=…` in the fragment, which no browser sends.
 *
 *     plain.KEY                       the key, UTF-8 in base64url
 *     locked.ITERATIONS.SALT_IV_DATA  AES-256-GCM with a passphrase and PBKDF2-SHA-256; base64url
 *                                     of 16 bytes of salt, 12 of the initialisation vector, and
 *                                     the encrypted key
 *
 * It is taken out of the address at once, goes to Python alone, and is kept nowhere.
 */

import { bytesFromBinary, concat, toBase64Url } from "../common/bytes.js";
import { decodeBase64 } from "./base64.js";
import { LinkError } from "./errors.js";

/** What OWASP asks of PBKDF2-SHA-256 since 2023. */
const ITERATIONS = 600_000;
/** What a link may ask for: fewer protect nothing, and more keep the page busy. */
const ACCEPTED_ITERATIONS = { least: 100_000, most: 5_000_000 };
const SALT_BYTES = 16;
const IV_BYTES = 12;
const MAX_CHARS = 4000;
/** Of a key that is handed out. py/playpage_site/links/key_seal.py has the same limit. */
export const MAX_KEY_CHARS = 1000;

/**
 * Takes the key out of the page's address and of its entry in the history.
 * @returns {string | null}  what stood after `key=`
 */
export function takeKey() {
  const { pathname, search, hash } = location;
  const parts = hash.slice(1).split("&");
  const isKey = (/** @type {string} */ part) => /^(amp;)?key=/.test(part);
  const raw = parts.find(isKey);
  if (raw === undefined) return null;
  const rest = parts.filter((part) => !isKey(part)).join("&");
  history.replaceState(history.state, "", `${pathname}${search}${rest && `#${rest}`}`);
  return raw.slice(raw.indexOf("=") + 1);
}

/** Does it need a passphrase? @param {string} raw */
export function isLocked(raw) {
  return raw.startsWith("locked.");
}

/** Has the page WebCrypto? Only pages that came by https, or from this machine, have. */
export function canLock() {
  return Boolean(globalThis.crypto?.subtle);
}

/**
 * @param {string} key
 * @param {string | null} passphrase  null: not encrypted
 * @returns {Promise<string>}  what goes after `key=`
 */
export async function sealKey(key, passphrase) {
  const bytes = new TextEncoder().encode(key);
  if (passphrase === null) return `plain.${toBase64Url(bytes)}`;
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const lock = await lockOf(passphrase, salt, ITERATIONS);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, lock, bytes);
  return `locked.${ITERATIONS}.${toBase64Url(concat([salt, iv, new Uint8Array(data)]))}`;
}

/**
 * @param {string} raw  what stands after `key=`
 * @param {string} [passphrase]
 * @returns {Promise<string | null>}  null: the passphrase is wrong, or the data were changed
 * @throws {LinkError}  with an empty `raw`, so that no message shows the key
 */
export async function openKey(raw, passphrase = "") {
  const [, kind, iterations, text = ""] =
    /^(plain|locked)\.(?:(\d{1,8})\.)?([^.]*)$/.exec(raw) ?? [];
  const count = Number(iterations ?? ITERATIONS);
  const { least, most } = ACCEPTED_ITERATIONS;
  if (!kind || raw.length > MAX_CHARS || count < least || count > most) throw broken();
  const bytes = bytesFromBinary(decodeOrFail(text));
  if (kind === "plain") return new TextDecoder().decode(bytes);
  if (bytes.length <= SALT_BYTES + IV_BYTES) throw broken();
  if (!canLock()) {
    const message = "it is encrypted, and browsers can decrypt it only in pages loaded over https";
    throw new LinkError("key", "not-loaded", message, "");
  }
  const salt = bytes.subarray(0, SALT_BYTES);
  const iv = bytes.subarray(SALT_BYTES, SALT_BYTES + IV_BYTES);
  const lock = await lockOf(passphrase, salt, count);
  try {
    const data = bytes.subarray(SALT_BYTES + IV_BYTES);
    return new TextDecoder().decode(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv }, lock, data),
    );
  } catch {
    return null;
  }
}

/** @param {string} text */
function decodeOrFail(text) {
  try {
    return decodeBase64("key", text);
  } catch {
    throw broken(); // not the error itself, which has the key in `raw`
  }
}

function broken() {
  return new LinkError("key", "damaged", "it was cut short or changed on the way", "");
}

/**
 * @param {string} passphrase
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 */
async function lockOf(passphrase, salt, iterations) {
  // The same letters have the same bytes, however they were typed.
  const bytes = new TextEncoder().encode(passphrase.normalize("NFC"));
  const source = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  const aes = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(how, source, aes, false, ["encrypt", "decrypt"]);
}
