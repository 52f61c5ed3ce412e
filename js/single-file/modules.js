/**
 * The front end's scripts and style sheets, in a page that is one file. A script that has no
 * place of its own cannot name its neighbours: here each gets an address once those that it
 * imports have theirs. Of `import()`, `import.meta.url` and the loader of style sheets
 * py/playpage_site/site/single_file.py has made calls of what `page` defines in the app's frame.
 */

/** A static import of another of the front end's scripts. */
const IMPORT = /\b(from|import)\s*"\.{1,2}\/([^"]+\.js)"/g;

export class Modules {
  #read;
  #root;
  /** By path. @type {Map<string, Promise<string>>} */
  #addresses = new Map();

  /**
   * @param {(path: string) => Promise<ArrayBuffer>} read  a file in the page
   * @param {string} root  stands for the site's, in names of files
   */
  constructor(read, root) {
    this.#read = read;
    this.#root = root;
  }

  /**
   * An HTML file for a frame, its style sheets in it and its scripts at addresses.
   * @param {string} path
   */
  async page(path) {
    const text = await this.#text(path);
    const page = new DOMParser().parseFromString(text, "text/html");
    const links = [...page.querySelectorAll("link[rel=stylesheet]")];
    const scripts = /** @type {HTMLScriptElement[]} */ ([...page.querySelectorAll("script[src]")]);
    await Promise.all([
      ...links.map(async (link) => {
        link.replaceWith(await this.#style(page, link.getAttribute("href") ?? ""));
      }),
      ...scripts.map(async (script) => {
        script.src = await this.#address(script.getAttribute("src") ?? "");
      }),
    ]);
    const setUp = page.createElement("script");
    setUp.text = "parent.playpageInside.modules.setUp(globalThis);";
    page.head.prepend(setUp);
    return `<!doctype html>${page.documentElement.outerHTML}`;
  }

  /**
   * What the front end's scripts call. First in a frame.
   * @param {any} frame  its window
   */
  setUp(frame) {
    const load = new frame.Function("address", "return import(address)");
    Object.assign(frame, {
      playpageLite: `${this.#root}lite/`,
      playpageImport: async (/** @type {string} */ name) => load(await this.#address(place(name))),
      /** @param {string[]} [names]  of scripts, too, which are loaded by being imported */
      playpageStyles: async (names = []) => {
        for (const name of names) await this.#addStyle(frame.document, place(name));
      },
    });
  }

  /** @param {Document} page @param {string} path */
  async #addStyle(page, path) {
    if (!path.endsWith(".css") || page.querySelector(`style[data-file="${path}"]`)) return;
    page.head.append(await this.#style(page, path));
  }

  /** @param {Document} page @param {string} path */
  async #style(page, path) {
    const style = page.createElement("style");
    style.dataset.file = path;
    style.textContent = await this.#text(path);
    return style;
  }

  /** @param {string} path */
  async #text(path) {
    return new TextDecoder().decode(await this.#read(path));
  }

  /** @param {string} path @returns {Promise<string>} */
  #address(path) {
    const known = this.#addresses.get(path);
    if (known) return known;
    const address = this.#make(path);
    this.#addresses.set(path, address);
    return address;
  }

  /** @param {string} path */
  async #make(path) {
    const text = await this.#text(path);
    const names = [...text.matchAll(IMPORT)].map((match) => match[2]);
    const found = names.map(async (name) => /** @type {const} */ ([name, await this.#address(place(name))]));
    const addresses = new Map(await Promise.all(found));
    const whole = text.replace(IMPORT, (_, word, name) => `${word}"${addresses.get(name)}"`);
    return URL.createObjectURL(new Blob([whole], { type: "text/javascript" }));
  }
}

/**
 * The path of a file of the front end, however another of its files names it.
 * @param {string} name
 */
function place(name) {
  if (name.startsWith("lite/") || name.startsWith("js/")) return name;
  const file = name.slice(name.lastIndexOf("/") + 1);
  return file.startsWith("lite.") ? `lite/${file}` : `lite/assets/${file}`;
}
