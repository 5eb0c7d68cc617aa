"""A portal with a small demo portfolio, a real Chromium, and nothing that it may complain about."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.db import connections
from django.test.testcases import LiveServerThread

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PROGRAM = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000
HERE = Path(__file__).parent
# What the console notes although nothing is wrong: a refusal answers a fragment with 409 or 422,
# and a check of what was typed gives way to the check of what is typed now.
EXPECTED = ("status of 409", "status of 422", "htmx:afterRequest", "htmx:sendAbort")

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")


# First, as xdist reads the groups in a hook of its own.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has the browser; without one the tests are skipped and said to be."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if PROGRAM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="package")
def portal(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a portal with three customers, the same for all tests of this folder.

    Its rows are committed, as its server reads them on other connections; a flush takes them away.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        # Playwright keeps an event loop in this thread; nothing here awaits the database.
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        call_command("seed_demo", customers=3, verbosity=0)
        server = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.terminate()
            connections.close_all()
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def db(portal) -> None:
    """In this folder tests see what the portal sees: committed rows, no transaction around them."""


@pytest.fixture(scope="package")
def chromium(portal):
    """The browser: one process for all tests."""
    with playwright.sync_playwright() as tools:
        program = tools.chromium.launch(executable_path=PROGRAM, args=OPTIONS)
        yield program
        program.close()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What a browser complains about while a test runs; anything makes the test fail.

    Console errors, violations of the content policy, scripts that stop, answers of 500.
    """
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def visit(chromium, db, portal, complaints) -> Iterator[Callable]:
    """`visit()`: a tab in a browser of its own, watched; options as Playwright's contexts take."""
    contexts = []

    def open_tab(**options):
        context = chromium.new_context(
            **{"base_url": portal, "locale": "en-GB", "reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        tab = context.new_page()
        watch(tab, complaints)
        return tab

    yield open_tab
    for context in contexts:
        context.close()


def watch(tab, complaints: list[str]) -> None:
    """Write down what goes wrong in this tab."""

    def said(message) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED):
            complaints.append(f"{tab.url}: {message.text}")

    def answered(response) -> None:
        if response.status >= 500:
            complaints.append(f"{response.status} {response.url}")

    tab.on("console", said)
    tab.on("pageerror", lambda error: complaints.append(f"{tab.url}: {error}"))
    tab.on("response", answered)
