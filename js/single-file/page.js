/**
 * The first script of a page that is one file: hands the files in it to the page, its workers and
 * the app's frame. Each file is a `<script type="text/plain" data-file="PATH">` with its bytes in
 * base64, compressed with gzip where it has `data-gzip`. py/playpage_site/site/single_file.py
 * writes them: first what a start needs, and after each group a call of `arrived`, so that a start
 * need not wait for the rest.
 */

import { fromBase64 } from "../common/bytes.js";
import { Modules } from "./modules.js";

/** Only names files: no host of this name can exist (RFC 2606). */
const ROOT = "https://page.invalid/";
/** The script that a worker starts with. */
const FIRST = "js/single-file/worker.js";
/** Packs that Python's worker may want while it is blocked, and cannot ask for them. */
const BLOCKING = /^packs\/(deferred|sources|stdlib)-/;

/**
 * Files by path below the site's root; null: there is no such file.
 * @typedef {Map<string, ArrayBuffer | null>} Files
 */

/**
 * Elements by path. An element is in the document before all of its text is, so this holds only
 * those that stand before a call of `arrived`.
 * @type {Map<string, HTMLScriptElement>}
 */
const elements = new Map();
let isComplete = false;
/** Resolves when one more group has been parsed. */
let more = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());

/**
 * The element of a file, once it has been parsed; undefined once it is certain that there is none.
 * @param {string} path
 */
async function elementOf(path) {
  while (!isComplete && !elements.has(path)) await more.promise;
  return elements.get(path);
}

/** @param {string} path */
async function read(path) {
  const element = await elementOf(path);
  if (!element) throw new Error(`${path} is not in this page`);
  const bytes = fromBase64(element.text);
  if (!("gzip" in element.dataset)) return bytes.buffer;
  const body = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(body).arrayBuffer();
}

/**
 * Sends files to a worker.
 * @param {Worker} worker
 * @param {string[]} paths
 * @param {object} [rest] of the message
 */
async function send(worker, paths, rest) {
  /** @type {Files} */
  const files = new Map();
  for (const path of paths) files.set(path, await read(path).catch(() => null));
  const buffers = [...files.values()].filter((buffer) => buffer !== null);
  worker.postMessage({ playpageInside: { ...rest, files } }, buffers);
}

/**
 * Sends a worker the packs that it could not ask for, when all have arrived.
 * @param {Worker} worker
 */
async function sendBlocking(worker) {
  while (!isComplete) await more.promise;
  const paths = [...elements.keys()].filter((path) => BLOCKING.test(path));
  for (const path of paths) await send(worker, [path]);
}

const modules = new Modules(read, ROOT);

Object.assign(globalThis, {
  playpageInside: {
    root: ROOT,
    modules,

    /**
     * Called when one more group of files has been parsed.
     * @param {boolean} isLast
     */
    arrived(isLast) {
      for (const element of document.querySelectorAll("script[data-file]")) {
        const script = /** @type {HTMLScriptElement} */ (element);
        elements.set(script.dataset.file ?? "", script);
      }
      isComplete = isLast;
      const { resolve } = more;
      more = Promise.withResolvers();
      resolve();
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
        event.stopImmediatePropagation(); // it is not one of the worker's own messages
        const { path, exists } = asked;
        if (!exists) return send(worker, [path]);
        const files = new Map([[path, (await elementOf(path)) ? new ArrayBuffer() : null]]);
        worker.postMessage({ playpageInside: { files } });
      });
      const script = `js/${name}.js`;
      const scripts = name === "worker" ? [script, "pyodide/pyodide.asm.js"] : [script];
      void send(worker, scripts, { root: ROOT, script });
      if (name === "worker") void sendBlocking(worker);
      return worker;
    },

    /** @param {HTMLIFrameElement} iframe */
    async openFrame(iframe) {
      iframe.srcdoc = await modules.page("preview.html");
    },
  },
});
