import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.rules.refusal import Refused
from services.catalog.actions import load_edition
from services.catalog.models import Offering
from services.catalog.queries import facts_of, terms_of
from tests.factories import edition_data
from ussd_portal.conformance import registry
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.registry import Failure, load_adapters, run
from ussd_portal.conformance.words import (
    a_date,
    a_decimal,
    an_amount,
    an_instant,
    date_or_instant,
    maybe_date,
)
from ussd_portal.management.commands.conformance import cases_of

CASES = Path(__file__).parent / "cases" / "agreements.yaml"
AGREEMENTS = {
    "flex_cap", "flex_allocate", "flex_execute", "flex_use", "request_deadline", "credit_redeem",
    "credit_transfer", "exchange", "mcsap_milestones", "uer_onboarding", "mcsap_gate",
    "mcsap_schedule", "mcsap_plus", "sip", "monitoring", "hours", "forfeiture", "co_termination",
    "language", "staffing", "location", "buy", "billing",
}  # fmt: skip

GOOD = {
    "id": "X-1",
    "group": "flex_cap",
    "given": {"currency": "USD", "annual_allotment": "400000.00"},
    "when": {"action": "flex_cap"},
    "then": {"cap": "80000.00"},
}


@pytest.mark.parametrize("case", cases_of(CASES), ids=lambda case: case["id"])
def test_the_application_agrees_with_the_worked_case(case):
    assert run([case]).failures == []


def test_the_worked_cases_touch_every_group_about_agreements():
    assert {case["group"] for case in cases_of(CASES)} == AGREEMENTS
    assert {group for group, _action in load_adapters()} >= AGREEMENTS


def failure(**changes) -> Failure:
    (only,) = run([GOOD | changes]).failures
    return only


def test_a_wrong_answer_shows_what_was_expected_and_got():
    wrong = failure(then={"cap": "80000.01"})
    assert (wrong.id, wrong.group, wrong.action) == ("X-1", "flex_cap", "flex_cap")
    assert (wrong.expected, wrong.got) == ({"cap": "80000.01"}, {"cap": "80000.00"})


@pytest.mark.parametrize(
    ("case", "error"),
    [
        ("not a case", "a case is a mapping"),
        (None, "a case is a mapping"),
        (GOOD | {"given": ["x"]}, "given, when and then are mappings"),
        (GOOD | {"when": None}, "no adapter|then expects"),
        (GOOD | {"then": {}}, "then expects something"),
        (GOOD | {"group": "weather"}, "no adapter for weather/flex_cap"),
        (GOOD | {"when": {"action": "guess"}}, "no adapter for flex_cap/guess"),
        (GOOD | {"given": {"annual_allotment": "much"}}, "not a number"),
        (GOOD | {"given": {"annual_allotment": "-1"}}, "negative"),
        (GOOD | {"given": {"annual_allotment": "0.001"}}, "minor units"),
        (
            GOOD
            | {
                "group": "location",
                "when": {"action": "assign_service", "service": "massage", "locations": ["cn"]},
            },
            "not in the catalogue: massage",
        ),
        (
            GOOD
            | {
                "group": "hours",
                "given": {"hours_bought": "0.0001"},
                "when": {"action": "hour_balance"},
            },
            "whole number of seconds",
        ),
    ],
)
def test_a_case_that_makes_no_sense_fails_and_stops_nothing(case, error):
    report = run([case, GOOD])
    assert report.passed == {"flex_cap": 1}
    (only,) = report.failures
    assert any(part in only.error for part in error.split("|"))


def test_a_case_without_an_id_is_known_by_its_place():
    nameless = {key: value for key, value in GOOD.items() if key != "id"} | {"then": {"cap": "1"}}
    assert [one.id for one in run([GOOD, nameless]).failures] == ["#2"]


def test_groups_are_counted_apart():
    report = run([GOOD, GOOD | {"then": {"cap": "1"}}, GOOD | {"group": "weather"}])
    assert report.groups == {"flex_cap": (1, 1), "weather": (0, 1)}


@pytest.mark.parametrize(
    ("key", "expected", "got", "same"),
    [
        ("due", "2025-05-01T16:30:00Z", "2025-05-02T00:30:00+08:00", True),
        ("due", "2025-05-01T16:30:00Z", "2025-05-02T00:30:01+08:00", False),
        ("fee", "1250.0", "1250.00", True),
        ("fee", "1250.0", "1250.01", False),
        ("units", 3, 3, True),
        ("units", 1, True, False),
        ("reason", None, None, True),
        ("reason", None, "over_cap", False),
        ("title", "Tuesday", "Tuesday", True),
        ("assign", ["a", "b"], ["b", "a"], True),
        ("assign", ["a", "b"], ["a"], False),
        ("participants", [{"role": "csam"}], [{"role": "csam"}], True),
        ("windows", [["2025-11-01"], ["2025-11-02"]], [["2025-11-02"], ["2025-11-01"]], False),
        ("caps", {"1": "5.00"}, {"1": "5.0"}, True),
    ],
)
def test_answers_compare_by_meaning(monkeypatch, key, expected, got, same):
    monkeypatch.setitem(registry._adapters, ("meaning", "say"), lambda given, when: {key: got})
    case = {"id": 1, "group": "meaning", "when": {"action": "say"}, "then": {key: expected}}
    assert (run([case]).failures == []) is same


