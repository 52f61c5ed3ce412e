/**
 * The page in a frame of another page: what its address asks for (`theme`, `lang`, `editor`,
 * `host`; in the query or, after an `&`, in the fragment), and the height that it tells the other
 * page. js/embed.js is the other end. The first three can come with the program, too; the address
 * wins, so that whoever embeds a link need not decode it.
 */

/** @import { Theme } from "../frame/protocol.js" */

/** @param {string} name */
function parameter(name) {
  const address = location.search + location.hash;
  const [, found] = new RegExp(`[?&#]${name}=([^&#]*)`).exec(address) ?? [];
  if (found === undefined) return null;
  return decodeURIComponent(found.replace(/%(?![0-9a-f]{2})/gi, "%25"));
}

/** @type {Theme} */
export let theme = null;
/** Is only the app shown, without its code and the page's header? */
let isBare = false;
/** The language that the program's own words should be in, such as zh-TW. */
export let language = navigator.language || "en";
/** The only page that may embed this one, by origin; null: any. */
const host = parameter("host");

/** Is this a frame whose sandbox takes its origin away? */
export const isOpaque = self.origin === "null" && /^https?:$/.test(location.protocol);

show({});
document.getElementById("stuck")?.remove(); // a script has run

/**
 * Shows the page as the address asks, and where that says nothing, as the program does.
 * @param {Record<string, unknown>} options  the program's
 */
export function show(options) {
  const wanted = (/** @type {string} */ name) => parameter(name) ?? options[name];
  const asked = wanted("theme");
  theme = asked === "light" || asked === "dark" ? asked : null;
  if (theme) document.documentElement.dataset.theme = theme;
  const lang = wanted("lang");
  if (typeof lang === "string" && /^[a-z]{2,3}(-[a-z\d]+)*$/i.test(lang)) {
    document.documentElement.lang = lang;
    language = lang;
  }
  const editor = wanted("editor");
  isBare = editor === false || editor === "0";
  if (!isBare) return;
  document.body.classList.add("bare");
  document.body.dataset.editor = "off";
}

/** The embedding page's origin, once it has said hello. */
let to = "";
let height = 0;

/** Tell the embedding page how high this one's content is. @param {number} pixels */
export function tellHeight(pixels) {
  if (!isBare || !(pixels > 0)) return;
  height = pixels;
  if (to) parent.postMessage({ playpage: "height", height }, to);
}

if (parent !== self) {
  addEventListener("message", ({ data, source, origin }) => {
    if (source !== parent || data?.playpage !== "hello") return;
    if (host !== null && origin !== host) return;
    to = origin === "null" ? "*" : origin; // an opaque origin cannot be named
    if (height) parent.postMessage({ playpage: "height", height }, to);
  });
  // This message holds nothing, so anyone may read it.
  parent.postMessage({ playpage: "ready" }, "*");
}
