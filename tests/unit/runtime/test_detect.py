"""What a program needs, read from its source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playpage.runtime.detect import Needs, project_name, read_needs


@pytest.mark.parametrize(
    ("code", "packages"),
    [
        ("import numpy as np", {"numpy"}),
        ("from PIL import Image", {"pillow"}),
        ("def f():\n    import pandas.api", {"pandas"}),
        ("import gradio as gr\ngr.Image()", {"numpy", "pillow"}),
        ("from gradio import Dataframe", {"numpy", "pandas"}),
        ("from gradio.components import Plot as P", {"numpy", "pillow"}),
        ("import gradio\ngradio.Interface(f, inputs=['text', 'image'], outputs='text')",
         {"numpy", "pillow"}),
        ("import gradio as gr\ngr.ChatInterface(f)\nprint('image')", set()),
        ("class Image: pass\nx.Image", set()),
        ("import gradio as gr\ngr.Textbox('dataframe')", set()),
    ],
)  # fmt: skip
def test_packages_that_must_be_real(code: str, packages: set[str]) -> None:
    assert read_needs(code).packages == packages


def test_installs_and_modules_of_the_wikis_first_line() -> None:
    needs = read_needs(
        "import micropip; await micropip.install('openai==1.39.0'); import httpx\n"
        "import gradio as gr"
    )
    assert needs.requirements == ("openai==1.39.0",)
    assert needs.modules == {"micropip", "httpx", "gradio"}


def test_installs_of_several() -> None:
    needs = read_needs("await micropip.install(['a', 'b>=2'], keep_going=True)\npip.install('c')")
    assert needs.requirements == ("a", "b>=2")


def test_relative_imports_are_the_programs_own() -> None:
    assert read_needs("from . import numpy\nfrom .pandas import x").modules == set()


@pytest.mark.parametrize("code", ["def (", "x = '\0'", "\ud800"])
def test_program_that_does_not_parse_needs_nothing(code: str) -> None:
    assert read_needs(code) == Needs()


@pytest.mark.parametrize(
    ("requirement", "name"),
    [
        ("Some_Project[extra]>=1", "some-project"),
        ("a.b-c == 2", "a-b-c"),
        ("  numpy", "numpy"),
        ("https://host/x-1.0-py3-none-any.whl", ""),
        ("x-1.0-py3-none-any.whl", ""),
    ],
)
def test_project_name(requirement: str, name: str) -> None:
    assert project_name(requirement) == name


@given(st.text())
def test_reading_never_raises(code: str) -> None:
    read_needs(code)
    project_name(code)
