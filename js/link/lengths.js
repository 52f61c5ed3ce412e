/**
 * How long a link is, compared with what it has to fit into. limits.json says what each place takes
 * and, for the page, the verdict on a link that has no more characters than that.
 * py/playpage_site/links/lengths.py, for the command line, reads the same table.
 */

import limits from "./limits.json";

/** @param {number} characters  of a link  @returns {string}  end of a sentence for the reader */
export function lengthVerdict(characters) {
  const verdicts = limits.filter((limit) => limit.verdict);
  const fitting = verdicts.find((limit) => characters <= limit.characters) ?? verdicts.at(-1);
  return fitting?.verdict ?? "";
}
