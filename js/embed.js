/**
 * For pages that embed playpage: frames marked `data-playpage` get the height of their content.
 * The other end is js/page/embedded.js. Only messages from such a frame are read, and only when
 * their origin is that of the frame's address ("null" where its sandbox takes the origin away).
 */

/** No message makes a frame higher. */
const MAX_HEIGHT_PX = 5000;

/** @param {HTMLIFrameElement} frame */
function originOf(frame) {
  const isOpaque = frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-same-origin");
  return isOpaque ? "null" : new URL(frame.src).origin;
}

/** @returns {HTMLIFrameElement[]} */
function embeds() {
  return [...document.querySelectorAll("iframe")].filter(
    (it) => "playpage" in it.dataset && it.src,
  );
}

/** @param {HTMLIFrameElement} frame */
function greet(frame) {
  const origin = originOf(frame);
  frame.contentWindow?.postMessage({ playpage: "hello" }, origin === "null" ? "*" : origin);
}

/**
 * Puts a sentence after a frame that the page's content-security policy refuses.
 * @param {string} directive  that refuses it
 * @param {string} blocked  address, as the browser reports it
 */
function explainRefusal(directive, blocked) {
  if (!/^(frame|child)-src$/.test(directive)) return;
  for (const frame of embeds()) {
    const { origin } = new URL(frame.src);
    if (!blocked.startsWith(origin) || frame.nextElementSibling?.matches(".playpage-refused"))
      continue;
    const text = document.createElement("p");
    text.className = "playpage-refused";
    text.textContent =
      "This page’s content-security policy refuses the frame. " +
      `Ask its administrator to add: frame-src ${origin}`;
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
    frame.style.height = `${Math.min(MAX_HEIGHT_PX, Math.max(least, Math.ceil(height)))}px`;
  });
  // A frame is mostly refused before this script runs. Browsers with ReportingObserver still have
  // that report; in others only a refusal that comes later is explained.
  if (typeof ReportingObserver === "function") {
    /** @param {Report[]} reports */
    const read = (reports) => {
      for (const { body } of reports) {
        const { effectiveDirective, blockedURL } = /** @type {any} */ (body);
        explainRefusal(effectiveDirective, blockedURL);
      }
    };
    new ReportingObserver(read, { types: ["csp-violation"], buffered: true }).observe();
  }
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    explainRefusal(effectiveDirective, blockedURI);
  });
  for (const frame of embeds()) {
    // A frame that has not loaded says "ready" when it has; greeting it now would log an error.
    if (frame.contentDocument?.URL !== "about:blank") greet(frame);
  }
}
