import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.rules.candidacy import ProgrammeFacts
from incidents.rules.charts import Assigned, Duty
from incidents.rules.resolver import AssignedRole, ChartOutcome, OtherChart, covers, resolve
from tests.incidents.shipped import (
    ARR,
    CHART,
    CHARTS,
    EVENT,
    MCSAP,
    MCSAP_PLUS,
    SECURITY_PLUS,
    UER,
    incident,
)
from workorders.rules.term import Period

ALL = (ARR, UER, MCSAP, SECURITY_PLUS, EVENT)


def chosen(*arguments, **facts) -> tuple[str, int]:
    resolution = resolve(CHARTS, incident(*arguments, **facts))
    return resolution.chart, resolution.minutes


# --- The lowest minutes, the most specific on a tie --------------------------------------


@pytest.mark.clause("0-C14", "2.4-AP18", "2.5-AR4")
@pytest.mark.parametrize(
    ("severity", "held", "expected"),
    [
        ("1", (), ("base", 15)),
        ("A", (), ("base", 60)),
        ("1", (UER,), ("uer", 15)),
        ("A", (UER,), ("uer", 30)),
        ("A", (ARR, UER), ("arr", 15)),
        ("1", (ARR, UER, MCSAP), ("mcsap", 15)),
        ("A", (ARR, UER, MCSAP), ("mcsap", 15)),
        ("A", (ARR, UER, MCSAP_PLUS), ("mcsap", 15)),
    ],
)
def test_the_fastest_chart_wins_and_the_most_specific_on_a_tie(severity, held, expected):
    assert chosen(severity, *held) == expected


@pytest.mark.clause("0-C14", "A-AE1")
def test_an_event_is_more_specific_than_anything_else():
    assert chosen("1", *ALL, description="AEM outage") == ("azure_event", 15)


@pytest.mark.clause("2.5-RD14")
def test_rede_changes_no_target():
    assert chosen("A", "reactive-enhanced-designated-engineering") == ("base", 60)


@pytest.mark.clause("0-C14", "2.4-AP16")
@pytest.mark.parametrize(("severity", "minutes"), [("B", 120), ("C", 240)])
def test_b_and_c_take_the_base_numbers_and_go_to_mcsap_engineers(severity, minutes):
    resolution = resolve(CHARTS, incident(severity, *ALL, description="AEM"))
    assert (resolution.chart, resolution.minutes) == ("base", minutes)
    assert (resolution.clock, resolution.routed_to) == ("business_hours", "mcsap")
    assert resolution.candidates == ("base",)


@pytest.mark.clause("2.4-AP16")
@pytest.mark.parametrize(
    "facts",
    [
        {"component": "SQL Server"},
        {"component": "Azure Maps"},
        {"channel": "email"},
        {"facts": {MCSAP: ProgrammeFacts(gate_open=False)}},
    ],
)
def test_what_mcsap_does_not_cover_is_not_routed_to_its_engineers(facts):
    assert resolve(CHARTS, incident("B", MCSAP, **facts)).routed_to is None


def test_severity_1_and_a_are_not_routed_their_people_are_assigned():
    assert resolve(CHARTS, incident("A", MCSAP)).routed_to is None


# --- The other reading -------------------------------------------------------------------


@pytest.mark.clause("0-C14", "X-28", "X-38")
def test_an_edition_may_choose_the_most_specific_programme_even_where_the_base_is_faster():
    """Universal Print is no Azure component for UER: 30 minutes there, 15 in the base chart."""
    situation = incident("1", UER, component="Universal Print")
    lowest = resolve(CHARTS, situation)
    assert (lowest.chart, lowest.minutes) == ("base", 15)
    assert lowest.other == OtherChart("most_specific", "uer", 30)
    specific = resolve(CHARTS, situation, "most_specific")
    assert (specific.chart, specific.minutes) == ("uer", 30)
    assert specific.other == OtherChart("lowest_minutes", "base", 15)
    outcomes = {line.chart: line.outcome for line in specific.table if not line.reason}
    assert outcomes == {"uer": "wins", "base": "faster"}
    data = json.loads(json.dumps(specific.as_data()))
    assert (data["reading"], data["other"]) == (
        "most_specific",
        {"reading": "lowest_minutes", "chart": "base", "minutes": 15},
    )


# --- The comparison ----------------------------------------------------------------------


@pytest.mark.clause("0-C14")
def test_the_comparison_names_every_chart_with_its_outcome():
    situation = incident("A", ARR, UER, MCSAP, channel="portal")
    resolution = resolve(CHARTS, situation)
    assert {line.chart: (line.outcome, line.reason, line.minutes) for line in resolution.table} == {
        "azure_event": ("not_a_candidate", "not_held", None),
        "mcsap": ("wins", "", 15),
        "mcsfs_plus": ("not_a_candidate", "not_held", None),
        "arr": ("less_specific", "", 15),
        "uer": ("slower", "", 30),
        "base": ("slower", "", 60),
    }
    assert resolution.clauses == ("A-AP2", "2.4-AP18")


@pytest.mark.clause("A-BS18")
def test_a_row_lost_by_footnote_is_cited_in_the_comparison():
    resolution = resolve(CHARTS, incident("1", component="GitHub AE"))
    assert resolution.table[-1] == ChartOutcome(
        "base",
        "wins",
        minutes=60,
        clock="24x7",
        product_class="other",
        clauses=("A-BS3", "A-BS18"),
    )


