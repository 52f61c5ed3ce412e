"""Links of version 2 and `#url=` in the page: files, hostile input, Share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from golden import make_v2
from playpage_site.dev.serve import serving
from playpage_site.links.opened import open_link
from playpage_site.links.program import Program
from playpage_site.links.v2 import encode_program
from playwright.sync_api import BrowserContext, Page, expect
from support.playground import Playground, Site, Traffic

CODE = "print('größe 🚀')\n"


def link_to(site: Site, program: Program) -> str:
    return f"{site.url}#{encode_program(program)}"


def test_program_arrives_and_is_not_sent(plain: Page, site: Site, traffic: Traffic) -> None:
    program = Program({"app.py": CODE.encode()}, requirements=["a==1"])
    plain.goto(link_to(site, program))
    expect(plain.locator("#code")).to_have_value(CODE)
    expect(plain.get_by_text("Code from the link")).to_be_visible()
    expect(plain.get_by_text("Packages from the link: a==1")).to_be_visible()
    expect(plain.get_by_role("alert")).to_have_count(0)
    assert not any("v2." in url for url in traffic.seen)


def test_files_are_there_before_the_program_runs(page: Page, site: Site, traffic: Traffic) -> None:
    files = {
        "main.py": b"import helpers, pathlib\n"
        b"print(helpers.word, pathlib.Path('data/a.bin').read_bytes())\n"
        b"pathlib.Path('data/a.bin').write_bytes(b'kept')\n",
        "helpers.py": b"word = 'helped'\n",
        "data/a.bin": b"\0\xff",
    }
    playground = Playground(page)
    playground.open(link_to(site, Program(files, "main.py")))
    playground.wait_until_ended()
    expect(playground.console).to_contain_text(r"helped b'\x00\xff'")
    playground.run()
    expect(playground.console).to_contain_text("helped b'kept'")


@pytest.mark.parametrize(
    ("fragment", "says"),
    [
        ("#v3.AAAA", "version 3 of the format, and this playpage reads version 2"),
        ("#v2.AAAAAA", "cut short"),
        ("#v2.AAAA<", "character 5 is"),
        (make_v2.link(b"\xff\xff"), "cannot be decompressed"),
        (make_v2.link(make_v2.pack(make_v2.payload({"runtime": "next"}))), "runtime “next”"),
        (make_v2.link(make_v2.pack(make_v2.payload({}, bytes(125_000_000)))), "more than 10000000"),
        ("?code=YWI%3D&reqs=%FF#v2.eyJ4IjoxfQ%3D%3D+/-_%20&url=x", "cannot be read"),
        ("#v2." + "A" * 1_900_000, "something was added"),
        ("#v2." + "A<" * 400_000, "character 2 is"),
    ],
    ids=["version", "cut", "letter", "junk", "runtime", "bomb", "mixed", "long", "long junk"],
)
def test_bad_links(plain: Page, site: Site, fragment: str, says: str) -> None:
    plain.add_init_script(
        """new MutationObserver((_, observer) => {
            if (!document.querySelector("#notices > *")) return;
            globalThis.toldAt = performance.now();
            observer.disconnect();
        }).observe(document, { subtree: true, childList: true });"""
    )
    plain.goto(site.url + fragment)
    notice = plain.get_by_role("alert")
    expect(notice).to_contain_text(says)
    # How long the browser takes to load a page by an address of 2 MB is its own affair. A tenth
    # of a second on a quick machine; an hour if the cost were the square of the length.
    began = "performance.getEntriesByName('playpage:opening')[0].startTime"
    assert plain.evaluate(f"toldAt - {began}") < 5000
    expect(plain.get_by_text("Example program", exact=True)).to_be_visible()
    plain.locator("#code").fill("x = 1")
    expect(plain.get_by_role("button", name="Run")).to_be_enabled()


def test_ten_megabytes_of_junk(plain: Page, site: Site) -> None:
    """Chromium loads no address that long, but an open page can be given it."""
    plain.goto(site.url)
    took_ms = plain.evaluate(
        """async () => {
            let start = Infinity;
            addEventListener("hashchange", () => (start = performance.now()), { capture: true });
            location.hash = "v2." + "A".repeat(1e7);
            while (!document.querySelector("#notices > *")) {
                await new Promise((resolve) => setTimeout(resolve, 10));
            }
            return performance.now() - start;
        }"""
    )
    assert took_ms < 5000
    expect(plain.get_by_role("alert")).to_contain_text("it is 10000000 characters long")
    expect(plain.get_by_role("button", name="Run")).to_be_enabled()


def test_another_link_in_an_open_page(plain: Page, site: Site) -> None:
    plain.goto(link_to(site, Program({"app.py": b"first = 1"})))
    expect(plain.locator("#code")).to_have_value("first = 1")
    plain.goto(link_to(site, Program({"app.py": b"second = 2"})))
    expect(plain.locator("#code")).to_have_value("second = 2")


def test_share_and_open_again(still: Page, site: Site, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    files = {"main.py": CODE.encode(), "a.bin": b"\0\xff"}
    program = Program(files, "main.py", ["a==1"], {"theme": "dark"})
    still.goto(link_to(site, program) + "&key=secret")
    Playground(still).set_code("changed = 'größe'\n")
    still.get_by_role("button", name="Share").click()
    box = still.get_by_role("textbox", name="Link to this program")
    link = box.input_value()
    assert still.evaluate("navigator.clipboard.readText()") == link
    expect(still.get_by_text(f"{len(link)} characters, short enough for any tool")).to_be_visible()
    assert link.startswith(site.url + "#v2.")
    assert "secret" not in link
    shared = open_link(link).program
    assert shared == Program(
        files | {"main.py": "changed = 'größe'\n".encode()}, "main.py", ["a==1"], {"theme": "dark"}
    )


@pytest.mark.parametrize(
    "line",
    ["API_KEY = 'abc'", "x = 'sk-abcdefghijklmnop'", "t = 'eyJhbGciOiJI.eyJzdWIiOiIx.dozjgNryP4'"],
)
def test_share_refuses_keys(still: Page, site: Site, line: str) -> None:
    still.goto(site.url)
    Playground(still).set_code(f"a = 1\n{line}\n")
    still.get_by_role("button", name="Share").click()
    notice = still.get_by_role("dialog", name="Not shared")
    expect(notice).to_contain_text("The program holds what looks like a key")
    expect(notice).to_contain_text("let the reader type a key into a field of the app")
    expect(notice.get_by_text("Include a key")).to_have_count(0)
    expect(notice).to_contain_text("app.py, line 2")
    expect(still.get_by_role("textbox", name="Link to this program")).to_have_count(0)
    expect(notice).not_to_contain_text(line[-6:-1])


OPTIONS = [
    ({"theme": "dark", "lang": "de", "editor": False}, "", ("dark", "de", True)),
    ({"theme": "dark", "lang": "de", "editor": "0"}, "?theme=light", ("light", "de", True)),
    ({"theme": "dark", "editor": False}, "?theme=auto&editor=1&lang=fr", (None, "fr", False)),
    ({}, "?theme=dark&editor=0", ("dark", "en", True)),
    ({"theme": "<b>", "lang": '"', "editor": True, "unknown": "x"}, "", (None, "en", False)),
]


@pytest.mark.parametrize(("options", "query", "shown"), OPTIONS)
def test_how_it_is_shown_comes_with_the_link(
    plain: Page,
    site: Site,
    options: dict[str, str | bool],
    query: str,
    shown: tuple[str | None, str, bool],
) -> None:
    """The address wins: whoever embeds a link need not take it apart."""
    fragment = encode_program(Program({"app.py": CODE.encode()}, options=options))
    plain.goto(f"{site.url}{query}#{fragment}")
    expect(plain.locator("#code")).to_have_value(CODE)
    theme, lang, is_bare = shown
    button = plain.locator("#theme")
    expect(button).to_have_attribute("aria-label", f"Theme: {theme or 'auto'}")
    root = plain.locator("html")
    assert root.get_attribute("data-theme") == theme
    assert root.get_attribute("lang") == lang
    for part in (plain.locator(".bar"), plain.locator("#code-pane")):
        expect(part).to_be_visible(visible=not is_bare)


@pytest.fixture
def other_host(tmp_path: Path) -> Iterator[str]:
    """Files on another port: another origin, which sends no CORS headers."""
    (tmp_path / "app.py").write_text(CODE, "utf-8")
    with serving(tmp_path) as url:
        yield url


def answer(
    page: Page, url: str, status: int = 200, body: str | bytes = CODE, **headers: str
) -> None:
    """What `url` answers. A route of the page's, so that CORS is as the browser does it."""
    sent = {"access-control-allow-origin": "*", "content-type": "text/plain"} | headers
    page.route(url, lambda route: route.fulfill(status=status, body=body, headers=sent))


