/**
 * For pages that embed playpage, served as embed.js: frames marked `data-playpage` get the height of
 * what is in them. The other end is embedded.js. Messages are taken only from such a frame, and only
 * when their origin is that of the frame's address ("null" where its sandbox takes the origin away).
 */

const MOST_PX = 5000;

/** @param {HTMLIFrameElement} frame */
function originOf(frame) {
  const isOpaque = frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-same-origin");
  return isOpaque ? "null" : new URL(frame.src).origin;
}

/** @returns {HTMLIFrameElement[]} */
function embeds() {
  return [...document.querySelectorAll("iframe")].filter((it) => "playpage" in it.dataset && it.src);
}

/** @param {HTMLIFrameElement} frame */
function greet(frame) {
  const origin = originOf(frame);
  frame.contentWindow?.postMessage({ playpage: "hello" }, origin === "null" ? "*" : origin);
}

/** @param {string} directive @param {string} blocked address, as the browser reports it */
function tellRefused(directive, blocked) {
  if (!/^(frame|child)-src$/.test(directive)) return;
  for (const frame of embeds()) {
    const { origin } = new URL(frame.src);
    if (!blocked.startsWith(origin) || frame.nextElementSibling?.matches(".playpage-refused")) continue;
    const text = document.createElement("p");
    text.className = "playpage-refused";
    text.textContent = `This page’s content-security policy refuses the frame. Ask its administrator to add: frame-src ${origin}`;
    frame.after(text);
  }
}

const page = /** @type {{playpageEmbeds?: true}} */ (/** @type {unknown} */ (window));
if (!page.playpageEmbeds) {
  page.playpageEmbeds = true; // a page with two embeds loads this twice
  addEventListener("message", ({ data, origin, source }) => {
    if (!data?.playpage) return;
    const frame = embeds().find((it) => it.contentWindow === source);
    if (!frame || origin !== originOf(frame)) return;
    if (data.playpage === "ready") greet(frame);
    const { height } = data;
    if (data.playpage !== "height" || !Number.isFinite(height)) return;
    const least = Number(frame.getAttribute("height")) || 150;
    frame.style.height = `${Math.min(MOST_PX, Math.max(least, Math.ceil(height)))}px`;
  });
  // The frame is mostly refused before this script is there: where browsers keep what they have
  // reported, it is asked for; else a frame that is refused later is told of.
  if (typeof ReportingObserver === "function") {
    /** @param {Report[]} reports */
    const read = (reports) => {
      for (const { body } of reports) {
        const { effectiveDirective, blockedURL } = /** @type {any} */ (body);
        tellRefused(effectiveDirective, blockedURL);
      }
    };
    new ReportingObserver(read, { types: ["csp-violation"], buffered: true }).observe();
  }
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    tellRefused(effectiveDirective, blockedURI);
  });
  for (const frame of embeds()) {
    // One that is not there yet says "ready" when it is; a greeting would be an error in the log.
    if (frame.contentDocument?.URL !== "about:blank") greet(frame);
  }
}
