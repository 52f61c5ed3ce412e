/**
 * Links that carry a whole program in their fragment, which no browser sends: `#v2.DATA`.
 * py/playpage_site/links/v2.py says what DATA is and why; tests/golden/v2.json holds the two
 * together.
 */

import { bytesFromBinary, concat, toBase64Url } from "../common/bytes.js";
import { MAX_PART_CHARS, decodeBase64 } from "./base64.js";
import { crc32 } from "./crc32.js";
import DICTIONARY from "./dictionary.txt";
import { LinkError } from "./errors.js";
import { ENTRY, ProgramError, RUNTIME, checkPaths, checkProgram, isText } from "./program.js";

/** @import { Program } from "./program.js" */

/** What a link may unpack to, in bytes: a small link can hold a thousand times its length. */
export const MAX_PAYLOAD_BYTES = 10_000_000;
const MAX_PACKED_BYTES = (MAX_PART_CHARS / 4) * 3 - 7;
const MAX_HEADER_BYTES = 200_000;
const FRAME_BYTES = 7;
/** Decompressed at a time: what a small piece unpacks to is in memory before it can be counted. */
const PIECE_BYTES = 4096;

/**
 * The fragment, without `#`.
 * @param {Program} program
 * @throws {ProgramError} when it cannot be put into a link
 */
export async function encodeProgram({ files, entry, requirements, options, runtime }) {
  checkProgram({ files, entry });
  const paths = [...files.keys()];
  /** @type {Record<string, any>} */
  const header = { runtime };
  if (paths.length > 1 || paths[0] !== ENTRY) {
    header.files = [...files].map(([path, data]) => [path, data.length]);
  }
  if (entry !== paths[0]) header.entry = entry;
  if (requirements.length > 0) header.requirements = requirements;
  if (Object.keys(options).length > 0) header.options = options;
  const head = new TextEncoder().encode(JSON.stringify(header));
  const payload = concat([head, new Uint8Array(1), ...files.values()]);
  if (payload.length > MAX_PAYLOAD_BYTES || head.length > MAX_HEADER_BYTES) {
    throw new ProgramError(
      `its files take ${payload.length} bytes; a link holds at most ${MAX_PAYLOAD_BYTES}`,
    );
  }
  // The browser's own compressor takes no dictionary.
  const { deflateSync } = await import("fflate");
  const packed = deflateSync(payload, { level: 9, dictionary: dictionary() });
  if (packed.length > MAX_PACKED_BYTES) {
    throw new ProgramError(
      `its files take ${packed.length} bytes when compressed; a link holds ${MAX_PACKED_BYTES}`,
    );
  }
  return `v2.${toBase64Url(concat([frame(packed), packed]))}`;
}

/**
 * Reads what follows `#v2.`.
 * @param {string} raw
 * @returns {Promise<Program>}
 * @throws {LinkError} when it cannot be read
 */
export async function decodeProgram(raw) {
  const data = bytesFromBinary(decodeBase64("v2", raw));
  const packed = data.subarray(FRAME_BYTES);
  const wanted = data.subarray(0, 3).reduce((length, byte) => length * 256 + byte, 0);
  if (data.length < FRAME_BYTES || packed.length < wanted) {
    const message = "it was cut short: the end of its data is missing";
    throw new LinkError("v2", "cut-short", message, raw);
  }
  if (packed.length > wanted) {
    throw new LinkError("v2", "damaged", "something was added to its end", raw);
  }
  if (frame(packed).some((byte, i) => byte !== data[i])) {
    const message = "its checksum does not match: a character was lost or changed on the way";
    throw new LinkError("v2", "damaged", message, raw);
  }
  const payload = await inflate(packed, raw);
  try {
    return readPayload(payload);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new LinkError("v2", "bad-program", `its program is invalid: ${error.message}`, raw);
  }
}

/**
 * The preset dictionary: pieces of the Python of which programs for this page are made, the
 * likeliest last. It is part of version 2 of the format: a change of one character would break
 * every link there is, so an improvement takes a new version number.
 */
function dictionary() {
  return new TextEncoder().encode(DICTIONARY);
}

