/**
 * Compiles Python files with the site's own Pyodide; called by bytecode.py.
 *
 * node bytecode.mjs PYODIDE_DIR SITE_PACKAGES WARM_UP PROGRAM OUT_DIR PACK...
 * WARM_UP and PROGRAM are Python files, run one after the other.
 * OUT_DIR/bytecode.json becomes {"packages": {path: base64}, "stdlib": {path: base64}}.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { entries, unpack } from "../../../js/worker/packs/pack.js";

const [pyodideDir, sitePackages = "", warmUp = "", program = "", outDir, ...packs] =
  process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodideDir}/pyodide.mjs`).href);
// A fixed seed, so that sets in the byte code are written in the same order each time.
const pyodide = await loadPyodide({
  indexURL: `${pyodideDir}/`,
  env: { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1" },
  stdout: () => {},
  stderr: () => {},
});
for (const file of packs) {
  unpack(pyodide.FS, sitePackages, entries(new Uint8Array(readFileSync(file))));
}
const findZip = "next(p for p in __import__('sys').path if p.endswith('.zip'))";
pyodide.globals.set("SITE_PACKAGES", sitePackages);
pyodide.globals.set("STDLIB_ZIP", pyodide.runPython(findZip));

await pyodide.runPythonAsync(readFileSync(warmUp, "utf-8"));
const byteCode = await pyodide.runPythonAsync(readFileSync(program, "utf-8"));
writeFileSync(`${outDir}/bytecode.json`, byteCode);
// Gradio's tasks would keep the process alive.
process.exit(0);
