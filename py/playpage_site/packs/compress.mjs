/**
 * Compresses files with Zstandard; called by zstd.py.
 *
 * node compress.mjs FILE...
 * Writes FILE.zst beside each. The same bytes in give the same bytes out.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";

/** Above 19 is no smaller for a snapshot, and takes half as long again. */
const params = {
  [constants.ZSTD_c_compressionLevel]: 19,
  [constants.ZSTD_c_windowLog]: 24,
  [constants.ZSTD_c_enableLongDistanceMatching]: 1,
};

// Each runs in a thread of its own.
await Promise.all(
  process.argv.slice(2).map(async (file) => {
    writeFileSync(`${file}.zst`, await promisify(zstdCompress)(readFileSync(file), { params }));
  }),
);