def test_a_severity_without_a_row_says_so():
    line = next(line for line in resolve(CHARTS, incident("C", UER)).table if line.chart == "uer")
    assert (line.outcome, line.reason, line.figures) == ("no_row", "no_row", {"severity": "C"})


def test_the_comparison_can_be_kept_with_the_incident():
    ended = {ARR: ProgrammeFacts(in_force=Period(last=date(2025, 4, 30)))}
    situation = incident("1", UER, EVENT, facts=ended, submitted_on=date(2025, 5, 1))
    data = json.loads(json.dumps(resolve(CHARTS, situation).as_data()))
    assert (data["chart"], data["minutes"], data["clock"]) == ("uer", 15, "24x7")
    lines = {line["chart"]: line for line in data["table"]}
    assert lines["arr"]["figures"] == {"first": None, "last": "2025-04-30"}
    assert lines["azure_event"]["figures"] == {"keyword": "AEM"}
    assert data["assigned"][0]["role"] == "enhanced_incident_manager"


# --- People, escalations and duties add up -----------------------------------------------


@pytest.mark.clause("0-C14")
def test_people_of_all_candidates_add_up_though_one_chart_alone_sets_the_target():
    resolution = resolve(CHARTS, incident("A", UER, MCSAP, ARR))
    assert {one.role for one in resolution.assigned} == {
        "critical_situation_oversight", "enhanced_incident_manager", "rapid_response_engineer"
    }  # fmt: skip
    assert [one.code for one in resolution.escalations] == [
        "experienced_specialists", "cloud_operations"
    ]  # fmt: skip
    assert resolution.executives_on_request


@pytest.mark.clause("0-C14", "A-AE4")
def test_a_role_that_two_charts_assign_is_assigned_once_by_the_sooner_time():
    resolution = resolve(CHARTS, incident("1", EVENT, description="AEM"))
    assert resolution.assigned == (
        AssignedRole("critical_situation_resource", "azure_event", True, 30, ("A-AE4", "A-BS4")),
    )


@pytest.mark.clause("0-C14")
def test_a_duty_that_two_charts_name_is_due_by_the_sooner_time():
    base, uer = CHART["base"], CHART["uer"]
    timed = replace(uer.rows["A"], duties=(Duty("rapid_access", 30, "24x7", ("X-1",)),),
                    assigned=Assigned("critical_situation_oversight", automatic=False))  # fmt: skip
    resolution = resolve([replace(uer, rows={"A": timed}), base], incident("A", UER))
    duties = {duty.code: duty for duty in resolution.duties}
    assert duties["rapid_access"] == Duty("rapid_access", 30, "24x7", ("X-1", "A-BS8"))
    assert duties["continuous_resources"].minutes is None
    assert resolution.assigned[0].automatic


def test_at_b_nobody_is_assigned_by_itself():
    resolution = resolve(CHARTS, incident("B", *ALL))
    assert (resolution.assigned, resolution.executives_on_request) == ((), False)


# --- Rights beside the response ----------------------------------------------------------


@pytest.mark.clause("X-07", "0-C14")
def test_whether_a_programme_covers_an_incident_depends_on_neither_severity_nor_channel():
    mcsap = CHART["mcsap"]
    assert covers(mcsap, CHARTS, incident("C", MCSAP, channel="email"))
    assert covers(mcsap, CHARTS, incident("A", MCSAP, channel="portal"))
    assert not covers(mcsap, CHARTS, incident("A", MCSAP, component="Azure Stack"))
    assert not covers(mcsap, CHARTS, incident("A"))


# --- Mistakes ----------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [{"channel": "fax"}, {"severity": "D"}])
def test_an_incident_has_a_severity_and_channel_that_exist(wrong):
    with pytest.raises(ValueError, match="no such"):
        incident(**({"severity": "A"} | wrong))


def test_a_base_chart_without_the_severity_is_a_mistake_in_the_edition():
    base = replace(CHART["base"], rows={"A": CHART["base"].rows["A"]})
    with pytest.raises(ValueError, match="no row for severity B"):
        resolve([base], incident("B"))


# --- What always holds -------------------------------------------------------------------

SITUATIONS = st.fixed_dictionaries(
    {
        "component": st.sampled_from(
            ["Azure Virtual Machines", "Azure Billing", "Azure StorSimple", "Entra ID", "Mooncake",
             "SQL Server", "Universal Print", "US Gov clouds", "Intune", "Azure Maps"]
        ),
        "channel": st.sampled_from([None, "portal", "web", "phone", "chat", "email"]),
        "description": st.sampled_from(["", "AEM", "down"]),
        "product_class": st.sampled_from([None, "azure_component", "security_product", "other"]),
    }
)  # fmt: skip


@pytest.mark.clause("0-C14")
@given(
    st.sampled_from("1ABC"),
    st.sets(st.sampled_from((*ALL, MCSAP_PLUS))),
    st.sampled_from((*ALL, MCSAP_PLUS)),
    SITUATIONS,
)
def test_one_more_purchase_never_worsens_a_target_or_takes_people_away(
    severity, held, bought, more
):
    before = resolve(CHARTS, incident(severity, *held, **more))
    after = resolve(CHARTS, incident(severity, *held, bought, **more))
    assert after.minutes <= before.minutes
    assert {one.role for one in before.assigned} <= {one.role for one in after.assigned}
    assert {one.code for one in before.duties} <= {one.code for one in after.duties}
    assert "base" in after.candidates
    assert after.minutes == min(line.minutes for line in after.table if line.minutes)
