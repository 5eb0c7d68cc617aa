import pytest

from accounts.rules.refusal import Refused
from incidents.rules.opening import (
    Review,
    check_opening,
    closing_review,
    downgrade_option,
    rede_joins,
    severity_change_applies,
)
from tests.incidents.shipped import CHART, COMPONENTS


def refusal(**facts) -> Refused:
    with pytest.raises(Refused) as refused:
        check_opening(**{"impact": "mail is down", "channel": "web"} | facts)
    return refused.value


@pytest.mark.clause("2.8-C6", "A-BS17", "2.8-C16")
@pytest.mark.parametrize("channel", ["web", "phone", "portal", None])
def test_contacts_open_incidents_on_any_channel(channel):
    check_opening(impact="cluster is down", channel=channel, role="reactive_support_contact")


@pytest.mark.clause("2.3-RE11")
@pytest.mark.parametrize("impact", [None, "", " \n"])
def test_an_incident_states_its_business_impact(impact):
    refused = refusal(impact=impact)
    assert (refused.code, refused.field) == ("impact_required", "impact")


@pytest.mark.clause("2.8-C8", "0-C17")
@pytest.mark.parametrize("channel", ["phone", "web", "chat", "email"])
def test_cloud_administrators_take_online_services_to_the_portal(channel):
    refused = refusal(role="cloud_administrator", online_service=True, channel=channel)
    assert (refused.code, refused.clauses) == ("portal_required", ("2.8-C8",))
    assert refused.overridable


@pytest.mark.clause("2.8-C8")
def test_cloud_administrators_may_use_the_portal_and_phone_in_other_products():
    role = "cloud_administrator"
    check_opening(impact="down", channel="portal", role=role, online_service=True)
    check_opening(impact="down", channel="phone", role=role, online_service=False)


@pytest.mark.clause("2.4-AP52", "2.7-T28")
def test_the_customers_own_customers_are_not_served():
    mcsap = refusal(requester="customers_customer", programme="mcsap-plus")
    assert (mcsap.code, mcsap.clauses) == ("not_internal_use", ("2.4-AP52", "2.7-T28"))
    assert refusal(requester="customers_customer").clauses == ("2.7-T28",)
    check_opening(impact="down", channel="web", requester="affiliate")


@pytest.mark.clause("2.3-RE11", "2.3-RE12")
def test_microsoft_assigns_severity_and_the_customer_asks():
    assert severity_change_applies("microsoft", is_open=True)
    assert not severity_change_applies("customer", is_open=True)


@pytest.mark.clause("2.3-RE12")
@pytest.mark.parametrize("party", ["microsoft", "customer"])
def test_a_closed_incident_keeps_its_severity(party):
    with pytest.raises(Refused, match="incident_closed"):
        severity_change_applies(party, is_open=False)


@pytest.mark.clause("A-BS20", "A-AP5", "A-AE7", "A-SE5", "A-AR5", "A-UE9", "X-36")
def test_charts_differ_in_what_they_lower_for_lack_of_the_customers_people():
    assert {code: downgrade_option(chart, "A") for code, chart in CHART.items()} == {
        "base": "lower_severity",
        "uer": "lower_severity",
        "mcsap": "lose_24x7",
        "azure_event": "lose_24x7",
        "mcsfs_plus": "lose_24x7",
        "arr": "lose_24x7",
    }
    assert downgrade_option(CHART["base"], "B") is None


@pytest.mark.clause("2.5-RD5", "2.5-RD6")
@pytest.mark.parametrize(
    ("component", "severity", "requested", "joins"),
    [
        ("SQL Server", "1", False, True),
        ("SQL Server 2022", "A", False, True),
        ("SQL Server", "B", False, False),
        ("SQL Server", "C", True, True),
        ("Exchange Server", "1", False, False),
        ("Exchange Server", "B", True, False),
    ],
)
def test_the_designated_engineer_joins_on_listed_products(component, severity, requested, joins):
    assert joins == rede_joins(
        COMPONENTS.find(component),
        products=[COMPONENTS.find("SQL Server"), COMPONENTS.find("Windows Server")],
        severity=severity,
        requested=requested,
    )


@pytest.mark.clause("2.5-UE8")
def test_a_review_follows_every_severity_1_under_uer_and_no_other():
    held = [CHART["base"], CHART["uer"]]
    assert closing_review(held, severity="1") == Review(
        frozenset({"customer", "csam", "account_team", "incident_management_team"}), ("2.5-UE8",)
    )
    assert closing_review(held, severity="A") is None
    assert closing_review(held[:1], severity="1") is None
    assert closing_review([CHART["mcsap"]], severity="B") is None
