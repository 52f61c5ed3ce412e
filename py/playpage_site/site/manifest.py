"""The manifest: what the worker's script knows of this build.

js/worker/manifest.d.ts has its type; esbuild puts it into the script as `playpage:manifest`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from playpage_site.registry.platform import SITE_PACKAGES, STDLIB_ZIP
from playpage_site.registry.wheels import Wheel
from playpage_site.site.layers import Layer, module_name
from playpage_site.site.slim import import_names


def make_manifest(
    *,
    packs: Mapping[str, Any],
    wasm: Mapping[str, Any],
    layers: Mapping[str, Layer],
    deferred: Collection[str],
    bundle: Mapping[str, Any],
) -> dict[str, Any]:
    """The whole manifest.

    packs: entries of `packing.write_pack` by the pack's name. wasm: entry of Pyodide's
    WebAssembly. layers: by name. deferred: paths of byte code that the pack "deferred" holds.
    bundle: see `describe_bundle`.
    """
    return {
        "packs": packs,
        "python": {"sitePackages": SITE_PACKAGES, "stdlib": STDLIB_ZIP},
        "wasm": wasm,
        "deferred": sorted(map(module_name, deferred)),
        "deferredFolders": {
            path.rpartition("/")[0]: True for path in deferred if path.endswith("/__init__.pyc")
        },
        "onDemandFolders": {name: layer.on_demand_folders for name, layer in layers.items()},
        "bundle": bundle,
    }


def describe_bundle(
    locked: Mapping[str, Sequence[Wheel]],
    layers: Sequence[str],
    absent: Sequence[str],
    distribution: Mapping[str, str],
) -> dict[str, Any]:
    """What the site has of Python packages, and where a program's imports may come from.

    locked: wheels by layer, those of the index included. layers: the names of the layers that
    a page loads. absent: modules that imports tried and did without. distribution: import name
    to package name of Pyodide's distribution.
    """
    return {
        "layers": {layer: {w.name: w.version for w in locked[layer]} for layer in layers},
        "modules": {
            module: layer
            for layer in layers
            for wheel in locked[layer]
            for module in sorted(import_names(wheel))
        },
        "absent": absent,
        "index": sorted({wheel.name for wheels in locked.values() for wheel in wheels}),
        "distribution": distribution,
    }
