"""The target of an incident, had another programme been held."""

import pytest

from incidents.rules.replay import Replayed, replay
from tests.incidents.shipped import CHARTS, incident


@pytest.mark.clause("0-C14", "2.4-AP18")
def test_a_programme_that_covers_the_product_shortens_the_target():
    found = replay(CHARTS, incident("A"), chart="mcsap", baseline=60)
    assert found == Replayed("mcsap", 15, 45)
    assert found.is_changed


@pytest.mark.clause("0-C14")
def test_another_programme_never_lengthens_a_target():
    situation = incident("1", component="SQL Server", channel="phone")
    assert replay(CHARTS, situation, chart="uer", baseline=15) == Replayed("uer", 15, 0)


@pytest.mark.clause("2.5-AR2", "2.5-AR4")
def test_a_phoned_incident_needed_the_portal_for_rapid_response():
    found = replay(CHARTS, incident("A", channel="phone"), chart="arr", baseline=60)
    assert found == Replayed("arr", 60, 0, "channel", by_portal=15)
    assert not found.is_changed


def test_the_portal_isnt_named_where_it_would_be_no_faster_or_no_help():
    fast = replay(CHARTS, incident("A", channel="phone"), chart="arr", baseline=15)
    assert fast == Replayed("arr", 15, 0, "channel")


@pytest.mark.clause("2.4-AP16", "0-C14")
@pytest.mark.parametrize("severity", ["B", "C"])
@pytest.mark.parametrize("chart", ["mcsap", "mcsfs_plus", "arr", "uer"])
def test_severity_b_and_c_keep_the_base_times_under_every_programme(chart, severity):
    component = "Entra ID" if chart == "mcsfs_plus" else "Azure Functions"
    found = replay(CHARTS, incident(severity, component=component), chart=chart, baseline=120)
    assert found == Replayed(chart, 120, 0, "no_row")


@pytest.mark.parametrize(
    ("chart", "component", "reason"),
    [
        ("arr", "SQL Server", "product_not_covered"),
        ("arr", "Universal Print", "excluded"),
        ("mcsap", "Azure Maps", "excluded"),
        ("mcsfs_plus", "Azure Functions", "product_not_covered"),
    ],
)
def test_what_a_programme_doesnt_cover_it_doesnt_shorten(chart, component, reason):
    found = replay(CHARTS, incident("1", component=component), chart=chart, baseline=60)
    assert found == Replayed(chart, 60, 0, reason)


def test_a_chart_that_the_edition_doesnt_have_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="no such chart"):
        replay(CHARTS, incident("1"), chart="gold", baseline=60)
