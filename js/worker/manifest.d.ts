/** What the build put into the site; written by scripts/site.py, bundled by esbuild. */
declare module "playpage:manifest" {
  export interface Pack {
    /** Relative to the site's root. */
    file: string;
    /** SHA-256 of the file as served, hexadecimal. */
    sha256: string;
    /** Bytes as served. */
    size: number;
  }
  const manifest: {
    packs: Record<string, Pack>;
    /** Given to Python as it is: `playpage.runtime.packages.Bundle` less `index_url`. */
    bundle: {
      layers: Record<string, Record<string, string>>;
      modules: Record<string, string>;
      index: string[];
      distribution: Record<string, string>;
    };
    /** Bytes of Pyodide's own files that a start needs. */
    pyodideBytes: number;
  };
  export default manifest;
}
