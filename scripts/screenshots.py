"""`make screenshots`: starts a portal of its own with demo data and photographs its pages.

    make screenshots ARGS="--only today,incident --languages en --readme"

Pictures go to `var/screenshots/NAME.LANGUAGE.SCHEME.WIDTH.png`. What a browser complains about on the
way (console errors, violations of the policy, answers of 500, pages wider than the screen) is listed, and
the command then ends with 1. `--readme` puts the picture of Today into `docs/screenshot.png`.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright
from playwright.sync_api import Page as Tab

from scripts.pages import NOBODY, PAGES, Page

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "screenshots"
SIZES = {1440: 900, 390: 844}
SCHEMES = ("light", "dark")
LANGUAGES = {"en": "en", "zh": "zh-hans"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 300
README = ("today", "en.light.1440")


@contextlib.contextmanager
def running_portal() -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """A portal with demo data in a folder of its own: its address, and per role e-mail and password."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {**os.environ, "DATA_DIR": folder, "PORT": str(port), "DEMO": "1"}
        environment |= {"DATABASE_URL": "", "REDIS_URL": "", "BASE_URL": "", "EMAIL_URL": ""}
        manage = [sys.executable, "manage.py"]
        address = f"http://127.0.0.1:{port}"
        with (FOLDER / "portal.log").open("wb") as log:
            process = subprocess.Popen(
                [*manage, "runportal", "--first-run", "--with-parent"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(address + "/healthz", process)
            told = subprocess.run(
                [*manage, "seed_demo", "--json"],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            people: dict[str, tuple[str, str]] = {}
            for row in json.loads(told.stdout):
                people.setdefault(row["role"], (row["email"], row["password"]))
            yield address, people
        finally:
            process.terminate()
            process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return when `url` answers; give up when the portal ended or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.2)
    sys.exit(f"The portal did not start; see {FOLDER / 'portal.log'}.")


class Photographer:
    """Walks through the pages of one person and notes what the browser complains about."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.complaints: list[str] = []
        self.page = ""

    def sign_in(self, tab: Tab, email: str, password: str) -> None:
        """Through the form, as a person would."""
        tab.goto(self.address + "/accounts/login/")
        tab.fill("input[name=login]:visible", email)
        tab.fill("input[name=password]:visible", password)
        tab.locator("form:has(input[name=password]:visible) button[type=submit]").first.click()
        tab.wait_for_load_state()

    def speak(self, tab: Tab, language: str) -> None:
        """Switch the language by the button in the corner, when it offers that language."""
        tab.goto(self.address + "/profile/")  # has the button for everybody; strangers: on sign-in
        button = tab.locator(f"button[name=language][value={language}]")
        if button.count():
            button.first.click()
            tab.wait_for_load_state()

    def listen(self, tab: Tab) -> None:
        """Note what goes wrong while a page is shown."""
        tab.on("pageerror", lambda error: self.note(f"script: {error}"))
        tab.on("console", lambda said: self.note(said.text) if said.type == "error" else None)
        tab.on("response", lambda got: self.note(f"{got.status} {got.url}", got.status))

    def note(self, complaint: str, status: int = 400) -> None:
        """Keep one complaint; the page that is meant to be missing may be."""
        again = complaint.startswith("Failed to load resource")  # the response said which
        if status >= 400 and not again and self.page != "not_found":
            self.complaints.append(f"{self.page}: {complaint}")

    def shoot(self, tab: Tab, page: Page, variant: str) -> None:
        """Open the page and take the picture of its whole length."""
        self.page = page.name
        tab.goto(self.address + page.path)
        if page.follow and not self.follow(tab, page.follow):
            self.note(f"no link on {page.path} matches {page.follow}")
            return
        tab.wait_for_load_state("networkidle")
        wide = tab.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide[0] > wide[1]:
            self.note(f"{variant}: {wide[0]} px wide on a screen of {wide[1]}")
        tab.screenshot(path=FOLDER / f"{page.name}.{variant}.png", full_page=True)
        if (page.name, variant) == README:
            tab.screenshot(path=FOLDER / "readme.png")

    def follow(self, tab: Tab, pattern: str) -> bool:
        """Open the first link that matches; links of a page that one link away shows count too."""
        for _step in range(2):
            links: list[str] = tab.eval_on_selector_all(
                "main a[href]", "links => links.map(link => link.getAttribute('href'))"
            )
            found = next(
                (link for link in links if re.fullmatch(pattern, link.partition("?")[0])), None
            )
            if found:
                tab.goto(self.address + found)
                return True
            parent = re.match(r"/\w+/\\d\+/", pattern)
            closer = parent and next((x for x in links if re.fullmatch(parent.group(), x)), None)
            if not closer:
                return False
            tab.goto(self.address + closer)
        return False


def main() -> int:
    """Take all pictures; the number of complaints decides the exit code."""
    options = arguments()
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if program is None:
        sys.exit("Screenshots need Chromium (Debian: apt-get install chromium fonts-noto-cjk).")
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [page for page in PAGES if not options.only or page.name in options.only]
    with running_portal() as (address, people), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        photographer = Photographer(address)
        for role in dict.fromkeys(page.role for page in wanted):
            pages = [page for page in wanted if page.role == role]
            with browser.new_context() as context:
                take(photographer, context, pages, people.get(role), options)
        browser.close()
    if options.readme:
        shutil.copy(FOLDER / "readme.png", ROOT / "docs" / "screenshot.png")
    print(f"\n{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}")
    for complaint in dict.fromkeys(photographer.complaints):
        print(f"  {complaint}")
    return 1 if photographer.complaints else 0


def take(
    photographer: Photographer,
    context: BrowserContext,
    pages: list[Page],
    person: tuple[str, str] | None,
    options: argparse.Namespace,
) -> None:
    """All pages of one person in every variant."""
    tab = context.new_page()
    photographer.listen(tab)
    photographer.page = f"sign-in of {pages[0].role or 'nobody'}"
    if person:
        photographer.sign_in(tab, *person)
    elif pages[0].role != NOBODY:
        photographer.note("the demo has nobody in this role")
        return
    for language in options.languages:
        photographer.speak(tab, LANGUAGES[language])
        for width, scheme in product(options.widths, options.schemes):
            tab.set_viewport_size({"width": width, "height": SIZES[width]})
            tab.emulate_media(color_scheme=scheme)
            for page in pages:
                photographer.shoot(tab, page, f"{language}.{scheme}.{width}")


def arguments() -> argparse.Namespace:
    """Everything is taken unless less is asked for."""
    parser = argparse.ArgumentParser(prog="make screenshots")
    listed: Any = lambda text: text.split(",")  # noqa: E731
    parser.add_argument("--only", type=listed, default=[], help="names of pages")
    parser.add_argument("--languages", type=listed, default=list(LANGUAGES))
    parser.add_argument("--schemes", type=listed, default=list(SCHEMES))
    parser.add_argument(
        "--widths", type=lambda text: [int(one) for one in text.split(",")], default=list(SIZES)
    )
    parser.add_argument("--readme", action="store_true", help="renew docs/screenshot.png")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