def test_code_from_an_address(plain: Page, site: Site) -> None:
    answer(plain, "**/programs/app.py")
    plain.goto(f"{site.url}?reqs=YT09MQ#url=programs%2Fapp.py")
    expect(plain.locator("#code")).to_have_value(CODE)
    expect(plain.get_by_text(re.compile("Code from 127.0.0.1"))).to_be_visible()
    expect(plain.get_by_text("Packages from the link: a==1")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (404, "", "answered 404: there is no such file"),
        (403, "", "cannot be read without logging in"),
        (500, "", "answered 500"),
        (200, b"\x89PNG\0\xff", "is not text"),
        (200, b"caf\xe9", "is not text"),
        (200, "<!DOCTYPE html><p>hello", "web page, not of a program"),
        (200, "#" * 2_000_001, "longer than 2000000 bytes"),
    ],
)
def test_what_an_address_may_answer(
    plain: Page, site: Site, status: int, body: str | bytes, says: str
) -> None:
    answer(plain, "**/programs/app.py", status, body)
    plain.goto(f"{site.url}#url=programs/app.py")
    expect(plain.get_by_role("alert")).to_contain_text(says)
    expect(plain.locator("#code")).to_have_value(re.compile("gr.ChatInterface"))
    expect(plain.get_by_role("button", name="Run")).to_be_enabled()


def test_address_of_another_host(plain: Page, site: Site, other_host: str) -> None:
    plain.goto(f"{site.url}#url={other_host}app.py")
    notice = plain.get_by_role("alert")
    expect(notice).to_contain_text("does not let this page read it (CORS)")
    expect(notice).to_contain_text(f"Access-Control-Allow-Origin: {site.url.rstrip('/')}")


def test_address_that_cannot_be_reached(plain: Page, site: Site, other_host: str) -> None:
    plain.route(f"{other_host}**", lambda route: route.abort())
    plain.goto(f"{site.url}#url={other_host}app.py")
    expect(plain.get_by_role("alert")).to_contain_text("cannot be reached")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:,x", "%"])
def test_address_of_no_host(plain: Page, site: Site, address: str) -> None:
    plain.goto(f"{site.url}#url={address}")
    expect(plain.get_by_role("alert")).to_contain_text("not an http or https address")
