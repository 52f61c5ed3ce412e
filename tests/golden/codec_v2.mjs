// The page's own codec, for the tests that hold it against Python's. On stdin JSON: {decode: links,
// encode: programs}; on stdout what became of each, and how long it took. Bytes are base64.
import { readFileSync } from "node:fs";

import { openLink, readFragment } from "../../js/link/open.js";
import { decodeProgram, encodeProgram } from "../../js/link/v2.js";

const base64 = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString("base64");
const task = JSON.parse(readFileSync(0, "utf8"));
const decoded = [];
for (const link of task.decode ?? []) {
  const start = process.cpuUsage(); // of this process: others may keep the machine busy
  const { errors } = await openLink(link);
  const error = errors.find(({ problem }) => problem !== "unknown-runtime");
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  if (error) {
    decoded.push({ ms, error: { problem: error.problem, message: error.message } });
    continue;
  }
  const { version, data } = readFragment(link);
  if (version === null) {
    decoded.push({ ms });
    continue;
  }
  const { files, ...more } = await decodeProgram(data);
  const plain = Object.fromEntries([...files].map(([path, data]) => [path, base64(data)]));
  decoded.push({ ms, program: { files: plain, ...more } });
}
const encoded = [];
for (const { files, ...more } of task.encode ?? []) {
  const bytes = new Map();
  for (const [path, data] of Object.entries(files)) bytes.set(path, Buffer.from(data, "base64"));
  encoded.push(`#${await encodeProgram({ files: bytes, ...more })}`);
}
process.stdout.write(JSON.stringify({ decoded, encoded }));
