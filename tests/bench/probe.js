/**
 * Runs in the measured page before its own scripts, and notes when what a reader waits for is
 * there: milliseconds since navigation began, in `playpageBench.ms`. It looks every 10 ms, so
 * a time is up to 10 ms late.
 */
(() => {
  if (window !== top) return;
  /** @type {Record<string, number>} */
  const ms = {};
  const byId = (id) => document.getElementById(id);
  const app = () => byId("app")?.contentDocument;

  /** The chat's message box, if a reader could type into it: drawn, enabled, not covered. */
  function box() {
    const last = [...(app()?.querySelectorAll("textarea") ?? [])].at(-1);
    if (!last || last.disabled || last.readOnly || !last.getClientRects().length) return null;
    const frame = byId("app");
    const { left, top, width, height } = frame.getBoundingClientRect();
    const covered = document.elementFromPoint(left + width / 2, top + height / 2) !== frame;
    return frame.closest("[inert]") || covered ? null : last;
  }

  const texts = (selector) =>
    [...(app()?.querySelectorAll(selector) ?? [])].map((one) => one.textContent ?? "");

  const bench = (window.playpageBench = {
    ms,
    failed: "",
    /** @type {(() => boolean) | null} */
    wanted: null,

    /** Note the next Enter in the app as "enter", and the words in an answer as "answer". */
    expectAnswer(words, count) {
      delete ms.answer;
      const entered = () => (ms.enter = performance.now());
      app().addEventListener("keydown", entered, { capture: true, once: true });
      const said = () => texts(".message.bot").filter((text) => text.includes(words)).length;
      bench.wanted = () => said() >= count && note("answer");
    },

    /** Press a button of the page; "shown" is when an app with this heading can be used. */
    press(id, heading) {
      delete ms.shown;
      bench.wanted = () =>
        texts("h1").some((text) => text.includes(heading)) && box() !== null && note("shown");
      ms.pressed = performance.now();
      byId(id).click();
    },
  });

  function note(name) {
    ms[name] ??= performance.now();
    return true;
  }

  setInterval(() => {
    const state = byId("state")?.dataset.state;
    if (state && state !== "booting") note("Python ready");
    if (state === "failed") bench.failed = byId("message-text")?.textContent || "it failed";
    if (!("ready" in ms) && box()) note("ready");
    if (bench.wanted?.()) bench.wanted = null;
  }, 10);
})();
