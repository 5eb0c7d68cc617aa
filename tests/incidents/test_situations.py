"""Which chart applies, from the customer's agreement as it stands in the books."""

from datetime import UTC, date, datetime, timedelta

import pytest

from incidents.queries.resolutions import resolve_submission
from incidents.queries.situations import Submission, agreement_of
from tests import factories
from tests.incidents.scenes import (
    ARR,
    EVENT,
    MCSAP,
    NOW,
    REDE,
    SECURITY,
    SUBSCRIPTION,
    UER,
    agreement,
    event,
    hold,
    host_of,
    reason,
    resolved,
    submission,
)

pytestmark = pytest.mark.django_db
INTAKE = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def order():
    """The base package over 2026."""
    return agreement()


def test_with_the_base_package_alone_the_base_chart_applies(order):
    found = resolved(order)
    assert (found.resolution.chart, found.resolution.minutes) == ("base", 15)
    assert reason(found, "uer") == "not_held"


@pytest.mark.clause("2.1-B1", "0-C16")
def test_without_a_base_package_in_force_nothing_applies(order):
    after = datetime(2027, 1, 1, 9, tzinfo=UTC)
    assert agreement_of(submission(order, submitted_at=after)) is None
    assert resolve_submission(submission(order, submitted_at=after)) is None


def test_the_last_evening_of_the_term_at_the_host_is_still_covered(order):
    # 31 December, 23:30 in Berlin.
    last = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    assert resolved(order, submitted_at=last).agreement.on == date(2026, 12, 31)


@pytest.mark.clause("2.4-AP2", "2.4-AP11", "0-C14")
@pytest.mark.parametrize(
    ("intake", "identifier", "expected"),
    [
        (INTAKE, "SUB-1", ""),
        (INTAKE, " sub-1 ", ""),
        (INTAKE, "SUB-2", "subscription_not_enrolled"),
        (INTAKE, "", "subscription_not_enrolled"),
        (None, "SUB-1", "gate_closed"),
        (NOW + timedelta(minutes=1), "SUB-1", "gate_closed"),
    ],
)
def test_mcsap_needs_its_intake_and_an_enrolled_subscription(order, intake, identifier, expected):
    hold(order, MCSAP, SUBSCRIPTION, intake_completed_at=intake)
    found = resolved(order, severity="A", scope_identifier=identifier)
    assert reason(found, "mcsap") == expected
    assert found.resolution.chart == ("base" if expected else "mcsap")
    assert found.resolution.minutes == (60 if expected else 15)


@pytest.mark.clause("2.4-AP2")
def test_an_enrolled_product_counts_as_an_enrolled_subscription(order):
    hold(order, MCSAP, ("product", "Azure VM"), intake_completed_at=INTAKE)
    assert reason(resolved(order, severity="A"), "mcsap") == ""
    other = resolved(order, severity="A", component="Azure Kubernetes Service")
    assert reason(other, "mcsap") == "subscription_not_enrolled"


@pytest.mark.clause("2.4-AP3")
def test_a_subscription_bought_by_strangers_is_outside_mcsap(order):
    line = hold(order, MCSAP, SUBSCRIPTION, intake_completed_at=INTAKE)
    line.scopes.update(affiliate=False)
    found = resolved(order, severity="A", scope_identifier="SUB-1")
    assert reason(found, "mcsap") == "buyer_not_affiliated"


@pytest.mark.clause("2.4-AP14")
def test_mcsap_leaves_out_other_clouds_and_excluded_components(order):
    hold(order, MCSAP, SUBSCRIPTION, intake_completed_at=INTAKE)
    elsewhere = resolved(
        order, severity="A", scope_identifier="SUB-1", cloud="Azure China cloud (Mooncake)"
    )
    maps = resolved(order, severity="A", scope_identifier="SUB-1", component="Azure Maps")
    assert reason(elsewhere, "mcsap") == reason(maps, "mcsap") == "excluded"


@pytest.mark.clause("2.4-AP16")
def test_severity_b_goes_to_mcsap_engineers_at_base_times(order):
    hold(order, MCSAP, SUBSCRIPTION, intake_completed_at=INTAKE)
    found = resolved(order, severity="B", scope_identifier="SUB-1")
    assert (found.resolution.chart, found.resolution.minutes) == ("base", 120)
    assert found.resolution.routed_to == "mcsap"


def test_one_of_two_lines_that_covers_the_subscription_is_enough(order):
    hold(order, MCSAP, ("subscription", "SUB-9"), intake_completed_at=INTAKE)
    hold(order, MCSAP, SUBSCRIPTION, intake_completed_at=INTAKE)
    assert reason(resolved(order, scope_identifier="SUB-1"), "mcsap") == ""


def test_uer_answers_other_products_in_half_an_hour(order):
    hold(order, UER)
    found = resolved(order, component="Exchange Server", channel="phone")
    assert (found.resolution.chart, found.resolution.minutes) == ("uer", 30)
    assert [role.role for role in found.roles] == [
        "enhanced_incident_manager",
        "critical_situation_resource",
    ]


@pytest.mark.clause("2.5-AR2")
@pytest.mark.parametrize(
    ("channel", "chart", "minutes"), [("portal", "arr", 15), ("phone", "base", 60)]
)
def test_rapid_response_is_for_the_portal_alone(order, channel, chart, minutes):
    hold(order, ARR)
    found = resolved(order, severity="A", channel=channel)
    assert (found.resolution.chart, found.resolution.minutes) == (chart, minutes)


