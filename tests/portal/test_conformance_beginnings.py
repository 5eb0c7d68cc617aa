from pathlib import Path

import pytest

from ussd_portal.conformance.registry import run
from ussd_portal.management.commands.conformance import cases_of

CASES = Path(__file__).parent / "cases" / "beginnings.yaml"


@pytest.mark.parametrize("case", cases_of(CASES), ids=lambda case: case["id"])
def test_the_application_agrees_with_the_worked_case(case):
    assert run([case]).failures == []
