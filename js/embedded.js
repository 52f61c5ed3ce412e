/**
 * The page in a frame of another page: what its address asks for (`theme`, `lang`, `editor`,
 * `host`; in the query or, after an `&`, in the fragment), and the height that it tells the other
 * page. embed.js is the other end.
 */

/** @typedef {import("./theme.js").Theme} Theme */

/** @param {string} name */
function parameter(name) {
  const found = new RegExp(`[?&#]${name}=([^&#]*)`).exec(location.search + location.hash);
  return found ? decodeURIComponent(found[1].replace(/%(?![0-9a-f]{2})/gi, "%25")) : null;
}

const wantedTheme = parameter("theme");
/** @type {Theme} */
export const theme = wantedTheme === "light" || wantedTheme === "dark" ? wantedTheme : null;
/** Is the app alone shown, without its code and the page's header? */
export const isBare = parameter("editor") === "0";
/** The only page that may embed this one, by origin; null: any. */
const host = parameter("host");

/** Is this a frame whose sandbox takes its origin away? */
export const isOpaque = self.origin === "null" && /^https?:$/.test(location.protocol);

const lang = parameter("lang");
const isLang = lang !== null && /^[a-z]{2,3}(-[a-z\d]+)*$/i.test(lang);
if (isLang) document.documentElement.lang = lang;
/** What the program's own words should be in; such as zh-TW. */
export const language = isLang ? lang : navigator.language || "en";
if (theme) document.documentElement.dataset.theme = theme;
if (isBare) {
  document.body.classList.add("bare");
  document.body.dataset.editor = "off";
}
document.getElementById("stuck")?.remove(); // a script has run

/** Of the embedding page, once it has greeted. */
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
    to = origin === "null" ? "*" : origin; // an origin without a name can be told no other way
    if (height) parent.postMessage({ playpage: "height", height }, to);
  });
  // It holds nothing, so anyone may read it.
  parent.postMessage({ playpage: "ready" }, "*");
}