def test_a_phoned_incident_is_told_what_the_portal_would_bring(order):
    hold(order, ARR)
    missed = resolved(order, severity="A", channel="phone").missed
    assert [(one.chart, one.reason, one.minutes) for one in missed] == [("arr", "channel", 15)]
    assert resolved(order, severity="A").missed == ()
    assert resolved(order, severity="1", channel="phone").missed == ()


@pytest.mark.clause("2.4-AE10", "A-AE1")
@pytest.mark.parametrize(
    ("first", "last", "words", "expected"),
    [
        (date(2026, 11, 21), date(2026, 11, 25), "AEM: portal down", ""),
        (date(2026, 11, 23), date(2026, 11, 23), "aem", ""),
        (date(2026, 11, 23), date(2026, 11, 25), "Portal down", "keyword_missing"),
        (date(2026, 11, 24), date(2026, 11, 25), "AEM", "outside_window"),
        (date(2026, 11, 18), date(2026, 11, 22), "AEM", "outside_window"),
    ],
)
def test_an_azure_event_covers_its_days_under_its_keyword(order, first, last, words, expected):
    event(order, first, last)
    found = resolved(order, severity="A", description=words)
    assert reason(found, "azure_event") == expected
    assert found.resolution.chart == ("base" if expected else "azure_event")


def test_an_event_that_was_cancelled_or_never_confirmed_opens_no_window(order):
    days = (date(2026, 11, 21), date(2026, 11, 25))
    unconfirmed = event(order, *days, confirmed_on=None)
    assert reason(resolved(order, description="AEM"), "azure_event") == "outside_window"
    unconfirmed.event_confirmed_on = date(2026, 9, 1)
    unconfirmed.cancelled_at = NOW - timedelta(days=9)
    unconfirmed.cancelled_by = order.created_by
    unconfirmed.cancelled_for = "customer"
    unconfirmed.save()
    assert reason(resolved(order, description="AEM"), "azure_event") == "outside_window"


@pytest.mark.clause("A-AE4")
def test_an_event_brings_somebody_within_half_an_hour(order):
    event(order, date(2026, 11, 23), date(2026, 11, 23))
    roles = resolved(order, severity="A", description="AEM").roles
    assert [(one.role, one.within_minutes) for one in roles] == [
        ("critical_situation_resource", 30),
        ("critical_situation_oversight", None),
    ]


@pytest.mark.clause("2.4-SE3", "2.4-SE5")
@pytest.mark.parametrize(
    ("component", "tenant", "expected"),
    [
        ("Intune", "contoso.example", ""),
        ("Intune", "other.example", "tenant_not_listed"),
        ("Exchange Server", "contoso.example", "product_not_covered"),
    ],
)
def test_security_plus_covers_its_products_in_listed_tenants(order, component, tenant, expected):
    hold(order, SECURITY, ("tenant", "Contoso.example"))
    found = resolved(order, component=component, channel="phone", scope_identifier=tenant)
    assert reason(found, "mcsfs_plus") == expected


def test_a_programme_of_an_order_that_has_ended_is_told_as_such(order):
    hold(order, UER, ends_on=date(2026, 6, 30))
    assert reason(resolved(order), "uer") == "not_in_force"


def test_an_order_not_executed_yet_brings_no_programme(order):
    draft = factories.draft(order.customer)
    hold(draft, UER)
    assert reason(resolved(order), "uer") == "not_held"


@pytest.mark.clause("2.5-RD5", "2.5-RD6", "2.5-RD14")
@pytest.mark.parametrize(
    ("severity", "wanted", "component", "joins"),
    [
        ("A", False, "SQL Server", True),
        ("B", False, "SQL Server", False),
        ("B", True, "SQL Server", True),
        ("A", False, "Exchange Server", False),
    ],
)
def test_the_designated_engineer_joins_on_listed_products(
    order, severity, wanted, component, joins
):
    hold(order, REDE, ("product", "SQL Server"))
    found = resolved(
        order, severity=severity, component=component, channel="phone", designated_wanted=wanted
    )
    assert ("rede_engineer" in [one.role for one in found.roles]) is joins
    assert found.resolution.chart == "base"


def test_the_target_counts_in_the_hours_of_the_contacts_location(order):
    shanghai = factories.location(
        order.customer, country="CN", time_zone="Asia/Shanghai", name="Shanghai"
    )
    order.order_locations.create(location=shanghai)
    found = resolved(order, severity="B", location=shanghai)
    # Monday 17:24 in Shanghai: six minutes are left of the day, 114 on Tuesday.
    assert found.due.result == datetime(2026, 11, 24, 2, 54, tzinfo=UTC)
    assert found.hours.zone == "Asia/Shanghai"


def test_a_submission_names_things_that_belong_together(order):
    stranger = factories.location()
    with pytest.raises(ValueError, match="another customer"):
        submission(order, location=stranger)
    with pytest.raises(ValueError, match="another location"):
        submission(order, contact=factories.contact(stranger))
    with pytest.raises(ValueError, match="offset"):
        Submission(
            order.customer,
            host_of(order),
            factories.component(),
            "1",
            "portal",
            datetime(2026, 1, 1),
        )


def test_preview_and_stored_resolution_say_the_same(order):
    hold(order, UER)
    found = resolved(order, component="Exchange Server", channel="phone", severity="A")
    incident = factories.incident(
        order, component="Exchange Server", severity="A", contact=None, location=host_of(order)
    )
    assert incident.resolution == found.as_data()
    assert (incident.due_at, incident.near_at) == (found.due.result, found.near_at)
    assert EVENT not in {role.role for role in incident.assignments.all()}
