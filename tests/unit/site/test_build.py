"""The build: the same bytes twice, what is in the site, and packages of the distribution."""

from __future__ import annotations

import filecmp
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playpage_site.cli import main as build
from playpage_site.common import BuildError, find_node
from playpage_site.dev.serve import serving
from playpage_site.packs.zstd import NODE_MAJOR
from playpage_site.pyodide import distribution, in_node
from playpage_site.registry import wheels as fetch
from playpage_site.site.assemble import assemble
from support.distribution_mirror import make_mirror


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    (out / ".gitignore").touch()
    assemble(out)
    return out


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def differences(one: Path, other: Path) -> list[str]:
    """Files that only one of two sites has, or that differ."""
    names = [{name for name in files(site) if name != ".gitignore"} for site in (one, other)]
    same = sorted(names[0] & names[1])
    _, differ, odd = filecmp.cmpfiles(one, other, same, shallow=False)
    return sorted(names[0] ^ names[1]) + differ + odd


def test_second_build_gives_the_same_bytes(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiled anew, too. On a busy machine one snapshot in some 40 has come out otherwise, as
    DECISIONS.md tells; so of three builds two have to be the same."""
    sites = [built]
    for name in ("second", "third"):
        monkeypatch.setattr(in_node, "CACHE", tmp_path / f"pyodide-{name}")
        site = tmp_path / name
        assemble(site)
        found = [differences(earlier, site) for earlier in sites]
        if [] in found:
            return
        for line in found:
            # Nothing but the snapshot, and the scripts that name its file.
            assert all(one.startswith(("packs/heap-", "js/")) for one in line), line
        sites.append(site)
    pytest.fail(f"three builds, each another: {found}")


def test_no_file_names_a_host_at_which_it_would_fetch(built: Path) -> None:
    """Neither our own scripts nor the front end's start-up ask a font host or a CDN."""
    ours = [*built.glob("*.html"), *(built / "js").glob("*.js"), built / "lite" / "lite.js"]
    for path in ours:
        text = path.read_text("utf-8")
        assert "fonts.googleapis" not in text
        # Pyodide is in the worker's script, with the address of its own distribution's packages.
        assert "cdn" not in text or path.name in ("lite.js", "worker.js")


def test_addresses_are_relative(built: Path) -> None:
    for page in built.glob("*.html"):
        addresses = re.findall(r"(?:src|href)=\"([^\"]*)\"", page.read_text("utf-8"))
        assert addresses
        assert not [a for a in addresses if a.startswith("/")]


def test_licences_name_every_part(built: Path) -> None:
    text = (built / "licenses.txt").read_text("utf-8")
    for wheel in fetch.read_lock():
        if wheel.layer != "tests":
            assert re.search(
                rf"^{re.escape(wheel.name)} {re.escape(wheel.version)} +\S", text, re.M
            )
    for part in ("pyodide 314", "@gradio/lite 5.45", "@codemirror/view", "@lezer/python"):
        assert part in text
    assert "not declared" not in text


def test_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(BuildError, match="no build wrote it"):
        assemble(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(distribution, "CACHE", tmp_path / "cache")
    folder = make_mirror(tmp_path / "mirror")
    with serving(folder) as url:
        monkeypatch.setenv(distribution.MIRROR, url)
        yield folder


def decompressed(content: bytes, folder: Path) -> bytes:
    """All frames of a pack, undone by Node.js."""
    node = find_node(NODE_MAJOR)
    assert node, "no Node.js with Zstandard here"
    (folder / "pack").write_bytes(content)
    script = "process.stdout.write(zlib.zstdDecompressSync(fs.readFileSync(process.argv[1])))"
    command = [node, "-e", script, str(folder / "pack")]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_with_puts_a_package_into_the_site(mirror: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    assert build.main(["--with", "numpy", "-o", str(out)]) == 0
    assert (out / "pyodide" / "numpy-9.9.9-py3-none-any.whl").exists()
    served = next((out / "packs").glob("start-*.pack")).read_bytes()
    # The lock file is in the first of its frames; as the page has it, "numpy" is of this site.
    assert b'"file_name":"numpy-9.9.9-py3-none-any.whl"' in decompressed(served, tmp_path)


def test_with_refuses_a_file_that_differs(
    mirror: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (mirror / "numpy-9.9.9-py3-none-any.whl").write_bytes(b"something else")
    assert build.main(["--with", "numpy", "-o", str(tmp_path / "site")]) == 1
    assert re.search(r"(?s)numpy-9.9.9.*expected: sha256.*found:", capsys.readouterr().err)


def test_with_unknown_package(
    mirror: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build.main(["--with", "nonsense", "-o", str(tmp_path / "site")]) == 1
    assert "no package named nonsense" in capsys.readouterr().err
