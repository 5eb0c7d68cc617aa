from pathlib import Path

import pytest

from ussd_portal.conformance.registry import load_adapters, run
from ussd_portal.management.commands.conformance import cases_of

CASES = Path(__file__).parent / "cases" / "schedule.yaml"
SCHEDULE = {
    "request_deadline", "cancellation", "schedule", "workshop", "language", "staffing",
    "communication", "hours",
}  # fmt: skip


@pytest.mark.parametrize("case", cases_of(CASES), ids=lambda case: case["id"])
def test_the_application_agrees_with_the_worked_case(case):
    assert run([case]).failures == []


def test_the_worked_cases_touch_every_group_about_the_schedule():
    assert {case["group"] for case in cases_of(CASES)} == SCHEDULE
    assert {group for group, _action in load_adapters()} >= SCHEDULE
