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
from accounts.rules.refusal import Named
from accounts.wording.refusals import TEXTS as REFUSALS
from accounts.wording.refusals import names_in
from workorders.models.orders import Unit
from workorders.queries.findings import Finding
from workorders.wording.findings import TEXTS, finding_words
from workorders.wording.orders import change_words
from workorders.wording.term import days_until, rate_words
from workorders.wording.units import figure_words, quantity_words, unit_name


def calls(*names):
    """The calls of these names with arguments in the code."""
    return [
        node
        for path in Path(settings.BASE_DIR / "workorders").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names and node.args
    ]


def finding_calls():
    """The findings that the code makes itself."""
    return calls("Finding")


def codes_of(call):
    """The reason codes that a call may give."""
    return {c.value for c in ast.walk(call.args[0]) if isinstance(c, ast.Constant)}


def named_figures(call):
    """The figures that a finding is given by name, where it is given them on the spot."""
    values = [one.value for one in call.keywords if one.arg == "figures"] or call.args[4:5]
    keys = [key for one in values if isinstance(one, ast.Dict) for key in one.keys]
    return {key.value for key in keys if isinstance(key, ast.Constant)}


def finding_codes():
    """The reason codes of findings and notes in the code."""
    return {code for call in calls("Finding", "Note") for code in codes_of(call)}


def test_every_finding_has_words():
    codes = finding_codes()
    assert len(codes) > 20
    assert codes - {"exhibit_expected"} - TEXTS.keys() - REFUSALS.keys() == set()


def test_the_words_of_every_finding_end_as_sentences():
    for code, texts in TEXTS.items():
        for text in filter(None, map(str, texts)):
            assert re.search(r"[.?]$", text), code


def test_every_finding_says_what_would_make_it_valid():
    assert {code for code, (_title, _detail, remedy) in TEXTS.items() if not str(remedy)} == set()


def test_every_finding_names_its_clause():
    silent = {
        ast.unparse(call.args[0])
        for call in finding_calls()
        if not any(one.arg == "clauses" for one in call.keywords) and len(call.args) < 3
    }
    assert silent == set()


def test_every_figure_of_a_finding_is_told():
    untold = {
        (code, name)
        for call in finding_calls()
        for code in codes_of(call) & TEXTS.keys()
        for name in named_figures(call)
        if name not in names_in("".join(map(str, TEXTS[code])))
    }
    assert untold == set()


def test_a_country_of_a_finding_is_named():
    figures = {"country": Named("DE", "Germany")}
    title = finding_words(Finding("ask_representative", figures=figures)).title
    assert title == "Nobody has recorded whether this is sold in Germany."


def test_a_finding_tells_its_figures():
    left = {"ceiling": Money(5_200_000, "EUR"), "left": Money(200_000, "EUR")}
    words = finding_words(Finding("over_cap", figures=left))
    assert words.detail == "Still free under the ceiling: €2,000 of €52,000."


def test_a_finding_without_its_figures_leaves_them_out():
    assert finding_words(Finding("over_cap")).detail == ""


def test_units_of_a_finding_are_named():
    figures = {"unit": Unit.EVENT, "expected": ["minute", "each"]}
    words = finding_words(Finding("unit_mismatch", figures=figures))
    assert words.detail == "The line counts in: event. It is counted in: hour, delivery."


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
