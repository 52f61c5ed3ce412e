/**
 * Links inside the app's frame. Followed there, one would take the app's place; and a file of
 * the app's is nowhere on the network: only the runtime can get it.
 */

import { APP_HOST } from "../seams/lite.js";

/** @import { ResponseEvent } from "../worker/protocol.js" */
/** @import { AppRuntime } from "./protocol.js" */

/** @param {() => AppRuntime | undefined} runtime  of the app that is shown */
export function setUpLinks(runtime) {
  addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    const raw = link.getAttribute("href") ?? "";
    if (raw.startsWith("#")) {
      // A frame without an address of its own would leave for its page's.
      event.preventDefault();
      document.getElementById(decoded(raw.slice(1)))?.scrollIntoView();
      return;
    }
    if (!/^https?:$/.test(link.protocol)) return;
    const app = runtime();
    if (link.host === APP_HOST && app) {
      event.preventDefault();
      const name = link.download || decodeURIComponent(link.pathname.split("/").pop() ?? "file");
      void download(app, new URL(link.href), name);
    } else if (!link.target || link.target === "_self") {
      link.target = "_blank";
      link.relList.add("noopener");
    }
  });
}

/** @param {string} text percent-encoded, or with a percent sign of its own */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Get a file of the app's and have the browser save it.
 * @param {AppRuntime} runtime
 * @param {URL} url
 * @param {string} name
 */
async function download(runtime, url, name) {
  /** @type {[string, string][]} */
  const headers = [["host", APP_HOST]];
  const path = decodeURIComponent(url.pathname);
  const port = runtime.request({ method: "GET", path, query: url.search.slice(1), headers });
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let status = 0;
  const error = await new Promise((resolve) => {
    port.onmessage = (/** @type {MessageEvent<ResponseEvent>} */ { data }) => {
      if (data.type === "start") status = data.status;
      else if (data.type === "chunk") parts.push(/** @type {any} */ (data.body));
      else resolve(data.error);
    };
    port.postMessage({ type: "body", body: null, more: false });
  });
  port.close();
  if (error || status !== 200) {
    const summary = `${name} could not be downloaded: ${error ?? `the app answered ${status}`}`;
    runtime.reportError({ summary, traceback: "" });
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
