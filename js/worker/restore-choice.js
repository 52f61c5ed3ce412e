/** Should a start restore the snapshot? It is larger than the code that it saves a start from
 * running. */

import manifest from "playpage:manifest";
import { packInfo } from "./packs/packs.js";

/** @import { Bytes, Packs } from "./packs/packs.js" */

/**
 * What a start without the snapshot takes longer, in milliseconds, on a machine of two cores.
 * The download of the snapshot has to be done in less than that.
 */
const SAVED_MS = 3500;

/**
 * What gradio's stand-ins would be bound for in the snapshot. Python finds every such need;
 * guessing the plain ones here saves it a second start.
 */
const NEEDS_REAL = /\b(numpy|pandas|PIL|matplotlib)\b/;

/**
 * Is a program of the kind that the snapshot is for?
 * @param {string} code
 * @param {string[]} layers that it seems to need
 */
export function fitsSnapshot(code, layers) {
  return "heap" in manifest.packs && layers.length > 1 && !NEEDS_REAL.test(code);
}

/**
 * @param {Packs} packs
 * @param {string[]} others packs that a start without the snapshot needs, the standard library
 *   first
 * @param {Promise<Bytes>} start the first pack; of one that does not arrive there is no speed
 * @param {URL[]} companions what comes at the same time as the first pack, Pyodide's functions
 *   first
 */
export async function restoringIsFaster(packs, others, start, companions) {
  if (await packs.isCached("heap")) return true;
  const [stdlib = ""] = others;
  if (await packs.isCached(stdlib)) return false;
  const { speed } = packs;
  const speedOfFirst = await Promise.race([speed, start.then(() => speed)]);
  const speedOfLine = speedOfFirst * (1 + shareOf(companions));
  return (bytesOf(["heap"]) - bytesOf(others)) / speedOfLine < SAVED_MS;
}

/** @param {string[]} names of packs */
function bytesOf(names) {
  return names.reduce((sum, name) => sum + packInfo(name).size, 0);
}

/** How much has come while the first pack came, in sizes of it. @param {URL[]} companions */
function shareOf(companions) {
  const timings = companions.map(
    ({ href }) =>
      /** @type {PerformanceResourceTiming | undefined} */ (performance.getEntriesByName(href)[0]),
  );
  // Pyodide's functions are larger than the first pack; still on their way, they, its script
  // and the pack have shared the line.
  if (!timings[0]) return 2;
  const bytes = timings.reduce((sum, timing) => sum + (timing?.transferSize ?? 0), 0);
  return bytes / packInfo("start").size;
}
