/**
 * Makes a memory snapshot of the site's Python with a chat warmed up; called by snapshot.py.
 *
 * node snapshot.mjs PYODIDE_DIR SITE_PACKAGES WARM_UP OUT_DIR PACK...
 * OUT_DIR gets snapshot.json, heap.bin, modules.txt (the names of what is imported) and the
 * extensions, by their paths in site-packages.
 *
 * Nothing of this machine may enter it: the clock stands still, what is random is not, and
 * the zone is UTC. So the same files give the same snapshot.
 */

import nodeCrypto from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { entries, unpack } from "../../../js/worker/packs/pack.js";
import { makerOptions, missingKeys, moduleOf } from "../../../js/seams/pyodide.js";
import { withLibraries } from "../../../js/worker/snapshot/libraries.js";
import { take } from "../../../js/worker/snapshot/take.js";

/** @import { PyodideModule } from "../../../js/seams/pyodide.js" */
/** @import { ModuleWithLibraries } from "../../../js/worker/snapshot/libraries.js" */

const [pyodideDir, sitePackages = "", warmUp = "", outDir, ...packFiles] = process.argv.slice(2);

standStill(Date.UTC(2026, 0, 1));
process.env.TZ = "UTC";

const packs = packFiles.map((file) => new Uint8Array(readFileSync(file)));
/** @type {Map<string, string>} */
const libraries = new Map();
for (const pack of packs) {
  for (const [path, bytes] of entries(pack)) {
    if (!path.endsWith(".so")) continue;
    const file = `${outDir}/${path}`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    libraries.set(`${sitePackages}/${path}`, file);
  }
}

/** @param {string} name */
const load = (name) => import(pathToFileURL(`${pyodideDir}/${name}`).href);
const { loadPyodide } = await load("pyodide.mjs");
const { default: create } = await load("pyodide.asm.mjs");
const pyodide = await loadPyodide({
  indexURL: `${pyodideDir}/`,
  ...makerOptions(withLibraries(create, libraries)),
  // Otherwise the path of PYODIDE_DIR would be in it.
  packageBaseUrl: "./",
  env: { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" },
  stdout: () => {},
  stderr: () => {},
});
const Module = /** @type {ModuleWithLibraries} */ (moduleOf(pyodide));
const missing = missingKeys(Module);
if (missing.length) {
  throw new Error(
    `Pyodide's Module lacks ${missing.join(", ")}, or has it as something else: Pyodide moved a ` +
      "seam. Read js/seams/pyodide.js and what stands there now.",
  );
}
for (const pack of packs) unpack(pyodide.FS, sitePackages, entries(pack), libraries);
const modules = await pyodide.runPythonAsync(`${readFileSync(warmUp, "utf-8")}
await warm_up()
await settle()
modules = "\\n".join(sorted(sys.modules))
for name in set(globals()) - {"__builtins__", "__name__", "__doc__", "modules"}:
    del globals()[name]
globals().pop("modules")
`);
const open = pyodide.FS.streams.filter((/** @type {any} */ stream) => stream?.fd > 2);
if (open.length) {
  const paths = open.map((/** @type {any} */ stream) => stream.path);
  throw new Error(`Python has files open: ${paths}`);
}

clearFreeMemory(Module);
const { snapshot, heap } = take(Module, libraries);
writeFileSync(`${outDir}/snapshot.json`, JSON.stringify(snapshot));
writeFileSync(`${outDir}/heap.bin`, heap);
writeFileSync(`${outDir}/modules.txt`, modules);
process.exit(0);

/**
 * Free memory holds what was there before; zeros compress better.
 * @param {PyodideModule} Module
 */
function clearFreeMemory(Module) {
  Module._malloc_set_footprint_limit(Module._malloc_footprint());
  /** @type {number[]} */
  const taken = [];
  for (let size_bytes = 1 << 24; size_bytes >= 16; size_bytes /= 2) {
    for (let at = Module._malloc(size_bytes); at; at = Module._malloc(size_bytes)) {
      Module.HEAPU8.fill(0, at, at + Module._malloc_usable_size(at));
      taken.push(at);
    }
  }
  for (const at of taken) Module._free(at);
  Module._malloc_set_footprint_limit(-1);
}

/** @param {number} now milliseconds since 1970 */
function standStill(now) {
  const RealDate = Date;
  globalThis.Date = /** @type {any} */ (
    class extends RealDate {
      /** @param {any[]} parts */
      constructor(...parts) {
        super(.../** @type {[any]} */ (parts.length ? parts : [now]));
      }
      static now() {
        return now;
      }
    }
  );
  performance.now = () => 0;
  /** @param {any} view */
  const fill = (view) => {
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).forEach((_, index, bytes) => {
      bytes[index] = index * 37 + 11;
    });
    return view;
  };
  crypto.getRandomValues = fill;
  nodeCrypto.randomFillSync = /** @type {any} */ (fill);
  syncBuiltinESMExports();
}
