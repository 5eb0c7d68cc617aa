"""What a strict Content-Security-Policy asks of every template, and the manners of markup."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from accounts.templatetags.portal import icon_paths

FOLDER = settings.BASE_DIR / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
PAGES = [
    path for path in TEMPLATES if not {"mail", "messages"} & set(path.relative_to(FOLDER).parts)
]
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")", re.IGNORECASE
    ),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on\b|\bdata-hx-on\b", re.IGNORECASE),
    "an hx-vals that is evaluated": re.compile(r"hx-(vals|headers)=[\"']js:", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "something from another host": re.compile(
        r"<(script|link|img|iframe)\b[^>]*(src|href)=[\"']?(https?:)?//", re.IGNORECASE
    ),
}


def source(path: Path) -> str:
    """A template without its comments."""
    return COMMENT.sub("", path.read_text())


def name(path: Path) -> str:
    """The name by which Django knows it."""
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_stays_within_the_policy(path):
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(source(path))]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_compiles(path):
    engines["django"].get_template(name(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_the_icons_that_a_template_names_exist(path):
    for icon in re.findall(r"{%\s*icon\s+\"([^\"]+)\"", path.read_text()):
        assert icon_paths(icon)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_form_that_posts_carries_its_token(path):
    forms = re.findall(r"<form\b.*?</form>", source(path), re.DOTALL | re.IGNORECASE)
    posts = [form for form in forms if re.search(r"method=\"post\"", form, re.IGNORECASE)]
    assert [form[:80] for form in posts if "csrf_token" not in form] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_targets_are_never_called_an_sla_or_a_guarantee(path):
    assert re.findall(r"\bSLAs?\b|\bguarantee", source(path)) == []


def test_the_policy_allows_nothing_inline():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["script-src"] == ["'self'"]
    assert directives["style-src"] == ["'self'"]
    assert directives["default-src"] == ["'none'"]


def test_the_scripts_of_our_own_evaluate_nothing():
    for script in (settings.BASE_DIR / "static" / "js").rglob("*.js"):
        assert (
            re.findall(r"\beval\(|new Function\(|innerHTML\s*=|\.style\b", script.read_text()) == []
        )
