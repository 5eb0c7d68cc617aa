"""What an analysis costs, who may be asked to join, when something can be closed."""

from datetime import date

import pytest

from accounts.rules.refusal import Refused
from incidents.rules.aftermath import (
    check_acknowledged,
    check_problem,
    check_review_held,
    check_summary_closes,
)
from incidents.rules.analyses import (
    analysis_charge,
    analysis_material,
    check_engineers_analysis,
)
from incidents.rules.roles import RoleFacts, check_role_request

SAID = {"attendees": "All", "went_well": "Calls", "to_improve": "Logs"}
DAY = date(2026, 11, 23)


def code_of(check, *args, **fields) -> str | None:
    """The code of the refusal, if there is one."""
    try:
        check(*args, **fields)
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.clause("2.3-RE22", "2.4-AP23", "2.5-UE10", "2.5-RD3", "2.5-RD9", "2.5-ED3")
@pytest.mark.parametrize(
    ("track", "charge"),
    [
        ("base", "quote"),
        ("uer", "quote"),
        ("mcsap", "included"),
        ("rede", "hours"),
        ("ede", "hours"),
    ],
)
def test_mcsap_includes_the_analysis_and_engineers_cost_hours(track, charge):
    assert analysis_charge(track) == charge


@pytest.mark.clause("2.3-RE21", "2.4-AP25", "2.5-UE14", "2.5-RD17")
def test_the_customer_hands_in_logs_traces_and_diagnostics():
    for track in ("base", "uer", "mcsap", "ede"):
        assert analysis_material(track) == ("log_files", "network_traces", "diagnostics")
    assert analysis_material("rede") == ("debug_logs", "trace_logs")


@pytest.mark.clause("2.5-RD9", "2.5-ED6", "X-07")
@pytest.mark.parametrize(
    ("track", "has_engineer", "severity", "recurring", "code"),
    [
        ("rede", True, "1", False, None),
        ("rede", True, "A", False, None),
        ("rede", True, "B", True, "not_critical"),
        ("rede", False, "1", True, "no_designated_engineer"),
        ("ede", True, "C", True, None),
        ("ede", True, "1", False, "not_recurring"),
        ("ede", False, "1", True, "no_designated_engineer"),
    ],
)
def test_engineers_analyse_critical_incidents_or_recurring_ones(
    track, has_engineer, severity, recurring, code
):
    found = code_of(
        check_engineers_analysis,
        track,
        has_engineer=has_engineer,
        severity=severity,
        recurring=recurring,
    )
    assert found == code


@pytest.mark.clause("2.3-RE17", "2.3-RE18", "2.5-RD5", "2.5-RD6", "2.4-AP20", "A-BS4")
@pytest.mark.parametrize(
    ("role", "facts", "code"),
    [
        ("reactive_support_manager", {"severity": "B"}, None),
        ("reactive_support_manager", {"severity": "C"}, None),
        ("reactive_support_manager", {"severity": "1"}, "joins_by_itself"),
        ("reactive_support_manager", {"severity": "A"}, "joins_by_itself"),
        ("rede_engineer", {"severity": "B", "rede_covers": True}, None),
        ("rede_engineer", {"severity": "A", "rede_covers": True}, "joins_by_itself"),
        ("rede_engineer", {"severity": "B"}, "role_not_offered"),
        ("microsoft_executives", {"severity": "1", "executives_on_request": True}, None),
        ("microsoft_executives", {"severity": "A"}, "role_not_offered"),
        (
            "mcsap_crisis_team",
            {"severity": "1", "mcsap_covers": True, "asked_by_engineer": True},
            None,
        ),
        ("mcsap_crisis_team", {"severity": "1", "mcsap_covers": True}, "engineer_escalates"),
        ("mcsap_crisis_team", {"severity": "B", "mcsap_covers": True}, "role_not_offered"),
        ("mcsap_crisis_team", {"severity": "1"}, "role_not_offered"),
    ],
)
def test_who_may_be_asked_to_join_depends_on_severity_and_programme(role, facts, code):
    assert code_of(check_role_request, role, RoleFacts(**facts)) == code


@pytest.mark.clause("2.5-UE8", "2.5-UE9")
@pytest.mark.parametrize(
    ("closed_on", "held_on", "outcome", "code"),
    [
        (DAY, DAY, SAID, None),
        (DAY, date(2026, 11, 24), SAID, None),
        (None, DAY, SAID, "incident_open"),
        (DAY, date(2026, 11, 25), SAID, "in_the_future"),
        (DAY, date(2026, 11, 22), SAID, "before_closure"),
        (DAY, DAY, {**SAID, "went_well": " "}, "outcome_required"),
        (DAY, DAY, {}, "outcome_required"),
    ],
)
def test_a_review_follows_the_closure_and_says_its_outcome(closed_on, held_on, outcome, code):
    found = code_of(
        check_review_held,
        closed_on=closed_on,
        held_on=held_on,
        today=date(2026, 11, 24),
        outcome=outcome,
    )
    assert found == code


@pytest.mark.clause("A-AE9")
@pytest.mark.parametrize(
    ("today", "still_open", "code"),
    [
        (date(2026, 11, 24), 0, None),
        (date(2026, 11, 24), 1, "incidents_open"),
        (DAY, 0, "event_not_over"),
    ],
)
def test_a_summary_closes_after_the_window_once_all_incidents_are_closed(today, still_open, code):
    days = {"last_day": DAY, "today": today}
    assert code_of(check_summary_closes, **days, still_open=still_open) == code


@pytest.mark.clause("2.4-AP22", "2.5-ED6")
@pytest.mark.parametrize(
    ("incidents", "customers", "code"),
    [
        (2, 1, None),
        (1, 1, "problem_needs_two"),
        (0, 0, "problem_needs_two"),
        (2, 2, "one_customer"),
    ],
)
def test_a_problem_groups_incidents_of_one_customer(incidents, customers, code):
    assert code_of(check_problem, incidents=incidents, customers=customers) == code


@pytest.mark.clause("2.4-IR5")
@pytest.mark.parametrize("missing", ["", "signs_promptly", "pays_before_signature", "bears_risk"])
def test_each_consequence_of_an_early_start_is_acknowledged_by_itself(missing):
    names = ("signs_promptly", "pays_before_signature", "bears_risk")
    code = code_of(check_acknowledged, {name: name != missing for name in names})
    assert code == ("acknowledgement_required" if missing else None)
