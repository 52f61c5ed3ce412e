/** The heap without its pages of zeros: new memory that is never written to takes none. */

/** @import { Gap, Snapshot } from "./format.js" */

/** A page of memory, in bytes, and how many of them make a gap that is worth an entry. */
const PAGE = 4096;
const GAP_PAGES = 4;

/** @param {Uint8Array} heap @returns {Gap[]} */
export function gapsIn(heap) {
  /** @type {Gap[]} */
  const gaps = [];
  for (let start = 0, at = 0; at < heap.length; at += PAGE, start = at) {
    while (at + PAGE <= heap.length && isZero(heap, at, at + PAGE)) at += PAGE;
    if (at - start >= GAP_PAGES * PAGE) gaps.push([start, at]);
  }
  return gaps;
}

/** @param {Uint8Array} heap @param {Gap[]} gaps */
export function withoutGaps(heap, gaps) {
  const gapBytes = gaps.reduce((sum, [start, end]) => sum + end - start, 0);
  const kept = new Uint8Array(heap.length - gapBytes);
  /** @type {Gap} */
  const last = [heap.length, heap.length];
  let to = 0;
  let from = 0;
  for (const [start, end] of [...gaps, last]) {
    kept.set(heap.subarray(from, start), to);
    to += start - from;
    from = end;
  }
  return kept;
}

/**
 * @param {Uint8Array} memory
 * @param {Snapshot} snapshot
 * @param {Promise<Uint8Array>[]} heap in parts, in order, without the gaps; is emptied
 */
export async function fill(memory, { usedBytes, gaps }, heap) {
  let next = 0;
  let at = 0;
  // Taken out one by one: nothing here keeps a part that has been copied.
  for (let part = heap.shift(); part; part = heap.shift()) {
    let bytes = await part;
    while (bytes.length) {
      const gap = gaps[next];
      const end = gap?.[0] ?? usedBytes;
      const size = Math.min(bytes.length, end - at);
      memory.set(bytes.subarray(0, size), at);
      bytes = bytes.subarray(size);
      at += size;
      if (at === usedBytes && bytes.length) throw new Error("the heap is longer than it should be");
      if (gap && at === end) {
        at = gap[1];
        next += 1;
        // Either Python's own start has written here, or nothing has.
        if (!isZero(memory, end, at)) memory.fill(0, end, at);
      }
    }
  }
  if (at !== usedBytes) throw new Error("the heap is shorter than it should be");
}

/** @param {Uint8Array} bytes @param {number} start a multiple of 4, as end @param {number} end */
function isZero(bytes, start, end) {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, (end - start) / 4);
  for (let index = 0; index < words.length; index++) if (words[index]) return false;
  return true;
}
