"""The page's looks: themes, a phone's width, contrast. Without Python."""

from __future__ import annotations

import pytest
from playpage_site.links.legacy import legacy_link
from playwright.sync_api import Page, expect
from support.playground import Site


def test_theme_button(still: Page, site: Site) -> None:
    still.emulate_media(color_scheme="dark")
    still.goto(site.url)
    button = still.get_by_role("button", name="Theme")
    grounds = [ground(still)]
    names = []
    for _ in range(3):
        button.click()
        grounds.append(ground(still))
        names.append(button.get_attribute("aria-label"))
    assert names == ["Theme: light", "Theme: dark", "Theme: auto"]
    auto, light, dark, auto_again = grounds
    assert auto == dark == auto_again != light


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


@pytest.mark.parametrize("width", [360, 390])
def test_phone_width(still: Page, site: Site, width: int) -> None:
    still.set_viewport_size({"width": width, "height": 700})
    still.goto(legacy_link(site.url, "x = '" + "long " * 100 + "'", ["requests"]))
    for name, shown in (("Code", ".cm-content"), ("Output", "#console"), ("App", "#progress")):
        still.get_by_role("tab", name=name, exact=True).click()
        expect(still.locator(shown)).to_be_visible()
        assert still.evaluate("document.documentElement.scrollWidth") == width
    source = still.get_by_text("Code from the link")
    assert source.evaluate("it => it.scrollWidth <= it.clientWidth"), "cut off"
    still.get_by_role("tab", name="App", exact=True).press("ArrowLeft")
    expect(still.get_by_role("tab", name="Code", exact=True)).to_be_focused()
    expect(still.locator(".cm-content")).to_be_visible()


#: Pairs of custom properties, text on ground, that stand on each other somewhere.
CONTRASTS = [
    *((text, on) for text in ("text", "muted") for on in ("ground", "pane", "raised", "hover")),
    *((text, "warn-ground") for text in ("text", "muted")),
    *(("bad", on) for on in ("pane", "bad-ground")),
    *(
        (f"code-{name}", on)
        for name in ("keyword", "string", "number", "comment", "name")
        for on in ("pane", "code-active")
    ),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(still: Page, site: Site, scheme: str) -> None:
    still.goto(site.url)
    still.evaluate("scheme => { document.documentElement.dataset.theme = scheme }", scheme)
    ratios = still.evaluate(
        """(pairs) => pairs.map((pair) => {
            const probe = document.createElement("p");
            document.body.append(probe);
            const [text, ground] = pair.map((name) => {
                probe.style.color = name.startsWith("#") ? name : `var(--${name})`;
                const [r, g, b] = getComputedStyle(probe).color.match(/[\\d.]+/g).map((c) => {
                    const part = c / 255;
                    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            });
            probe.remove();
            return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
        })""",
        [*CONTRASTS, ("#ffffff", "primary"), ("#ffffff", "primary-hover")],
    )
    low = [(pair, ratio) for pair, ratio in zip(CONTRASTS, ratios, strict=False) if ratio < 4.5]
    assert low == []
    assert min(ratios[-2:]) >= 4.5
    assert max(ratios) < 21.01
