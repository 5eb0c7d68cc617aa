"""Words of findings, changes, units and states."""

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from accounts.rules.money import Money
from accounts.wording.refusals import TEXTS as REFUSALS
from workorders.queries.findings import Finding
from workorders.wording.findings import TEXTS, finding_words
from workorders.wording.orders import change_words
from workorders.wording.term import days_until, rate_words
from workorders.wording.units import figure_words, quantity_words, unit_name


def finding_codes():
    """The reason codes of findings and notes in the code."""
    codes = set()
    for path in Path(settings.BASE_DIR / "workorders").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and named in ("Finding", "Note") and node.args:
                codes |= {c.value for c in ast.walk(node.args[0]) if isinstance(c, ast.Constant)}
    return codes


def test_every_finding_has_words():
    codes = finding_codes()
    assert len(codes) > 20
    assert codes - {"exhibit_expected"} - TEXTS.keys() - REFUSALS.keys() == set()


def test_the_words_of_every_finding_end_as_sentences():
    for code, texts in TEXTS.items():
        for text in filter(None, map(str, texts)):
            assert re.search(r"[.?]$", text), code


def test_a_finding_tells_its_figures():
    left = {"ceiling": Money(5_200_000, "EUR"), "left": Money(200_000, "EUR")}
    words = finding_words(Finding("over_cap", figures=left))
    assert words.detail == "Still free under the ceiling: €2,000 of €52,000."


def test_a_finding_without_its_figures_leaves_them_out():
    assert finding_words(Finding("over_cap")).detail == ""


def test_units_of_a_finding_are_named():
    words = finding_words(Finding("unit_mismatch", figures={"expected": ["minute", "each"]}))
    assert words.detail == "It is counted in: hour, delivery."


def test_a_finding_without_words_of_its_own_is_worded_as_the_refusal():
    assert (
        finding_words(Finding("tenant_required")).title == "At least one tenant has to be listed."
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("drafted", "Drafted"),
        ("changed: ends_on, title", "Changed: last day in force, title"),
        ("changed: no_such_column", "Changed: no_such_column"),
        ("line added: workshops", "Line added: Workshops"),
        ("line removed: gone", "Line removed: gone"),
        ("", "Changed"),
        ("imported", "imported"),
    ],
)
def test_changes_are_told_in_words(reason, words):
    assert change_words(reason, {"workshops": "Workshops"}) == words


@pytest.mark.parametrize(
    ("quantity", "unit", "words", "figure"),
    [
        (340, "credit", "340 credits", "340"),
        (1, "credit", "1 credit", "1"),
        (60, "minute", "1 hour", "1"),
        (1650, "minute", "27.5 hours", "27.5"),
        (960_000, "EUR", "€9,600", "€9,600"),
    ],
)
def test_quantities_are_written_in_their_unit(quantity, unit, words, figure):
    assert (quantity_words(quantity, unit), figure_words(quantity, unit)) == (words, figure)


def test_a_delivery_as_a_unit_is_not_a_mode_of_delivery():
    with translation.override("zh-hans"):
        assert unit_name("each") != translation.gettext("delivery")
    assert (unit_name("each"), unit_name("EUR")) == ("delivery", "EUR")


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (None, ""),
        (Decimal("0.92000000"), "0.9200"),
        (Decimal("7.123456"), "7.123456"),
        (Decimal(100), "100.0000"),
    ],
)
def test_rates_have_at_least_four_places(rate, words):
    assert rate_words(rate) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [(23, "today"), (24, "in 1 day"), (30, "in 7 days"), (22, "1 day ago"), (1, "22 days ago")],
)
def test_days_are_told_from_today(day, words):
    assert days_until(date(2026, 11, day), date(2026, 11, 23)) == words