def test_a_refusal_that_passes_through_is_an_answer(monkeypatch):
    def refuse(given, when):
        raise Refused("host_only", clause="2.5-UE22", overridable=given["harsh"])

    monkeypatch.setitem(registry._adapters, ("meaning", "refuse"), refuse)
    case = {"group": "meaning", "when": {"action": "refuse"}}
    harsh = {"accepted": False, "reason": "host_only", "overridable": True}
    assert run([case | {"given": {"harsh": True}, "then": harsh}]).failures == []
    plain = {"accepted": False, "reason": "host_only", "overridable": None}
    assert run([case | {"given": {"harsh": False}, "then": plain}]).failures == []


def test_two_adapters_for_one_action_are_a_mistake():
    load_adapters()
    with pytest.raises(ValueError, match="two adapters for flex_cap/flex_cap"):
        registry.adapter("flex_cap", "flex_cap")(lambda given, when: {})


# --- the command ----------------------------------------------------------------------------


def command(path: Path, *options: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("conformance", str(path), *options, stdout=out)
    except SystemExit as stop:
        return out.getvalue(), int(stop.code)
    return out.getvalue(), 0


def test_the_command_prints_passed_and_failed_by_group(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": [GOOD, GOOD | {"id": "X-2", "then": {"cap": "1"}}]}))
    printed, code = command(path)
    assert code == 1
    assert printed.splitlines() == [
        "group     passed  failed",
        "flex_cap       1       1",
        "total          1       1",
        "FAILED X-2 (flex_cap/flex_cap)",
        '  expected {"cap": "1"}',
        '  got      {"cap": "80000.00"}',
    ]


def test_the_command_succeeds_when_all_pass_and_speaks_json():
    printed, code = command(CASES, "--json")
    report = json.loads(printed)
    assert (code, report["failed"], report["failures"]) == (0, 0, [])
    assert report["groups"]["flex_use"] == {"passed": 6, "failed": 0}


def test_a_list_of_cases_is_a_file_too(tmp_path):
    path = tmp_path / "cases.yaml"
    path.write_text(json.dumps([GOOD | {"group": "flex_cap", "then": {"cap": "1"}}]))
    printed, code = command(path, "--json")
    assert code == 1
    assert json.loads(printed)["failures"] == [
        {
            "id": "X-1",
            "group": "flex_cap",
            "action": "flex_cap",
            "expected": {"cap": "1"},
            "got": {"cap": "80000.00"},
            "error": "",
        }
    ]


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.yaml", b"cases:\n  - {id: 1\n  - {id: 2}\n", "line 3"),
        ("b.yaml", b"cases:\n\t- id: 1\n", "line 2"),
        ("c.yaml", b"cases:\n- id: \xff\xfe\n", "line 2: not UTF-8"),
        ("d.yaml", b"cases:\n- id: a\x07b\n", "line 2"),
        ("e.yaml", b"nothing: here\n", "no list of cases"),
        ("f.yaml", b"", "no list of cases"),
        ("g.json", b'{"cases": [\n{"id": 1},\n]}', "line 3"),
        ("h.yaml", b"? [a]\n: b\n", "line 1"),
        ("i.json", b"[" * 100_000, "cannot be read"),
        ("j.yaml", b"a: !!python/object:os.system x\n", "line 1"),
        ("k.yaml", b"cases: *nowhere\n", "line 1"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, name, content, problem):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError, match=problem) as error:
        call_command("conformance", str(path))
    assert name in str(error.value)


def test_an_unreadable_file_is_named(tmp_path):
    for path in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(CommandError, match=path.name):
            call_command("conformance", str(path))


# --- words ----------------------------------------------------------------------------------


def test_words_are_read_strictly():
    assert a_date("2025-05-01").isoformat() == "2025-05-01"
    assert an_instant("2025-05-01T16:30:00Z").isoformat() == "2025-05-01T16:30:00+00:00"
    assert an_amount("1.234", "KWD").minor == 1234
    assert maybe_date({"on": None}, "on") is None
    with pytest.raises(ValueError, match="needs an offset"):
        an_instant("2025-05-01T16:30:00")
    with pytest.raises(ValueError, match="instant where a date"):
        a_date(an_instant("2025-05-01T16:30:00Z"))
    for word in ("much", "NaN", None):
        with pytest.raises(ValueError, match="number"):
            a_decimal(word)


def test_a_date_without_a_clock_is_noon_at_the_place():
    moment = date_or_instant({"paid_on": "2025-05-01"}, "paid", "Asia/Shanghai")
    assert moment.isoformat() == "2025-05-01T12:00:00+08:00"
    at = {"paid_at": "2025-05-01T16:30:00Z", "paid_on": "2025-05-01"}
    assert date_or_instant(at, "paid", "UTC").isoformat() == "2025-05-01T16:30:00+00:00"
    assert date_or_instant({}, "paid", "UTC") is None


# --- the edition ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_cases_see_the_same_edition_as_the_pages():
    edition, shipped = load_edition(edition_data()), shipped_edition()
    assert terms_of(edition) == shipped.terms
    offerings = Offering.objects.filter(edition=edition).prefetch_related("limits")
    assert {one.code: facts_of(one) for one in offerings} == dict(shipped.offerings)
