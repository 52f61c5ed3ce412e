/**
 * Packs: a layer of Python packages in one file.
 *
 * A pack is, once decompressed: the length of the index in bytes (uint32, little endian); the
 * index, JSON `[[path, size], ...]`; then the files' bytes one after the other. One request
 * instead of some fifty wheels, which Python would take seconds to unzip.
 */

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
 * Put a pack's files into the file system, which then owns their bytes.
 * @param {any} FS Emscripten's file system
 * @param {string} root
 * @param {Iterable<[path: string, bytes: Uint8Array]>} files
 * @param {{has(path: string): boolean}} [except] whole paths to leave as they are
 */
export function unpack(FS, root, files, except = new Set()) {
  let made = "";
  for (const [path, bytes] of files) {
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
