/**
 * What Gradio's parts lack for readers who hear the app: names of buttons that are pictures, and
 * peace while an answer is being written. For every app, old links' too.
 */

import { BUTTONS, LOG, NESTED_BUTTON } from "../seams/gradio-dom.js";

/**
 * Buttons of the message box: in English and in Traditional Chinese. An app has names of its own
 * for them as `--playpage-name`, in its style sheet.
 */
const NAMES = [
  { selector: BUTTONS.send, en: "Send", zh: "傳送" },
  { selector: BUTTONS.stop, en: "Stop", zh: "停止" },
  { selector: BUTTONS.upload, en: "Add files", zh: "加入檔案" },
];

/** A log is read out when nothing has been added for so long. */
const QUIET_MS = 1000;

/** @param {HTMLElement} target what the app is mounted in */
export function setUpAccess(target) {
  /** @type {Map<Element, ReturnType<typeof setTimeout>>} */
  const timers = new Map();

  /** Busy is not read out. @param {Element} log */
  function hush(log) {
    clearTimeout(timers.get(log));
    log.setAttribute("aria-busy", "true");
    const timer = setTimeout(() => {
      timers.delete(log);
      log.removeAttribute("aria-busy");
    }, QUIET_MS);
    timers.set(log, timer);
  }

  function nameButtons() {
    const which = /^zh-TW$/i.test(navigator.language) ? "zh" : "en";
    for (const { selector, ...names } of NAMES) {
      for (const button of target.querySelectorAll(`${selector}:not([aria-label])`)) {
        const own = getComputedStyle(button).getPropertyValue("--playpage-name");
        const name = own.replaceAll('"', "") || names[which];
        button.setAttribute("aria-label", name);
        button.setAttribute("title", name);
      }
    }
    for (const arrow of target.querySelectorAll(`${NESTED_BUTTON}:not([inert])`)) {
      arrow.toggleAttribute("inert", true);
    }
  }

  new MutationObserver((changes) => {
    if (changes.some(({ addedNodes }) => addedNodes.length > 0)) nameButtons();
    /** @type {Set<Element>} */
    const logs = new Set();
    for (const { target: changed } of changes) {
      const element = changed instanceof Element ? changed : changed.parentElement;
      const log = element?.closest(LOG);
      if (log) logs.add(log);
    }
    logs.forEach(hush);
  }).observe(target, { childList: true, subtree: true, characterData: true });
}
