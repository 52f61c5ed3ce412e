/**
 * Packs: a layer of Python packages in one file.
 *
 * A pack is gzip over: the length of the index in bytes (uint32, little endian); the index,
 * JSON `[[path, size], ...]`; then the files' bytes one after the other. One request, one
 * hash, and unpacking without a copy: the files in memory are views of the one buffer.
 * Wheels would be some fifty requests, and unzipping them in Python takes seconds.
 */

/**
 * Fetch a file, telling of every part that arrives.
 * @param {URL} url
 * @param {(bytes: number) => void} onBytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function fetchBytes(url, onBytes) {
  const response = await fetch(url).catch((error) => {
    throw new Error(`${url.pathname} could not be fetched: ${error.message}`);
  });
  if (!response.ok || !response.body) {
    throw new Error(`${url.pathname} could not be fetched: the server answered ${response.status}.`);
  }
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    onBytes(part.value.length);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/**
 * Throw unless the bytes have this SHA-256. Pages on plain http have no `crypto.subtle`;
 * there `hash` (Python's hashlib) is used.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {{file: string, sha256: string}} expected
 * @param {(bytes: Uint8Array) => string} hash
 */
export async function verify(bytes, expected, hash) {
  const found = crypto.subtle
    ? hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))
    : hash(bytes);
  if (found !== expected.sha256) {
    throw new Error(
      `${expected.file} is not the file this page was built with: expected SHA-256 ` +
        `${expected.sha256}, found ${found}. Reload the page; if it comes back, whoever hosts ` +
        `it should copy the whole build folder again.`,
    );
  }
}

/** @param {Uint8Array} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function gunzip(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * The files of a pack, each a view of the one buffer.
 * @param {Uint8Array<ArrayBuffer>} pack decompressed
 * @returns {Generator<[path: string, bytes: Uint8Array<ArrayBuffer>]>}
 */
export function* entries(pack) {
  const length = new DataView(pack.buffer, pack.byteOffset).getUint32(0, true);
  /** @type {[string, number][]} */
  const index = JSON.parse(new TextDecoder().decode(pack.subarray(4, 4 + length)));
  let offset = 4 + length;
  for (const [path, size] of index) {
    yield [path, pack.subarray(offset, offset + size)];
    offset += size;
  }
}

/**
 * Put a pack's files into the file system.
 * @param {any} FS Emscripten's file system
 * @param {string} root
 * @param {Uint8Array<ArrayBuffer>} pack decompressed
 * @param {{has(path: string): boolean}} [except] whole paths to leave as they are
 */
export function unpack(FS, root, pack, except = new Set()) {
  let made = "";
  for (const [path, bytes] of entries(pack)) {
    const file = `${root}/${path}`;
    if (except.has(file)) continue;
    const folder = file.slice(0, file.lastIndexOf("/"));
    if (folder !== made) {
      FS.mkdirTree(folder);
      made = folder;
    }
    FS.writeFile(file, bytes, { canOwn: true });
  }
}
