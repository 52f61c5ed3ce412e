/**
 * First in a page that is one file: hands the files in it to the page, its workers and the app's
 * frame. Each is a `<script type="text/plain" data-file="PATH">` with base64 of its bytes, which
 * are compressed with gzip where `data-gzip` says so. py/playpage_site/site/single_file.py writes them, what a
 * start needs first, and a call of `arrived` after each group: a start need not wait for the rest.
 */

import { Modules } from "./modules.js";

/** Names files; nothing is there. No such host can exist (RFC 2606). */
const ROOT = "https://page.invalid/";
/** The script that a worker begins with. */
const FIRST = "js/single-file/worker.js";
/** What Python's worker may want while everything in it waits, so that it cannot ask. */
const LATE = /^packs\/(deferred|sources|stdlib)-/;

/** Files by path below the site's root; null: not there. @typedef {Map<string, ArrayBuffer | null>} Files */

/**
 * Elements by path. One is in the document before its text is: so those only that stand before
 * a call of `arrived`.
 * @type {Map<string, HTMLScriptElement>}
 */
const elements = new Map();
let isComplete = false;
/** Resolves when more has been parsed. */
let more = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());

/** @param {string} path @returns {Promise<HTMLScriptElement | undefined>} once that is certain */
async function elementOf(path) {
  while (!isComplete && !elements.has(path)) await more.promise;
  return elements.get(path);
}

/** @param {string} path */
async function read(path) {
  const element = await elementOf(path);
  if (!element) throw new Error(`${path} is not in this page`);
  const bytes = bytesOf(element.text);
  if (!("gzip" in element.dataset)) return bytes.buffer;
  const body = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(body).arrayBuffer();
}

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
function bytesOf(base64) {
  const { fromBase64 } = /** @type {any} */ (Uint8Array);
  // Many times as fast as what follows, and of 2024 or 2025.
  if (fromBase64) return fromBase64.call(Uint8Array, base64);
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = letters.charCodeAt(at);
  return bytes;
}

/** @param {Worker} worker @param {string[]} paths @param {object} [rest] of the message */
async function give(worker, paths, rest) {
  /** @type {Files} */
  const files = new Map();
  for (const path of paths) files.set(path, await read(path).catch(() => null));
  const buffers = [...files.values()].filter((buffer) => buffer !== null);
  worker.postMessage({ playpageInside: { ...rest, files } }, buffers);
}

/** @param {Worker} worker */
async function giveLate(worker) {
  while (!isComplete) await more.promise;
  const paths = [...elements.keys()].filter((path) => LATE.test(path));
  for (const path of paths) await give(worker, [path]);
}

const modules = new Modules(read, ROOT);

Object.assign(globalThis, {
  playpageInside: {
    root: ROOT,
    modules,

    /** One more group of files has been parsed. @param {boolean} isLast */
    arrived(isLast) {
      for (const element of document.querySelectorAll("script[data-file]")) {
        const script = /** @type {HTMLScriptElement} */ (element);
        elements.set(script.dataset.file ?? "", script);
      }
      isComplete = isLast;
      const told = more;
      more = Promise.withResolvers();
      told.resolve();
    },

    /** @param {string} name */
    startWorker(name) {
      const address = `data:text/javascript;base64,${elements.get(FIRST)?.text}`;
      const worker = new Worker(address, { type: "module", name: "playpage" });
      worker.addEventListener("message", async (event) => {
        const asked = /** @type {{path: string, exists?: true} | undefined} */ (
          event.data?.playpageInside
        );
        if (!asked) return;
        event.stopImmediatePropagation(); // none of the worker's own messages
        const { path, exists } = asked;
        if (!exists) return give(worker, [path]);
        const files = new Map([[path, (await elementOf(path)) ? new ArrayBuffer() : null]]);
        worker.postMessage({ playpageInside: { files } });
      });
      const script = `js/${name}.js`;
      const scripts = name === "worker" ? [script, "pyodide/pyodide.asm.js"] : [script];
      void give(worker, scripts, { root: ROOT, script });
      if (name === "worker") void giveLate(worker);
      return worker;
    },

    /** @param {HTMLIFrameElement} iframe */
    async openFrame(iframe) {
      iframe.srcdoc = await modules.page("preview.html");
    },
  },
});
