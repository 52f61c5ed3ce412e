// Decodes links with the page's own decoder, for the tests that hold it against Python's:
// a JSON list of links on stdin, a JSON list of {link, ms} on stdout. Milliseconds of the
// processor, for the tests run on machines that others use, too.
import { readFileSync } from "node:fs";

import { decodeLink } from "../../js/link/legacy.js";

const links = JSON.parse(readFileSync(0, "utf8"));
const results = links.map((/** @type {string} */ link) => {
  const start = process.cpuUsage();
  const { demo, code, requirements, errors } = decodeLink(link);
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  const plain = errors.map((error) => ({
    part: error.part,
    problem: error.problem,
    message: error.message,
    raw: error.raw,
    position: error.position,
  }));
  return { link: { demo, code, requirements, errors: plain }, ms };
});
process.stdout.write(JSON.stringify(results));
