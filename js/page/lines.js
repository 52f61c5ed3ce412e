/**
 * What a program has printed, as lines: bounded, whatever arrives. No DOM.
 *
 * Knows as much of a terminal as programs rely on: a carriage return starts the line
 * again (progress bars), and colour codes are left out.
 */

/** Lines kept. The oldest go first. */
export const MAX_LINES = 5000;
/** A longer line is cut into several, so that one line cannot be the flood. */
export const MAX_LINE_CHARS = 2000;

/**
 * @typedef {"stdout" | "stderr" | "note"} Stream  a note is by the page itself
 * @typedef {{ stream: Stream, text: string }} Line
 */

/** @type {Stream[]} */
const STREAMS = ["stdout", "stderr", "note"];

const CONTROL_SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g;

export class Lines {
  /** Finished lines that were not taken yet. @type {Line[]} */
  #finished = [];
  /** The unfinished line of each stream. */
  #open = new Map(STREAMS.map((stream) => [stream, ""]));
  /** Lines that were dropped since the last call of `take`. */
  #dropped = 0;

  /**
   * @param {Stream} stream
   * @param {string} text  any piece of output, lines in it or not
   */
  push(stream, text) {
    // Only the end of a huge piece can be kept; the rest need not be looked at.
    const most = MAX_LINES * MAX_LINE_CHARS;
    const piece = text.length > most ? text.slice(-most) : text;
    const whole = this.#open.get(stream) + piece.replace(CONTROL_SEQUENCE, "");
    const lines = whole.split(/\r?\n/);
    let open = afterReturn(/** @type {string} */ (lines.pop()));
    for (const line of lines) this.#finish(stream, afterReturn(line));
    while (open.length > MAX_LINE_CHARS) {
      this.#finish(stream, open.slice(0, MAX_LINE_CHARS));
      open = open.slice(MAX_LINE_CHARS);
    }
    this.#open.set(stream, open);
    // Not at every line: moving thousands of lines takes time.
    if (this.#finished.length > 2 * MAX_LINES) this.#drop();
  }

  #drop() {
    const tooMany = this.#finished.length - MAX_LINES;
    if (tooMany <= 0) return;
    this.#finished = this.#finished.slice(tooMany);
    this.#dropped += tooMany;
  }

  /**
   * @param {Stream} stream
   * @param {string} text
   */
  #finish(stream, text) {
    for (let at = 0; at === 0 || at < text.length; at += MAX_LINE_CHARS) {
      this.#finished.push({ stream, text: text.slice(at, at + MAX_LINE_CHARS) });
    }
  }

  /** The lines finished since the last call, and how many more there were. */
  take() {
    this.#drop();
    const taken = { lines: this.#finished, dropped: this.#dropped };
    this.#finished = [];
    this.#dropped = 0;
    return taken;
  }

  /** The unfinished lines, such as a prompt. @returns {Line[]} */
  open() {
    /** @type {Line[]} */
    const open = [];
    for (const [stream, text] of this.#open) {
      if (text) open.push({ stream, text: text.replace(/\r$/, "") });
    }
    return open;
  }

  clear() {
    this.take();
    for (const stream of this.#open.keys()) this.#open.set(stream, "");
  }
}

/**
 * What stays of a line after its carriage returns; one at the end waits for what follows.
 * @param {string} line
 */
function afterReturn(line) {
  return line.slice(line.lastIndexOf("\r", line.length - 2) + 1);
}
