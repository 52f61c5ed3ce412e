/**
 * The first script of each worker of a page that is one file. In a page opened from the disk,
 * browsers start a module worker only from a `data:` address, and let it read no address of the
 * page's (WebKit not even a Blob's). So the worker asks the page for files, by messages. What it
 * imports, or needs while it is blocked, has to be here before that: the page sends such files
 * unasked, and they become `data:` addresses.
 */

import { toBase64 } from "../common/bytes.js";

/** @typedef {ArrayBuffer | null} Content  null: there is no such file */
/** @typedef {{root?: string, script?: string, files: Map<string, Content>}} Given */

/** @type {Map<string, Content>} */
const files = new Map();
/**
 * Resolvers of files that were asked for, by path.
 * @type {Map<string, (content: Content) => void>}
 */
const asked = new Map();
/** Messages to the worker proper from before it was loaded. @type {MessageEvent[] | undefined} */
let early = [];
let root = "";

const TYPES = /** @type {Record<string, string>} */ ({
  html: "text/html",
  js: "text/javascript",
  wasm: "application/wasm",
});

addEventListener("message", async (event) => {
  const given = /** @type {Given | undefined} */ (event.data?.playpageInside);
  if (!given) {
    early?.push(event);
    return;
  }
  event.stopImmediatePropagation(); // it is not one of the worker's own messages
  for (const [path, content] of given.files) {
    const answer = asked.get(path);
    asked.delete(path);
    if (answer) answer(content);
    else files.set(path, content);
  }
  if (!given.root || !given.script) return;
  root = given.root;
  Object.assign(globalThis, { playpageInside: { root, addressOf } });
  await import(/* @vite-ignore */ addressOf(given.script));
  const messages = early ?? [];
  early = undefined;
  for (const message of messages) self.onmessage?.(message);
});

/** The address of a file that the page has sent. @param {string} path */
function addressOf(path) {
  const content = files.get(path);
  if (!content) throw new Error(`${path} is not in this page`);
  return `data:${typeOf(path)};base64,${toBase64(new Uint8Array(content))}`;
}

/** @param {string} path */
function typeOf(path) {
  return TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
}

/**
 * The path of a file inside the page; undefined for any other address.
 * @param {RequestInfo | URL} input
 */
function pathOf(input) {
  const address = input instanceof Request ? input.url : String(input);
  return root && address.startsWith(root) ? address.slice(root.length) : undefined;
}

/**
 * Asks the page for a file.
 * @param {string} path
 * @param {boolean} exists  ask only whether there is one: the content is then empty
 * @returns {Promise<Content>}
 */
async function ask(path, exists) {
  while (asked.has(path)) await new Promise((resolve) => setTimeout(resolve, 10));
  const answer = new Promise((resolve) => asked.set(path, resolve));
  const message = { playpageInside: exists ? { path, exists } : { path } };
  /** @type {(message: any) => void} */ (/** @type {unknown} */ (postMessage))(message);
  return /** @type {Promise<Content>} */ (answer);
}

const ownFetch = self.fetch;
self.fetch = async (input, init) => {
  const path = pathOf(input);
  if (path === undefined) return ownFetch(input, init);
  // A request to the cache alone asks whether the file is at hand; in this page it is, or not.
  const content = files.get(path) ?? (await ask(path, init?.cache === "only-if-cached"));
  if (!content) return new Response(null, { status: 404 });
  return new Response(content, { headers: { "content-type": typeOf(path) } });
};

const ownOpen = XMLHttpRequest.prototype.open;
XMLHttpRequest.prototype.open = function (
  /** @type {string} */ method,
  /** @type {string | URL} */ url,
  /** @type {any[]} */ ...rest
) {
  const path = pathOf(url);
  const address = path === undefined ? url : addressOf(path);
  return /** @type {any} */ (ownOpen).call(this, method, address, ...rest);
};
