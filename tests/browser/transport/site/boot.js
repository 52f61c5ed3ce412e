/** Boots Pyodide for the transport's tests, on the page or in a worker, and runs Python. */

/**
 * @param {{jspi: boolean, wheels: string[], folders: Record<string, string>}} setup
 *   wheels: loaded into site-packages; folders: wheel URL -> folder of its own
 */
export async function boot(setup) {
  if (!setup.jspi) {
    const wasm = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (WebAssembly));
    for (const name of ["Suspending", "promising", "SuspendError"]) delete wasm[name];
  }
  const base = new URL("./", import.meta.url);
  const { loadPyodide } = await import(new URL("pyodide/pyodide.mjs", base).href);
  const pyodide = await loadPyodide();
  await pyodide.loadPackage(
    setup.wheels.map((name) => new URL(name, base).href),
    {
      messageCallback: () => {},
      checkIntegrity: false,
    },
  );
  for (const [name, folder] of Object.entries(setup.folders)) {
    const reply = await fetch(new URL(name, base));
    pyodide.unpackArchive(await reply.arrayBuffer(), "zip", { extractDir: folder });
  }
  return pyodide;
}

/**
 * @param {any} pyodide
 * @param {string} code Python that defines main(), plain or async
 * @param {string} argumentsJson keyword arguments of main()
 * @returns {Promise<string>} what main() returned, as JSON
 */
export async function run(pyodide, code, argumentsJson) {
  const globals = pyodide.toPy({ __name__: "case", arguments_json: argumentsJson });
  try {
    const source = `${code}
import inspect as _inspect, json as _json
_result = main(**_json.loads(arguments_json))
if _inspect.isawaitable(_result):
    _result = await _result
_json.dumps(_result)
`;
    return await pyodide.runPythonAsync(source, { globals, filename: "case.py" });
  } finally {
    globals.destroy();
  }
}
