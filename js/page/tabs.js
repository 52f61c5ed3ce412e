/** A tab list: one tab stop, arrow keys inside. */

/**
 * @param {HTMLElement} list  role=tablist, its tabs with role=tab and an id each
 * @param {(id: string) => void} onSelect  the chosen tab's id; show its panel here
 * @returns {(id: string) => void}  chooses a tab, without moving the focus
 */
export function setUpTabs(list, onSelect) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);

  /** @param {string} id */
  const select = (id) => {
    for (const tab of tabs) {
      const chosen = tab.id === id;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    onSelect(id);
  };

  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => select(tab.id));
    tab.addEventListener("keydown", ({ key }) => {
      const last = tabs.length - 1;
      const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last }[key];
      const target = next === undefined ? undefined : tabs[(next + tabs.length) % tabs.length];
      if (!target) return;
      target.focus();
      select(target.id);
    });
  });
  return select;
}
