"""esbuild, with the options that all of the site's scripts have."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from playpage_site.common import ROOT, BuildError
from playpage_site.registry.npm import tool

#: Modules, minified, for the browsers of 2022; Python programs and texts are imported as strings.
OPTIONS = (
    *("--bundle", "--minify", "--target=es2022", "--legal-comments=none"),
    *("--loader:.py=text", "--loader:.txt=text", "--external:node:*", "--external:ws"),
)


def bundle(
    scripts: list[str], *options: str, form: str = "esm", folder: Path = ROOT, what: str = ""
) -> bytes:
    """Run esbuild on scripts, named relative to `folder`; gives what it prints.

    form: "esm" or "iife". options: more of esbuild's own; without `--outdir` there is one script,
    and it is printed. what: said to be impossible by the BuildError that a failure raises.
    """
    command = [tool("esbuild"), *scripts, *OPTIONS, f"--format={form}", *options]
    command += ["--log-level=warning"]
    result = subprocess.run(command, cwd=folder, capture_output=True)
    if result.returncode:
        what = what or f"{Path(scripts[0]).name} could not be bundled."
        raise BuildError(f"{what}\n{result.stderr.decode()}")
    return result.stdout


def npm_packages(paths: list[str]) -> list[str]:
    """The npm packages that these inputs of a bundle, relative to the project, are of."""
    package = re.compile(r"^node_modules/((?:@[^/]+/)?[^/]+)/")
    return sorted({match[1] for path in paths if (match := package.match(path))})
