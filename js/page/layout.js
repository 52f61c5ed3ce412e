/** Where things are: two splitters on a wide screen, three views on a phone. */

import { byId } from "./dom.js";
import { setUpTabs } from "./tabs.js";

/** @typedef {"code" | "app" | "output"} View */

/** Least and greatest share of a splitter, in percent. */
const LEAST = 15;
const MOST = 85;
const STEP = { small: 2, large: 10 };

/**
 * @typedef {object} Layout
 * @property {(view: View) => void} show
 * @property {() => void} markNews puts a dot on the Output tab, unless the reader looks at it
 */

/** @returns {Layout} */
export function setUpLayout() {
  setUpSplitter("columns", 47);
  setUpSplitter("rows", 66);
  const output = byId("view-output", HTMLButtonElement);
  const select = setUpTabs(byId("views", HTMLElement), (id) => {
    document.body.dataset.view = id.replace("view-", "");
    if (id === output.id) output.classList.remove("news");
  });
  select("view-app");
  return {
    show: (view) => select(`view-${view}`),
    markNews() {
      output.classList.toggle("news", document.body.dataset.view !== "output");
    },
  };
}

/**
 * A drag handle between two panes, with the keys of a window splitter (ARIA practices).
 * @param {"columns" | "rows"} axis
 * @param {number} initial  share of the first pane, in percent
 */
function setUpSplitter(axis, initial) {
  const handle = byId(`split-${axis}`, HTMLElement);
  const workspace = byId("workspace", HTMLElement);
  const across = axis === "columns";
  let share = initial;

  /** @param {number} wanted */
  const set = (wanted) => {
    share = Math.min(MOST, Math.max(LEAST, wanted));
    workspace.style.setProperty(`--split-${axis}`, share.toFixed(2));
    handle.setAttribute("aria-valuenow", share.toFixed(0));
  };
  handle.setAttribute("aria-valuemin", String(LEAST));
  handle.setAttribute("aria-valuemax", String(MOST));
  set(initial);

  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.classList.add("dragging");
    document.body.classList.add("dragging");
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = workspace.getBoundingClientRect();
    const style = getComputedStyle(workspace);
    const start = across ? box.left + parseFloat(style.paddingLeft) : box.top;
    const end = across
      ? box.right - parseFloat(style.paddingRight)
      : box.bottom - parseFloat(style.paddingBottom);
    const half = (across ? handle.offsetWidth : handle.offsetHeight) / 2;
    set((((across ? event.clientX : event.clientY) - half - start) / (end - start)) * 100);
  });
  handle.addEventListener("lostpointercapture", () => {
    handle.classList.remove("dragging");
    document.body.classList.remove("dragging");
  });
  handle.addEventListener("dblclick", () => set(initial));
  handle.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? STEP.large : STEP.small;
    const less = across ? "ArrowLeft" : "ArrowUp";
    const more = across ? "ArrowRight" : "ArrowDown";
    const shares = { [less]: share - step, [more]: share + step, Home: LEAST, End: MOST };
    const wanted = shares[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    set(wanted);
  });
}
