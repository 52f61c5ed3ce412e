/**
 * First in a worker of a page that is one file. Of a page that was opened from the disk, browsers
 * start no module worker but one whose script is a `data:` address, and let that read no address
 * of the page's; WebKit not even a Blob. So it asks the page, by messages of bytes. What it
 * imports, or wants while everything waits, has to be here before that: such files the page sends
 * unasked, and they become `data:` addresses.
 */

/** @typedef {ArrayBuffer | null} Content null: there is no such file */
/** @typedef {{root?: string, script?: string, files: Map<string, Content>}} Given */

/** @type {Map<string, Content>} */
const files = new Map();
/** Who waits for what was asked, by path. @type {Map<string, (content: Content) => void>} */
const asked = new Map();
/** Sent to the worker proper before that is there. @type {MessageEvent[] | undefined} */
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
  event.stopImmediatePropagation(); // none of the worker's own messages
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
  return `data:${typeOf(path)};base64,${base64(new Uint8Array(content))}`;
}

/** @param {Uint8Array} bytes @returns {string} */
function base64(bytes) {
  const { toBase64 } = /** @type {any} */ (bytes);
  if (toBase64) return toBase64.call(bytes);
  const parts = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return btoa(parts.join(""));
}

/** @param {string} path */
function typeOf(path) {
  return TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
}

/** The path of what lies inside the page. @param {RequestInfo | URL} input */
function pathOf(input) {
  const address = input instanceof Request ? input.url : String(input);
  return root && address.startsWith(root) ? address.slice(root.length) : undefined;
}

/** @param {string} path @param {boolean} exists ask just that @returns {Promise<Content>} */
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
  // A cache is asked whether it has it: as good as a cache is a page that has.
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
