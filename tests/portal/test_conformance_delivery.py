from pathlib import Path

import pytest

from ussd_portal.conformance.registry import load_adapters, run
from ussd_portal.management.commands.conformance import cases_of

CASES = Path(__file__).parent / "cases" / "delivery.yaml"
DELIVERY = {
    "cancellation", "schedule", "workshop", "event_notice", "event_count", "event_eligibility",
    "event_aftermath",
}  # fmt: skip


@pytest.mark.parametrize("case", cases_of(CASES), ids=lambda case: case["id"])
def test_the_application_agrees_with_the_worked_case(case):
    assert run([case]).failures == []


def test_the_worked_cases_touch_every_group_about_delivery():
    assert {case["group"] for case in cases_of(CASES)} == DELIVERY
    assert {group for group, _action in load_adapters()} >= DELIVERY


@pytest.mark.parametrize(
    ("given", "when", "error"),
    [
        ({"fee": "1.00"}, {"cancelled_on": "2026-03-01"}, "KeyError: 'scheduled_on'"),
        ({"scheduled_on": "soon", "fee": "1.00"}, {"cancelled_on": "2026-03-01"}, "soon"),
        ({"scheduled_on": "2026-03-01", "fee": "much"}, {"cancelled_on": "2026-03-01"}, "much"),
    ],
)
def test_a_case_that_cannot_be_read_fails_and_says_why(given, when, error):
    case = {
        "id": "CAN-X",
        "group": "cancellation",
        "given": given,
        "when": {"action": "cancel", **when},
        "then": {"charge": "1.00"},
    }
    (failure,) = run([case]).failures
    assert error in failure.error
