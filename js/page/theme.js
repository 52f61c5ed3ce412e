/** The theme button: the system's own theme, light, dark. Kept for this visit only. */

import { byId } from "./dom.js";

/** @import { Theme } from "../frame/protocol.js" */

/** @type {Theme[]} */
const ORDER = [null, "light", "dark"];

/**
 * @param {(theme: Theme) => void} onChange
 * @param {Theme} [initial]
 */
export function setUpTheme(onChange, initial = null) {
  const button = byId("theme", HTMLButtonElement);
  const root = document.documentElement;
  let index = ORDER.indexOf(initial);
  const apply = () => {
    const theme = ORDER[index] ?? null;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    const label = `Theme: ${theme ?? "auto"}`;
    button.setAttribute("aria-label", label);
    button.title = label;
    onChange(theme);
  };
  button.addEventListener("click", () => {
    index = (index + 1) % ORDER.length;
    apply();
  });
  if (initial) apply();
}
