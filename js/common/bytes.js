/** Sequences of bytes: joined, and to and from text. */

/** Arguments that one call of `String.fromCharCode` takes in every engine. */
const MAX_ARGUMENTS = 8192;

/**
 * The sequences one after another; a single one is returned as it is, not copied.
 * @template {ArrayBufferLike} T
 * @param {Uint8Array<T>[]} parts
 * @returns {Uint8Array<T | ArrayBuffer>}
 */
export function concat(parts) {
  const [first, ...others] = parts;
  if (first && others.length === 0) return first;
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {string} binary  one character a byte, as `atob` gives them
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function bytesFromBinary(binary) {
  const bytes = new Uint8Array(binary.length); // filled by a loop: `from` is ten times slower
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * @param {string} text  base64 of the standard alphabet, padded
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  const native = /** @type {any} */ (Uint8Array).fromBase64;
  // Many times as fast, and in browsers only since 2024 or 2025.
  return native ? native.call(Uint8Array, text) : bytesFromBinary(atob(text));
}

/** @param {Uint8Array} bytes  @returns {string}  base64 of the standard alphabet, padded */
export function toBase64(bytes) {
  const native = /** @type {any} */ (bytes).toBase64;
  if (native) return native.call(bytes);
  const parts = [];
  for (let at = 0; at < bytes.length; at += MAX_ARGUMENTS) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + MAX_ARGUMENTS)));
  }
  return btoa(parts.join(""));
}

/** @param {Uint8Array} bytes  @returns {string}  base64 of the alphabet for URLs, not padded */
export function toBase64Url(bytes) {
  return toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
