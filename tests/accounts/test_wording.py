"""Words: every refusal and every label of a proof has some, numbers and dates read right."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Named, Refused
from accounts.wording import refusals
from accounts.wording.clauses import clause_name, is_reading
from accounts.wording.labels import LABELS
from accounts.wording.proofs import proof_of
from accounts.wording.refusals import PARTS, TEXTS, names_in, refusal_words, write_figure

BASE = settings.BASE_DIR
CASES = sorted((BASE / "tests" / "portal" / "cases").rglob("*.yaml"))
PACKAGES = ("accounts", "services", "workorders", "incidents", "ussd_portal")
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def sources() -> list[Path]:
    """The code of the packages."""
    found = [path for name in PACKAGES for path in (BASE / name).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    """The code of the packages, parsed once."""
    return tuple((path, ast.parse(path.read_text())) for path in sources())


def constants(node: ast.AST) -> set[str]:
    """The string constants that an expression may yield."""
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def refusing() -> Iterator[tuple[set[str], set[str | None]]]:
    """The reason codes of each call of `Refused` and the names that it gives."""
    for _path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                codes = constants(node.args[0]) if node.args else set()
                yield codes, {one.arg for one in node.keywords}


def figures_given() -> Iterator[tuple[str, str, str]]:
    """Each figure that a call of `Refused` gives: reason code, name, expression."""
    for _path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                codes = constants(node.args[0]) if node.args else set()
                for one in node.keywords:
                    if one.arg not in {None, "clause", "field", "overridable"}:
                        for code in codes & TEXTS.keys():
                            yield code, str(one.arg), ast.unparse(one.value)


def told(code: str) -> set[str]:
    """The figures that the words of a reason code ask for."""
    parts = (one if isinstance(one, tuple) else (one,) for one in TEXTS[code][1:])
    return {name for part in parts for text in part for name in names_in(str(text))}


def refused_codes() -> set[str]:
    """The reason codes in calls of `Refused` and in tables and helpers that feed them."""
    return {code for codes, _names in refusing() for code in codes}


def always_carried(code: str) -> set[str | None]:
    """The figures that every refusal with this code carries."""
    calls = [names for codes, names in refusing() if code in codes and None not in names]
    return set.intersection(*calls) if calls else set()


def in_pairs(detail: object, remedy: object) -> list[tuple[str, str]]:
    """Each remedy with the detail beside which it is told."""
    if not isinstance(remedy, tuple):
        return [("", str(remedy))]
    assert isinstance(detail, tuple)
    return [(str(told), str(act)) for told, act in zip(detail, remedy, strict=True)]


def mentioned_words() -> set[str]:
    """Every string constant of the code but those of the wording itself."""
    words: set[str] = set()
    for path, tree in trees():
        if "refusals" not in (path.stem, path.parent.name):
            words |= constants(tree)
    return words


def test_every_reason_code_has_words():
    codes = {code for code in refused_codes() if re.fullmatch(r"[a-z_]+", code)}
    assert codes - TEXTS.keys() == set()


def test_every_reason_code_of_the_worked_cases_has_words():
    text = "".join(path.read_text() for path in CASES)
    codes = set(re.findall(r"\breason\"?: \"?([a-z_]+)", text)) - {"null"}
    assert len(codes) > 10
    assert codes - TEXTS.keys() == set()


def test_every_wording_belongs_to_a_code_that_is_used():
    assert TEXTS.keys() - mentioned_words() == set()


def test_a_refusal_has_its_words_in_one_place():
    assert sum(len(part.TEXTS) for part in PARTS) == len(TEXTS)


def test_the_words_of_every_refusal_end_as_sentences():
    for code, (title, detail, remedy) in TEXTS.items():
        details = detail if isinstance(detail, tuple) else (detail,)
        remedies = remedy if isinstance(remedy, tuple) else (remedy,)
        for text in filter(None, map(str, (title, *details, *remedies))):
            assert text[0].isupper() or text[0] in "{“", code
            assert text.endswith((".", "}", "?")), code


def test_every_refusal_says_what_would_make_it_valid():
    silent = {
        code
        for code, (_title, detail, remedy) in TEXTS.items()
        if not all(act for _told, act in in_pairs(detail, remedy))
    }
    assert silent == set()


def test_no_remedy_is_left_out_for_want_of_its_figures():
    lacking = {
        code: names
        for code, (_title, detail, remedy) in TEXTS.items()
        for told, act in in_pairs(detail, remedy)
        if (names := names_in(act) - names_in(told)) and names - always_carried(code)
    }
    assert lacking == {}


# Given for programs, or to say in which notation the others are written.
UNTOLD = {
    ("already_reversed", "transfer"),
    ("amount_invalid", "year"),
    ("file_broken", "column"),
    ("file_broken", "file"),
    ("file_broken", "line"),
    ("local_time_ambiguous", "first"),
    ("local_time_ambiguous", "second"),
    ("not_overridable", "code_refused"),
    ("onboarding_period", "last_day"),
    ("order_refused", "reasons"),
    ("quote_changed", "loss"),
    ("single_location", "allowed"),
    ("stale_edit", "changes"),
    ("step_not_allowed", "chart"),
    ("too_early", "last_day"),
    ("too_late", "first_day"),
}


def test_every_figure_that_a_refusal_has_is_told():
    untold = {(code, name) for code, name, _value in figures_given() if name not in told(code)}
    beside = {(code, name) for code, name in untold if name in {"unit", "session_on"}}
    in_the_title = {(code, name) for code, name in untold if name in names_in(str(TEXTS[code][0]))}
    assert untold - beside - in_the_title == UNTOLD


A_CODE = re.compile(
    r"(\.|^)(code|role|track|material|channels?|mode|kind|status|funding|unit|duty|country|offering)$"
)


def test_no_refusal_tells_a_code_where_a_name_belongs():
    bare = {
        (code, name, value)
        for code, name, value in figures_given()
        if name in told(code) and name not in refusals.CODES and A_CODE.search(value)
    }
    by_their_name = {one for one in bare if one[1] == "edition" or one[2].endswith("country")}
    places = {one for one in bare if one[1] == "location"}
    assert bare - by_their_name - places == set()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "It names “debug logs”."), ("zh-hans", "所填为“调试日志”。")]
)
def test_a_code_is_told_by_its_name_and_given_as_it_is(language, words):
    with translation.override(language):
        named = Named("debug_logs", translation.gettext("debug logs"))
        refusal = Refused("no_such_material", material=named)
        assert (refusal_words(refusal).detail, refusal.figures["material"]) == (words, "debug_logs")


def test_a_code_without_a_name_is_told_as_it_is():
    assert refusal_words(Refused("no_such_role", role=Named("x", None))).detail == "It names “x”."


@pytest.mark.parametrize(
    ("code", "figures", "detail"),
    [
        ("quantity_invalid", {"quantity": -3}, "−3 was entered."),
        (
            "quantity_invalid",
            {"quantity": 0, "location": "Pune"},
            "0 was entered for Pune.",
        ),
        (
            "in_the_future",
            {"at": date(2026, 11, 25), "today": date(2026, 11, 23)},
            "Wed 25 Nov 2026 was entered, and today is Mon 23 Nov 2026.",
        ),
        (
            "event_too_long",
            {"maximum": 5, "needed": 3},
            "One event covers at most 5 consecutive days, so this takes 3 events.",
        ),
        (
            "rate_required",
            {"on": date(2026, 11, 23), "country": Named("DE", "Germany")},
            "No value of a credit is recorded for Germany on Mon 23 Nov 2026.",
        ),
        (
            "rate_required",
            {"currency": "EUR"},
            "The order is in EUR and states no rate to the US dollar.",
        ),
        ("not_allowed", {"role": "csam_lead"}, "You act as CSAM lead."),
        (
            "prerequisite_missing",
            {"missing": "azure_subscription"},
            "Missing: the active Azure subscription.",
        ),
        ("base_required", {"first_day": None, "last_day": None}, ""),
    ],
)
def test_a_refusal_says_what_was_entered_and_what_lacks(code, figures, detail):
    assert refusal_words(Refused(code, **figures)).detail == detail


@pytest.mark.parametrize(
    ("figures", "remedy"),
    [
        ({"last_day": NOON.date()}, "Choose that day or an earlier one."),
        (
            {"last_day": NOON.date(), "requested_until": NOON.date()},
            "Ask for a later date; staff may take a late request with a written reason.",
        ),
        ({"closed_at": NOON}, "Ask at the next incident, before it is closed."),
        ({}, "Choose that day or an earlier one."),
    ],
)
def test_a_remedy_goes_with_the_figures_that_are_told(figures, remedy):
    assert refusal_words(Refused("too_late", **figures)).remedy == remedy


def test_a_refusal_tells_reason_figures_and_what_would_make_it_valid():
    words = refusal_words(
        Refused(
            "over_cap",
            clause="2.2-F3",
            asked=Money(5_400_000, "EUR"),
            left=Money(200_000, "EUR"),
            ceiling=Money(5_200_000, "EUR"),
        )
    )
    assert words.sentence == (
        "Over the ceiling for credits and custom services. "
        "Asked €54,000, still free under the ceiling €2,000 of €52,000. "
        "Lower the amount, or pay the rest with money."
    )


def test_a_detail_whose_figures_are_missing_is_left_out():
    assert refusal_words(Refused("over_cap")).detail == ""


def test_a_code_without_words_is_still_readable():
    assert refusal_words(Refused("quite_new_code")).title == "quite new code"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "yes"),
        (12_400, "12,400"),
        (date(2026, 12, 2), "Wed 2 Dec 2026"),
        ([1, 2], "1, 2"),
        ("Pune", "Pune"),
    ],
)
def test_figures_of_a_refusal_are_written_for_the_reader(value, words):
    assert write_figure(value) == words


# --- clauses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("2.8-C20", "§2.8 C20"),
        ("1-A3", "§1 A3"),
        ("A-BS10", "App. A BS10"),
        ("0-C4", "Reading C4"),
        ("X-12", "Reading X12"),
    ],
)
def test_a_clause_is_named_as_on_the_chips(code, name):
    assert clause_name(code) == name


def test_readings_are_told_from_clauses():
    assert [is_reading(code) for code in ("0-C4", "X-12", "2.8-C20")] == [True, True, False]


# --- labels and proofs ----------------------------------------------------------------------


def explained_labels() -> set[str]:
    """The labels of pairs in the rules that explain their results."""
    labels: set[str] = set()
    for path in sources():
        text = path.read_text()
        if "rules" not in path.parts or "Explained(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                first = node.elts[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    labels.add(first.value)
    clause = re.compile(r"[0-9ABX.]+-[A-Z0-9]+")
    return {one for one in labels if not clause.fullmatch(one)}


def test_every_label_of_an_explanation_has_words():
    sides = {"source", "target", "local_if_available"}  # pairs that aren't labels
    assert explained_labels() - LABELS.keys() - sides == set()


def test_a_proof_of_a_deadline_names_instant_zone_and_arithmetic():
    proof = proof_of(
        Explained(
            date(2026, 12, 2),
            inputs=(("order_end", date(2027, 1, 31)),),
            steps=(("days_before_end", 60), ("last_day", date(2026, 12, 2))),
            clauses=("2.8-C20",),
            readings=("0-C4",),
            zone=BERLIN,
        ).as_data()
    )
    assert proof.result == "Wed 2 Dec 2026, 23:59:59 CET"
    assert proof.result_short == "Wed 2 Dec 2026"
    assert proof.inputs == [("Order expires", "Sun 31 Jan 2027")]
    assert proof.steps == [("At the latest, before the end", "60 days")]
    assert proof.zone_note == "CET, UTC+1 on that day"


def test_a_proof_of_an_amount_writes_money_shares_and_rates():
    proof = proof_of(
        Explained(
            Money(5_200_000, "EUR"),
            inputs=(("annual_allotment", Money(26_000_000, "EUR")), ("units_per_usd", "0.92")),
            steps=(("capped_percent", 20), ("ceiling", Money(5_200_000, "EUR"))),
        ).as_data()
    )
    assert proof.result == "€52,000"
    assert proof.inputs == [
        ("Allowance of the contract year", "€260,000"),
        ("Units for one US dollar", "0.92"),
    ]
    assert proof.steps == [("Share for credits and custom services", "20\u00a0%")]
    assert (proof.zone, proof.result_note) == ("", "")


def test_a_proof_shows_periods_and_inexact_quotients():
    start, end = datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 23, 10, tzinfo=UTC)
    proof = proof_of(
        {
            "result": end.isoformat(),
            "steps": [["open", [[start.isoformat(), end.isoformat()]]], ["rate", "10/3"]],
            "zone": BERLIN,
        }
    )
    assert proof.steps == [
        ("Counted while open", "Mon 23 Nov 2026, 09:00 CET → Mon 23 Nov 2026, 11:00 CET"),
        ("Rate", "≈ 3.333333"),
    ]