/**
 * The payload: at most MAX_PAYLOAD_BYTES, however much the data would unpack to.
 * @param {Uint8Array<ArrayBuffer>} packed
 * @param {string} raw
 */
async function inflate(packed, raw) {
  const words = dictionary();
  const n = words.length;
  const { writable, readable } = new DecompressionStream("deflate-raw");
  const feed = async () => {
    const writer = writable.getWriter();
    // The decompressor takes no dictionary either; a stored block of the same bytes serves as one.
    await writer.write(concat([Uint8Array.of(0, n, n >> 8, ~n, ~n >> 8), words]));
    for (let at = 0; at < packed.length; at += PIECE_BYTES) {
      await writer.write(packed.subarray(at, at + PIECE_BYTES));
    }
    await writer.close();
  };
  feed().catch(() => {}); // the reading side reports what is wrong with the data
  const reader = readable.getReader();
  const parts = /** @type {Uint8Array<ArrayBuffer>[]} */ ([]);
  for (let size = 0; ;) {
    const { done, value } = await reader.read().catch(() => {
      throw new LinkError("v2", "damaged", "it cannot be decompressed", raw);
    });
    if (done) return concat(parts).subarray(n);
    parts.push(value);
    size += value.length;
    if (size <= n + MAX_PAYLOAD_BYTES) continue;
    void reader.cancel().catch(() => {});
    const message = `it unpacks to more than ${MAX_PAYLOAD_BYTES} bytes, the limit`;
    throw new LinkError("v2", "too-large", message, raw);
  }
}

/**
 * @param {Uint8Array} payload
 * @returns {Program}
 */
function readPayload(payload) {
  const end = payload.subarray(0, MAX_HEADER_BYTES + 1).indexOf(0);
  if (end === -1) throw new ProgramError("it has no header");
  const header = readHeader(payload.subarray(0, end));
  const { files: sizes = [[ENTRY, payload.length - end - 1]] } = header;
  if (!Array.isArray(sizes) || sizes.length === 0 || !sizes.every(isFile)) {
    throw new ProgramError("its list of files is invalid");
  }
  checkPaths(sizes.map(([path]) => path));
  const files = new Map();
  let at = end + 1;
  for (const [path, size] of sizes) {
    files.set(path, payload.slice(at, at + size));
    at += size;
  }
  if (at !== payload.length) {
    throw new ProgramError(`its files should take ${at - end - 1} bytes`);
  }
  const { entry = sizes[0][0], requirements = [], options = {}, runtime = RUNTIME } = header;
  if (!Array.isArray(requirements) || !requirements.every(isText)) {
    throw new ProgramError("its requirements are not a list of strings");
  }
  if (!isObject(options) || !Object.entries(options).every(isOption)) {
    throw new ProgramError("its options are not all strings, true or false");
  }
  if (!isText(entry) || !isText(runtime)) {
    throw new ProgramError("its entry or its runtime is not a string");
  }
  checkProgram({ files, entry });
  return { files, entry, requirements, options, runtime };
}

/**
 * @param {Uint8Array} head
 * @returns {Record<string, any>}
 */
function readHeader(head) {
  let header;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(head));
  } catch {
    throw new ProgramError("its header is not JSON");
  }
  if (!isObject(header)) throw new ProgramError("its header is not a JSON object");
  return header;
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {[string, unknown]} option */
function isOption([name, value]) {
  return isText(name) && (typeof value === "boolean" || isText(value));
}

/** @param {unknown} entry  [path, size in bytes] */
function isFile(entry) {
  if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== "string") return false;
  return Number.isInteger(entry[1]) && entry[1] >= 0 && entry[1] <= MAX_PAYLOAD_BYTES;
}

/** Length and checksum of what is packed. @param {Uint8Array} packed */
function frame(packed) {
  const view = new DataView(new ArrayBuffer(FRAME_BYTES + 1));
  view.setUint32(0, packed.length);
  view.setUint32(4, crc32(packed));
  return new Uint8Array(view.buffer, 1); // three bytes are enough for the length
}
