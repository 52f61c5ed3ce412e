/**
 * Where the site's files are: beside the page, or inside it, where the page is one file
 * (js/single-file/page.js and worker.js say how). All of the built site's scripts lie in one folder
 * below its root, so `../` of any of them is the root.
 */

/**
 * @typedef {object} Inside  what a page that is one file defines
 * @property {string} root  stands for the site's root in names of files; nothing is there
 * @property {(path: string) => string} [addressOf]  in a worker: of a script below the root
 * @property {(name: string) => Worker} [startWorker]  in the page
 * @property {(iframe: HTMLIFrameElement) => void} [openFrame]  in the page
 */

const inside = /** @type {{playpageInside?: Inside}} */ (globalThis).playpageInside;

/** The site's root, ending in `/`. `fetch` finds what is below it, in a single-file page too. */
export const root = new URL(inside?.root ?? new URL("../", import.meta.url));

/**
 * The address of a script for `import()`, which, unlike `fetch`, no page can answer itself.
 * @param {string} path  below the root
 */
export function addressOf(path) {
  return inside?.addressOf?.(path) ?? new URL(path, root).href;
}

/**
 * Start a module worker.
 * @param {string} name  of a script in the site's js/
 */
export function startWorker(name) {
  if (inside?.startWorker) return inside.startWorker(name);
  if (self.origin === "null" && root.protocol !== "file:") {
    // The sandbox of a frame has taken the origin away. Such a page may start a worker from a
    // `data:` address only, which imports what it wants where the host allows that by CORS.
    const script = `import ${JSON.stringify(new URL(`js/${name}.js`, root).href)}`;
    const address = `data:text/javascript,${encodeURIComponent(script)}`;
    return new Worker(address, { type: "module", name: "playpage" });
  }
  return new Worker(new URL(`js/${name}.js`, root), { type: "module", name: "playpage" });
}

/** Load the app's frame, again if it was loaded before. @param {HTMLIFrameElement} iframe */
export function openFrame(iframe) {
  if (inside?.openFrame) inside.openFrame(iframe);
  else iframe.src = new URL("preview.html", root).href;
}
