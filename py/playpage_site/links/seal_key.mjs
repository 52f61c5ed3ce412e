// For py/playpage_site/links/key_seal.py: {key, passphrase} on stdin, what goes after `key=` on stdout. The page's
// own module does it, so that there is one.
import { readFileSync } from "node:fs";

import { sealKey } from "../../../js/link/key.js";

const { key, passphrase } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(await sealKey(key, passphrase));
