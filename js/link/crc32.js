/** The CRC-32 of zip and gzip (RFC 1952, 8). */

/** @param {Uint8Array} bytes  @returns {number}  32 bits, signed */
export function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) crc = /** @type {number} */ (TABLE[(crc ^ byte) & 0xff]) ^ (crc >>> 8);
  return ~crc;
}

const TABLE = Int32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
