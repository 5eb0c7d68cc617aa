from copy import deepcopy

import pytest

from incidents.rules.charts import (
    Assigned,
    DowngradeFacts,
    Duty,
    Escalation,
    Target,
    base_chart,
    chart_row,
    charts_from,
    first_response_from,
    target_in,
)
from tests.incidents.shipped import CHART, CHARTS, COMPONENTS, DATA

MATRICES = DATA["severity_matrices"]


@pytest.mark.clause("1-A1", "0-C14")
def test_the_shipped_edition_has_six_charts_the_most_specific_first():
    codes = [chart.code for chart in CHARTS]
    assert codes == ["azure_event", "mcsap", "mcsfs_plus", "arr", "uer", "base"]
    assert [chart.tie_rank for chart in CHARTS] == [0, 1, 2, 3, 4, 5]


@pytest.mark.clause("A-BS2", "A-BS3")
def test_a_chart_holds_what_its_row_prints():
    row = CHART["base"].rows["1"]
    assert row.targets == {
        "azure_component": Target(15, ("A-BS2",)),
        "other": Target(60, ("A-BS3",)),
    }
    assert (row.clock, row.effort, row.attention_minutes) == ("24x7", "continuous", 0)
    assert row.assigned == Assigned("critical_situation_resource", clauses=("A-BS4",))
    assert row.escalations == (Escalation("product_teams", ("A-BS4",)),)
    assert row.executives_on_request
    assert CHART["base"].downgrade == DowngradeFacts(
        "lower_severity", frozenset({"1", "A"}), ("A-BS20",)
    )


def test_timed_duties_run_on_their_own_clocks():
    duties = {duty.code: duty for severity in "BC" for duty in CHART["base"].rows[severity].duties}
    assert duties["change_control_access"] == Duty(
        "change_control_access", 240, "business_hours", ("A-BS13",)
    )
    assert duties["respond"] == Duty("respond", 1440, "24x7", ("A-BS16",))
    assert duties["matching_resources"].minutes is None


@pytest.mark.clause("X-16", "0-C14")
def test_exclusions_keep_one_list_a_chart_under_the_names_of_the_catalogue():
    base, mcsap = CHART["base"].exclusions, CHART["mcsap"].exclusions
    assert base.components == {
        "Azure StorSimple", "GitHub AE", "Azure Communication Services", "Azure Billing"
    }  # fmt: skip
    assert (base.effect, base.fallback_class, base.open_list) == ("row_only", "other", False)
    assert (mcsap.effect, mcsap.open_list) == ("out_of_programme", True)
    assert (mcsap.clauses, mcsap.kind_clauses) == (("2.4-AP14",), ("2.4-AP50",))
    assert CHART["arr"].exclusions.kind_clauses == ("2.5-AR5",)


def test_a_portal_is_a_portal_whatever_a_chart_calls_it():
    assert CHART["arr"].channels == CHART["azure_event"].channels == {"portal"}


def test_what_a_chart_leaves_out_is_left_out():
    matrices = deepcopy(MATRICES)
    matrices["matrices"]["arr"] |= {"exclusions": None, "downgrade": None}
    arr = next(chart for chart in charts_from(matrices, COMPONENTS) if chart.code == "arr")
    assert arr.exclusions.components == frozenset()
    assert arr.downgrade is None
    assert (arr.keyword, arr.gate, arr.products) == ("", "", frozenset())


@pytest.mark.clause("0-C14")
def test_charts_and_the_order_of_ties_have_to_match():
    matrices = deepcopy(MATRICES)
    matrices["precedence"]["tie_order"].remove("arr")
    with pytest.raises(ValueError, match="arr"):
        charts_from(matrices, COMPONENTS)


@pytest.mark.clause("0-C14")
def test_an_edition_has_a_base_chart():
    assert base_chart(CHARTS).code == "base"
    with pytest.raises(ValueError, match="no base chart"):
        base_chart(CHARTS[:-1])


@pytest.mark.clause("2.4-AP16", "0-C14")
def test_a_severity_that_a_chart_leaves_out_has_the_base_row():
    assert chart_row(CHARTS, "mcsap", "A") is CHART["mcsap"].rows["A"]
    assert chart_row(CHARTS, "mcsap", "B") is CHART["base"].rows["B"]


@pytest.mark.parametrize(("code", "severity"), [("gold", "A"), ("base", "D")])
def test_there_is_no_row_for_what_does_not_exist(code, severity):
    with pytest.raises(ValueError, match=r"gold|D"):
        chart_row(CHARTS, code, severity)


@pytest.mark.clause("A-BS2", "A-BS3", "0-C14")
def test_a_row_gives_the_target_of_a_class_of_products():
    one = CHART["base"].rows["1"]
    assert [
        target_in(one, product).minutes
        for product in ("azure_component", "other", "security_product")
    ] == [15, 60, 60]
    assert target_in(CHART["mcsfs_plus"].rows["1"], "other").minutes == 15


@pytest.mark.clause("2.3-RE14")
def test_the_edition_says_what_counts_as_first_response():
    terms = first_response_from(MATRICES)
    assert (terms.channels, terms.human_only) == ({"phone", "email"}, True)
    assert terms.clauses == ("2.3-RE14", "0-C8")
