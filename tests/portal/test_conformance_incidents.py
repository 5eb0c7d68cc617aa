from pathlib import Path

import pytest

from ussd_portal.conformance.registry import load_adapters, run
from ussd_portal.management.commands.conformance import cases_of

FOLDER = Path(__file__).parent / "cases"
CASES = FOLDER / "incidents.yaml"
CHARTS = FOLDER / "charts.yaml"
EDGES = FOLDER / "edges.yaml"
INCIDENTS = {
    "matrix", "response_due", "customer_duty", "first_response", "severity_change", "downgrade",
    "automatics", "rca_request", "rca_due", "channel", "access", "survey", "communication",
}  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [case for file in (CASES, CHARTS, EDGES) for case in cases_of(file)],
    ids=lambda case: case["id"],
)
def test_the_application_agrees_with_the_worked_case(case):
    assert run([case]).failures == []


def test_the_worked_cases_touch_every_group_about_incidents():
    assert {case["group"] for case in cases_of(CASES)} == INCIDENTS
    assert {group for group, _action in load_adapters()} >= INCIDENTS


def test_a_request_without_its_moment_fails_and_says_why():
    case = {
        "id": "RCA-X",
        "group": "rca_request",
        "given": {"regime": "base", "closed_at": None},
        "when": {"action": "request_rca", "by": "customer_contact"},
        "then": {"accepted": True},
    }
    (failure,) = run([case]).failures
    assert failure.error == "ValueError: a request has its instant or its date"


@pytest.mark.parametrize(
    ("given", "when", "error"),
    [
        ({"tz": "Mars/Base"}, {}, "Mars/Base"),
        ({}, {"submitted_at": "2026-03-02T10:00:00"}, "an instant needs an offset"),
        ({}, {"submitted_at": "soon"}, "soon"),
        ({"matrix": "gold"}, {}, "no such chart: gold"),
        ({}, {"severity": "Z"}, "no chart has a row for severity Z"),
        ({"holidays": ["2026-02-30"]}, {}, "day is out of range"),
        ({"business_hours": ["17:30", "09:00"]}, {}, "never"),
        ({"weekend": ["sat", "someday"]}, {}, "someday"),
    ],
)
def test_a_case_that_nobody_can_reckon_fails_and_says_why(given, when, error):
    case = {
        "id": "BAD-1",
        "group": "response_due",
        "given": {"matrix": "base", "product_class": "other", "tz": "Europe/Berlin", **given},
        "when": {
            "action": "response_due", "severity": "B",
            "submitted_at": "2026-03-02T10:00:00+01:00", **when,
        },
        "then": {"due_utc": "2026-03-02T11:00:00Z"},
    }  # fmt: skip
    (failure,) = run([case]).failures
    assert error in failure.error
