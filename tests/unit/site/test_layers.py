"""A layer's files are shared out: none is lost, and what is left of the metadata is read."""

from __future__ import annotations

import re
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest
from playpage_site.registry.wheels import wheels
from playpage_site.site.assemble import LAYERS
from playpage_site.site.layers import METADATA, UNUSED, cache_path, split
from playpage_site.site.slim import layer_files

FILES = {
    "pkg/__init__.py": b"import os\n",
    "pkg/part.py": b"x = 1\n",
    "pkg/part.pyi": b"x: int\n",
    "pkg/data.json": b"{}",
    "pkg/fast.so": b"\0asm",
    "anyio/core.py": b"y = 2\n",
    "pkg-1.0.dist-info/METADATA": b"Name: pkg\r\nVersion: 1.0\r\n\r\nA long story.\r\n",
    "pkg-1.0.dist-info/RECORD": b"pkg/part.py,sha256=abc,6\npkg/part.pyi,sha256=d,7\n",
    "pkg-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\n",
    "pkg-1.0.dist-info/licenses/LICENSE": b"Take it.\n",
    "README.md": b"# pkg\n",
}
BYTE_CODE = {"pkg/__init__.py": b"code 0", "anyio/core.py": b"code 1"}


@pytest.fixture(scope="module", params=LAYERS)
def real(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return layer_files(wheels([request.param]))


def test_every_kind_of_file_has_its_part() -> None:
    layer = split(FILES, BYTE_CODE)
    assert set(layer.start) == {
        "pkg/data.json",
        "pkg/fast.so",
        "pkg-1.0.dist-info/METADATA",
        "pkg-1.0.dist-info/RECORD",
    }
    # In the source's place; beside the source where a module reads itself.
    assert layer.code == {
        "pkg/__init__.pyc": b"code 0",
        "anyio/core.py": b"y = 2\n",
        "anyio/__pycache__/core.cpython-314.pyc": b"code 1",
    }
    assert set(layer.sources) == {
        *("pkg/__init__.py", "pkg/part.py", "anyio/core.py", "README.md"),
        *("pkg-1.0.dist-info/WHEEL", "pkg-1.0.dist-info/licenses/LICENSE"),
    }
    assert layer.start["pkg-1.0.dist-info/METADATA"] == b"Name: pkg\nVersion: 1.0\n"
    record = layer.start["pkg-1.0.dist-info/RECORD"].splitlines()
    assert b"pkg/part.py,," in record
    assert not [line for line in record if b"sha256" in line]


def test_without_byte_code_the_sources_are_the_code() -> None:
    layer = split(FILES, {})
    assert layer.code["pkg/part.py"] == b"x = 1\n"
    assert layer.sources == {}


def test_byte_code_at_the_top_has_no_folder_before_it() -> None:
    assert cache_path("six.py") == "__pycache__/six.cpython-314.pyc"


def test_no_file_of_a_real_layer_is_lost(real: dict[str, bytes]) -> None:
    byte_code = {path: b"code" for path in real if path.endswith(".py") and "cli" not in path}
    layer = split(real, byte_code)
    served = layer.start | layer.sources
    assert set(served) == {path for path in real if not UNUSED.search(path)}
    assert all(real[path] == served[path] for path in served if not METADATA.search(path))
    lost = [path for path in real if UNUSED.search(path) and re.search(r"\.(py|so|json)$", path)]
    assert [path for path in lost if "/sboms/" not in path] == []
    assert set(layer.code) & set(layer.start) == set()


def test_shortened_metadata_says_the_same(real: dict[str, bytes], tmp_path: Path) -> None:
    start = split(real, {}).start
    folders = {path.partition("/")[0] for path in real if path.endswith(".dist-info/METADATA")}
    assert folders
    served = {path: content for path, content in real.items() if not UNUSED.search(path)}
    unpack(served, tmp_path / "whole")
    unpack(served | start, tmp_path / "short")
    for folder in folders:
        whole = PathDistribution(tmp_path / "whole" / folder)
        short = PathDistribution(tmp_path / "short" / folder)
        assert (short.name, short.version) == (whole.name, whole.version)
        assert short.requires == whole.requires
        assert short.metadata["Requires-Python"] == whole.metadata["Requires-Python"]
        assert list(short.entry_points) == list(whole.entry_points)
        # Older Pythons also list what is not there.
        listed = [str(f) for f in whole.files or [] if str(f) in served]
        assert [str(f) for f in short.files or [] if str(f) in served] == listed
        assert all(f.hash is None for f in short.files or [])


def unpack(files: dict[str, bytes], root: Path) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        # Of the others importlib.metadata asks only whether they are there.
        (root / path).write_bytes(content if ".dist-info/" in path else b"")
