/** The console pane: what the program prints, written to the page once a frame. */

import { byId, make } from "./dom.js";
import { Lines, MAX_LINES } from "./lines.js";

/** @import { Line, Stream } from "./lines.js" */

/** Rows that share one element: fewer elements, and no element too large to drop. */
const BLOCK_ROWS = 250;
const ROW_CHARS = 200;

export class Console {
  #pane = byId("console", HTMLElement);
  #log = byId("console-log", HTMLElement);
  #lines = new Lines();
  /** The finished lines on the page, in blocks, oldest first. */
  #blocks = /** @type {{ element: HTMLElement, rows: number, stream: Stream }[]} */ ([]);
  #rows = 0;
  /** The unfinished lines, always last. @type {HTMLElement[]} */
  #open = [];
  #scheduled = false;
  /** How long the next write to the page waits, so that a flood leaves time for the rest. */
  #restMs = 0;

  /**
   * @param {Stream} stream
   * @param {string} text
   */
  write(stream, text) {
    this.#lines.push(stream, text);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => requestAnimationFrame(() => this.#flush()), this.#restMs);
  }

  clear() {
    this.#lines.clear();
    this.#log.replaceChildren();
    this.#blocks = [];
    this.#open = [];
    this.#rows = 0;
  }

  /** Everything that is kept, as plain text. */
  text() {
    this.#flush();
    return [...this.#log.children].map((child) => child.textContent).join("");
  }

  #flush() {
    this.#scheduled = false;
    const start = performance.now();
    const pane = this.#pane;
    const atEnd = pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 24;
    for (const element of this.#open) element.remove();
    const { lines, dropped } = this.#lines.take();
    if (dropped) this.#append([note(`… ${dropped} more lines were printed too fast to show …`)]);
    this.#append(lines);
    this.#trim();
    this.#open = this.#lines.open().map(({ stream, text }) => make("div", stream, text));
    this.#log.append(...this.#open);
    if (atEnd) pane.scrollTop = pane.scrollHeight;
    this.#restMs = Math.min(1000, 2 * (performance.now() - start));
  }

  /** @param {Line[]} lines */
  #append(lines) {
    for (let start = 0; start < lines.length;) {
      const { stream } = /** @type {Line} */ (lines[start]);
      let end = start;
      let rows = 0;
      let text = "";
      while (end < lines.length && rows < BLOCK_ROWS && lines[end]?.stream === stream) {
        const line = /** @type {Line} */ (lines[end]);
        text += `${line.text}\n`;
        rows += rowsOf(line.text);
        end += 1;
      }
      this.#appendBlock(stream, text, rows);
      start = end;
    }
  }

  /**
   * A block of its own, or the end of the last one while that is short.
   * @param {Stream} stream
   * @param {string} text
   * @param {number} rows
   */
  #appendBlock(stream, text, rows) {
    this.#rows += rows;
    const last = this.#blocks.at(-1);
    if (last && last.stream === stream && last.rows + rows <= BLOCK_ROWS) {
      last.element.append(text);
      last.rows += rows;
      return;
    }
    const element = make("div", stream, text);
    this.#log.append(element);
    this.#blocks.push({ element, rows, stream });
  }

  /** Drops the oldest blocks while there is enough without them. */
  #trim() {
    for (;;) {
      const [first] = this.#blocks;
      if (!first || this.#rows - first.rows < MAX_LINES) return;
      first.element.remove();
      this.#rows -= first.rows;
      this.#blocks.shift();
    }
  }
}

/**
 * About how many rows a line takes on the page, which is what it costs.
 * @param {string} text
 */
function rowsOf(text) {
  return 1 + Math.floor(text.length / ROW_CHARS);
}

/**
 * @param {string} text
 * @returns {Line}
 */
function note(text) {
  return { stream: "note", text };
}
