"""What may follow when the customer doesn't do its part."""

import pytest

from accounts.rules.refusal import Refused
from incidents.rules.conduct import (
    check_cannot_supply,
    check_step,
    next_lower,
    offered_step,
)
from tests.incidents.shipped import CHART

MISSED = ("continuous_resources",)


@pytest.mark.clause("A-BS20", "A-AP5", "A-AE7", "A-SE5", "A-AR5", "A-UE9", "X-36")
@pytest.mark.parametrize(
    ("chart", "step", "clause"),
    [
        ("base", "lower_severity", "A-BS20"),
        ("uer", "lower_severity", "A-UE9"),
        ("mcsap", "lose_24x7", "A-AP5"),
        ("azure_event", "lose_24x7", "A-AE7"),
        ("mcsfs_plus", "lose_24x7", "A-SE5"),
        ("arr", "lose_24x7", "A-AR5"),
    ],
)
@pytest.mark.parametrize("severity", ["1", "A"])
def test_each_chart_offers_its_own_transition_once_a_duty_is_missed(chart, step, clause, severity):
    found = offered_step(CHART[chart], severity, missed=MISSED, stepped_down=False)
    assert found == (step, (clause,))


@pytest.mark.clause("A-BS20", "X-36")
@pytest.mark.parametrize(
    ("severity", "missed", "stepped_down"),
    [("1", (), False), ("B", MISSED, False), ("C", MISSED, False), ("1", MISSED, True)],
)
def test_nothing_is_offered_without_a_miss_at_b_and_c_and_twice(severity, missed, stepped_down):
    assert offered_step(CHART["base"], severity, missed=missed, stepped_down=stepped_down) is None


@pytest.mark.clause("A-BS20", "A-AP5", "A-AE7", "A-SE5", "A-AR5", "A-UE9", "X-36")
@pytest.mark.parametrize(
    ("wanted", "chart", "severity", "to", "missed", "stepped_down", "code"),
    [
        ("lower_severity", "base", "1", "A", MISSED, False, None),
        ("lower_severity", "base", "A", "C", MISSED, False, None),
        ("lose_24x7", "mcsap", "A", "", MISSED, False, None),
        ("lower_severity", "base", "A", "1", MISSED, False, "not_lower"),
        ("lower_severity", "base", "A", "A", MISSED, False, "not_lower"),
        ("lower_severity", "base", "A", "", MISSED, False, "not_lower"),
        ("lower_severity", "mcsap", "A", "B", MISSED, False, "step_not_allowed"),
        ("lose_24x7", "base", "A", "", MISSED, False, "step_not_allowed"),
        ("lower_severity", "base", "B", "C", MISSED, False, "step_not_allowed"),
        ("lower_severity", "base", "A", "B", (), False, "no_duty_missed"),
        ("lose_24x7", "mcsap", "A", "", MISSED, True, "already_stepped_down"),
    ],
)
def test_a_transition_that_the_chart_does_not_name_is_refused(
    wanted, chart, severity, to, missed, stepped_down, code
):
    def check():
        return check_step(
            wanted, CHART[chart], severity, missed=missed, stepped_down=stepped_down, to=to
        )

    if code is None:
        assert check() == CHART[chart].downgrade.clauses
        return
    with pytest.raises(Refused) as refused:
        check()
    assert refused.value.code == code


@pytest.mark.clause("A-BS5", "A-BS8", "A-BS20")
@pytest.mark.parametrize(
    ("is_timed", "is_met", "has_failed", "code"),
    [
        (False, False, False, None),
        (True, False, False, "duty_has_a_clock"),
        (False, True, False, "already_recorded"),
        (False, False, True, "already_recorded"),
    ],
)
def test_what_has_a_clock_or_is_decided_is_not_recorded_as_impossible(
    is_timed, is_met, has_failed, code
):
    if code is None:
        check_cannot_supply(is_timed=is_timed, is_met=is_met, has_failed=has_failed)
        return
    with pytest.raises(Refused) as refused:
        check_cannot_supply(is_timed=is_timed, is_met=is_met, has_failed=has_failed)
    assert refused.value.code == code


@pytest.mark.clause("2.3-RE10")
def test_the_severity_below_is_proposed_and_c_has_none():
    assert [next_lower(one) for one in "1ABC"] == ["A", "B", "C", ""]
