"""How a page is built and laid out, asked of the browser; what axe-core finds wrong with it."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SIZES = ((1440, 900), (390, 844))
SCHEMES = ("light", "dark")
SKIP = "Skip to main content"
SERIOUS = ("serious", "critical")
BUILT = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(one => one.id);
  const focusable = document.querySelector("a[href], button, input:not([type=hidden]), summary");
  const shown = [...document.querySelectorAll("main :is(h1, h2, h3, h4)")].filter(
    one => one.checkVisibility());
  const level = one => Number(one.tagName[1]);
  return {
    headings: [...document.querySelectorAll("h1")].filter(one => one.checkVisibility()).length,
    skipped: shown.filter((one, at) => at && level(one) > level(shown[at - 1]) + 1)
      .map(one => one.textContent.trim()),
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    first: focusable ? focusable.textContent.trim() : "",
  };
}"""
TOO_WIDE = """() => {
  const root = document.documentElement;
  return root.scrollWidth - root.clientWidth;
}"""
AUDIT = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(one => ({
    rule: one.id, impact: one.impact, where: one.nodes.map(node => node.target.join(" ")),
  }));
}"""


def faults_of_structure(tab: Page) -> Iterator[str]:
    """One heading names the page, levels follow one another, no id comes twice, the skip link comes first."""
    built = tab.evaluate(BUILT)
    if built["headings"] != 1:
        yield f"{built['headings']} headings of the first level"
    if built["skipped"]:
        yield f"headings that skip a level: {built['skipped']}"
    if built["twice"]:
        yield f"ids that come twice: {built['twice']}"
    if built["first"] != SKIP:
        yield f"not the skip link comes first but {built['first']!r}"


def variants(tab: Page) -> Iterator[str]:
    """Show the page wide and narrow, light and dark."""
    for width, height in SIZES:
        tab.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            yield f"{width} px {scheme}"


def faults_of_layout(tab: Page) -> Iterator[str]:
    """No page is wider than the screen it is shown on."""
    for variant in variants(tab):
        over = tab.evaluate(TOO_WIDE)
        if over > 0:
            yield f"{variant}: {over} px too wide"


def faults_of_access(tab: Page) -> Iterator[str]:
    """What keeps somebody from using the page, as axe-core sees it."""
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE.read_text())
    for found in tab.evaluate(AUDIT):
        if found["impact"] in SERIOUS:
            yield f"{found['rule']} ({found['impact']}): {found['where'][:5]}"
