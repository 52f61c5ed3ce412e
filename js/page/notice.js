/** Notices under the header: what is wrong with the link that opened the page. */

import { copyFrom } from "./clipboard.js";
import { byId, make, makeButton } from "./dom.js";

/** @import { LinkError } from "../link/errors.js" */

/** Characters of a broken part that are shown; the button copies all of it. */
const MAX_SHOWN_CHARS = 20_000;

const EXAMPLE = "The playground opened with its example program instead.";
const WORDS = {
  code: { what: "code", then: EXAMPLE },
  reqs: { what: "requirements", then: "The program runs without them." },
  v2: { what: "program", then: EXAMPLE },
  url: { what: "address", then: EXAMPLE },
  key: { what: "key", then: "The program runs without it." },
};

/** @param {LinkError} error */
export function showLinkError(error) {
  const { what, then } = WORDS[error.part];
  const notice = make("div", "notice");
  notice.role = "alert";

  const head = make("div", "notice-head");
  const sentence = make("p", "");
  const title = make("strong", "", `The link’s ${what} (“${error.part}”) cannot be read:`);
  sentence.append(title, ` ${error.message}. ${then}`);
  head.append(
    sentence,
    makeButton("Dismiss", "small", () => notice.remove()),
  );

  const details = make("details", "");
  const raw = make("div", "notice-raw");
  const box = make("textarea", "");
  box.readOnly = true;
  box.setAttribute("aria-label", `The link’s ${what} as it arrived`);
  box.value = error.raw.slice(0, MAX_SHOWN_CHARS);
  const copy = makeButton("Copy", "small", () => void copyFrom(copy, error.raw));
  raw.append(box, copy);
  details.append(make("summary", "", "Show what arrived"), raw);

  notice.append(head, details);
  byId("notices", HTMLElement).append(notice);
}
