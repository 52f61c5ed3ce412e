// Called by key_seal.py: JSON {key, passphrase} on stdin, what goes after `key=` on stdout. The
// page's own module does it, so that the sealing is written once.
import { readFileSync } from "node:fs";

import { sealKey } from "../../../js/link/key.js";

const { key, passphrase } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(await sealKey(key, passphrase));
