/** What the build put into the site; written by py/playpage_site/site/, bundled by esbuild. */
declare module "playpage:manifest" {
  export interface Frame {
    /** Bytes as served. */
    size: number;
    /** Bytes when decompressed. */
    rawSize: number;
    /** SHA-256 of the frame as served, hexadecimal. */
    sha256: string;
  }
  export interface Pack {
    /** Relative to the site's root. */
    file: string;
    /** Bytes as served: of all frames together. */
    size: number;
    /** Zstandard frames, one after the other. */
    frames: Frame[];
  }
  const manifest: {
    packs: Record<string, Pack>;
    /** Where Pyodide has packages, and the standard library's zip, in its file system. */
    python: { sitePackages: string; stdlib: string };
    /** Pyodide's functions. */
    wasm: {
      /** Relative to the site's root. */
      file: string;
      /** Hexadecimal. */
      sha256: string;
      /** Where in memory "pyodide/memory.bin" of the first pack goes. */
      memoryAt: number;
    };
    /** Modules in the pack of this name: what openai imports at its first calls. */
    deferred: string[];
    /** Packages that come with the pack "deferred", each true. */
    deferredFolders: Record<string, boolean>;
    /** By layer: folders in site-packages of what comes with its sources: does `__init__` too? */
    onDemandFolders: Record<string, Record<string, boolean>>;
    /** Given to Python as it is: `playpage.runtime.packages.Bundle` less `index_url`. */
    bundle: {
      layers: Record<string, Record<string, string>>;
      modules: Record<string, string>;
      absent: string[];
      index: string[];
      distribution: Record<string, string>;
    };
  };
  export default manifest;
}
