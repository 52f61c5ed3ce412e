/** What a start asks of the machine and the engine that it runs on. */

/**
 * This machine's zone as Python's time module has it: offsets to UTC in seconds, in winter and
 * in summer, and the names of both.
 * @returns {[number, number, string, string]}
 */
export function localZone() {
  const year = new Date().getFullYear();
  const [january, july] = [zoneAt(new Date(year, 0, 1)), zoneAt(new Date(year, 6, 1))];
  const [winter, summer] = january.offset <= july.offset ? [january, july] : [july, january];
  return [winter.offset, summer.offset, winter.name, summer.name];
}

/** @param {Date} day */
function zoneAt(day) {
  const name = /\((.*)\)/.exec(day.toString())?.[1] ?? "";
  return { offset: -day.getTimezoneOffset() * 60, name };
}

/**
 * What a start has read is garbage, some 100 MB, but an engine looks for garbage when much is
 * allocated, and a worker that runs Python allocates nothing. This is never written to, so it
 * takes no memory.
 */
export function suggestCollection() {
  try {
    for (let times = 0; times < 4; times++) new ArrayBuffer(64 << 20);
  } catch {
    // There is not that much to be had; then the engine has looked by now.
  }
}
