"""Opening an incident: what is stored, what is refused, who is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Contact, LocationHoliday, Message, User
from accounts.rules.refusal import Refused
from incidents.models import Component, Incident, IncidentUpdate
from tests import factories
from tests.incidents.scenes import NOW, SUBSCRIPTION, agreement, event, hold, host_of
from workorders.models import Override, WorkOrder

pytestmark = pytest.mark.django_db


def refusal(order, **fields) -> Refused:
    """Why it can't be opened; nothing is written then."""
    with pytest.raises(Refused) as refused:
        factories.incident(order, **fields)
    assert not Incident.objects.exists()
    assert not Message.objects.filter(subject_key__startswith="incident").exists()
    return refused.value


def test_an_incident_keeps_its_chart_target_and_explanation(order):
    incident = factories.incident(order)
    assert (incident.chart.code, incident.target_minutes, incident.clock) == (
        "base",
        120,
        "business_hours",
    )
    # Monday 10:24 in Berlin, two business hours later.
    assert incident.due_at == datetime(2026, 11, 23, 11, 24, tzinfo=UTC)
    assert incident.near_at == datetime(2026, 11, 23, 10, 54, tzinfo=UTC)
    assert incident.resolution["chart"] == "base"
    assert incident.explained["result"] == incident.due_at.isoformat()
    assert incident.explained["clauses"] == ["A-BS10"]
    assert incident.number == f"INC-{incident.pk:05d}"
    assert incident.order == order


def test_the_first_update_says_how_it_came_in(order):
    incident = factories.incident(order)
    update = incident.updates.get()
    assert (update.kind, update.channel, update.at, update.author) == (
        "opened",
        "phone",
        NOW,
        incident.contact.name,
    )


@pytest.mark.clause("0-C14")
def test_people_and_duties_of_all_candidates_join():
    order = agreement()
    hold(order, "unified-enhanced-response")
    incident = factories.incident(order, severity="1", component="Exchange Server")
    assert set(incident.assignments.values_list("role", "chart_code", "due_at")) == {
        ("enhanced_incident_manager", "uer", None),
        ("critical_situation_resource", "base", None),
    }
    assert set(incident.duties.values_list("code", "asked_at", "due_at")) == {
        ("notify_executives", None, None),
        ("continuous_resources", None, None),
        ("rapid_access", None, None),
        ("submit_by_phone_or_web", None, None),
    }


@pytest.mark.clause("A-AE4", "0-C7")
def test_somebody_is_assigned_within_half_an_hour_of_an_events_incident():
    order = agreement()
    event(order, date(2026, 11, 23), date(2026, 11, 23))
    incident = factories.incident(
        order,
        severity="A",
        component="Azure Virtual Machines",
        channel="portal",
        description="AEM",
        location=host_of(order),
    )
    resource = incident.assignments.get(role="critical_situation_resource")
    assert resource.due_at == NOW + timedelta(minutes=30)


def test_a_timed_duty_waits_for_microsofts_request(order):
    incident = factories.incident(order, severity="B")
    duty = incident.duties.get(code="change_control_access")
    assert (duty.minutes, duty.clock, duty.asked_at, duty.due_at) == (
        240,
        "business_hours",
        None,
        None,
    )


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.clause("2.3-RE11")
@pytest.mark.parametrize("impact", ["", "   "])
def test_without_business_impact_it_is_refused(order, impact):
    refused = refusal(order, impact=impact)
    assert (refused.code, refused.clauses, refused.field) == (
        "impact_required",
        ("2.3-RE11",),
        "impact",
    )


def test_a_title_is_needed(order):
    assert refusal(order, title=" ").code == "title_required"


def test_what_is_too_long_is_refused_with_its_limit(order):
    refused = refusal(order, title="x" * 161)
    assert (refused.code, refused.figures) == ("too_long", {"limit": 160})


def test_the_future_is_refused(order):
    assert refusal(order, submitted_at=NOW + timedelta(seconds=1)).code == "in_the_future"


@pytest.mark.clause("2.1-B1")
@pytest.mark.parametrize(
    ("submitted_at", "code"),
    [
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), "before_order"),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), None),
    ],
)
def test_before_the_first_day_of_the_order_nothing_is_covered(order, submitted_at, code):
    if code is None:
        assert factories.incident(order, submitted_at=submitted_at).order == order
    else:
        assert refusal(order, submitted_at=submitted_at).code == code


@pytest.mark.clause("2.1-B1")
def test_after_the_last_day_the_base_package_is_missing(order):
    refused = refusal(order, now=datetime(2026, 12, 31, 23, 0, tzinfo=UTC))
    assert (refused.code, refused.clauses) == ("base_required", ("2.1-B1",))


def test_an_order_without_a_base_package_is_not_enough(order):
    WorkOrder.objects.filter(pk=order.pk).update(base_price_minor=0)
    assert refusal(order).code == "base_required"


@pytest.mark.clause("2.3-RE2")
def test_an_unsupported_product_is_refused(order):
    Component.objects.filter(name="Windows Server").update(supported=False)
    assert refusal(order).code == "not_supported"


def test_a_product_of_another_edition_is_refused(order):
    other = factories.draft_edition(code="other")
    row = Component.objects.create(
        edition=other, name="Windows Server", label="Windows Server", product_class="other"
    )
    assert refusal(order, component=row).code == "component_unknown"


@pytest.mark.clause("2.8-C6", "A-BS17")
@pytest.mark.parametrize("channel", ["email", "chat"])
def test_a_channel_that_no_chart_names_is_refused(order, channel):
    refused = refusal(order, channel=channel)
    assert (refused.code, refused.figures) == (
        "channel_not_offered",
        {"channels": ("phone", "portal", "web")},
    )


@pytest.mark.clause("2.4-AP17")
def test_chat_is_open_once_mcsap_is():
    order = agreement()
    hold(order, "mcsap", SUBSCRIPTION, intake_completed_at=datetime(2026, 2, 1, tzinfo=UTC))
    incident = factories.incident(
        order,
        severity="A",
        channel="chat",
        component="Azure Virtual Machines",
        scope_identifier="SUB-1",
        location=host_of(order),
    )
    assert incident.chart.code == "mcsap"


@pytest.fixture
def cloud_administrator(order):
    """A contact of the host who has to use the portal for online services."""
    return factories.contact(host_of(order), role=Contact.Role.CLOUD)


@pytest.mark.clause("2.8-C8", "0-C17")
def test_a_cloud_administrator_takes_online_services_to_the_portal(order, cloud_administrator):
    fields = {"contact": cloud_administrator, "component": "Azure Virtual Machines"}
    refused = refusal(order, **fields)
    assert (refused.code, refused.overridable, refused.field) == (
        "portal_required",
        True,
        "channel",
    )
    assert factories.incident(order, **fields, channel="portal").channel == "portal"
    assert factories.incident(order, contact=cloud_administrator).channel == "phone"


@pytest.mark.clause("2.8-C8", "0-C17")
def test_staff_override_the_portal_with_a_written_reason(order, cloud_administrator):
    fields = {"contact": cloud_administrator, "component": "Azure Virtual Machines"}
    assert refusal(order, **fields, override_reason="  ").code == "portal_required"
    incident = factories.incident(order, **fields, override_reason="The portal is down.")
    override = Override.objects.get(subject_key=f"incident:{incident.pk}")
    assert (override.code, override.reason, override.by) == (
        "portal_required",
        "The portal is down.",
        order.created_by,
    )


def test_customers_can_not_override(order, cloud_administrator):
    person = factories.customer_administrator(order.customer)
    refused = refusal(
        order,
        by=person,
        contact=cloud_administrator,
        component="Azure Virtual Machines",
        override_reason="Please.",
    )
    assert refused.code == "portal_required"


def test_a_reason_overrides_nothing_else(order):
    assert refusal(order, impact="", override_reason="Urgent").code == "impact_required"


@pytest.mark.parametrize(
    "role",
    [
        User.Role.CUSTOMER_VIEWER,
        User.Role.CATALOGUE_ADMINISTRATOR,
        User.Role.SYSTEM_ADMINISTRATOR,
    ],
)
def test_who_only_looks_opens_nothing(order, role):
    assert refusal(order, by=factories.user(role)).code == "not_allowed"


def test_only_staff_log_what_came_in_earlier(order):
    person = factories.customer_administrator(order.customer)
    earlier = NOW - timedelta(minutes=1)
    assert refusal(order, by=person, submitted_at=earlier).field == "submitted_at"
    assert factories.incident(order, submitted_at=earlier).submitted_at == earlier


# --- once, and told -------------------------------------------------------------------------


def test_the_same_key_opens_one_incident(order):
    first = factories.incident(order, idempotency_key="k")
    assert factories.incident(order, idempotency_key="k") == first
    assert factories.incident(order) != first
    assert Incident.objects.count() == 2


def test_the_csams_of_the_customer_hear_of_it_once_in_their_language(order):
    chinese = factories.csam(order.customer, language="zh-hans")
    person = factories.customer_administrator(order.customer)
    factories.csam()
    incident = factories.incident(order, by=person)
    told = Message.objects.filter(subject_key=f"incident:{incident.pk}:opened")
    assert set(told.values_list("recipient", "channel")) == {
        (reader.pk, channel)
        for reader in (order.created_by, chinese)
        for channel in ("email", "inbox")
    }
    mail = told.get(recipient=order.created_by, channel="email")
    assert mail.link == f"/incidents/{incident.pk}/"
    assert "Mon 23 Nov 2026, 12:24 CET" in mail.text


def test_who_opens_it_is_not_told(order):
    factories.incident(order)
    assert not Message.objects.filter(subject_key__startswith="incident").exists()


# --- clocks across changes of time ----------------------------------------------------------


@pytest.mark.clause("A-BS21", "0-C6", "0-C13")
def test_a_holiday_of_the_contacts_location_does_not_count(order):
    place = host_of(order)
    LocationHoliday.objects.create(location=place, on=date(2026, 11, 24), name="Fair")
    # Monday 17:00 in Berlin: half an hour is left, Tuesday is off.
    incident = factories.incident(order, now=datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    assert incident.due_at == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def test_over_a_week_of_holidays_the_target_waits_for_the_first_day_after(order):
    place = host_of(order)
    for day in range(23, 30):
        place.own_holidays.create(on=date(2026, 11, day), name="Stocktaking")
    incident = factories.incident(order, location=place)
    assert incident.due_at == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


@pytest.mark.clause("0-C7")
@pytest.mark.parametrize(
    ("severity", "due"),
    [
        # Elapsed minutes don't notice that the clocks go back at 01:00 UTC.
        ("A", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        # Business minutes begin on Monday at 09:00, which is 08:00 UTC from then on.
        ("B", datetime(2026, 10, 26, 10, 0, tzinfo=UTC)),
    ],
)
def test_targets_over_the_night_in_which_clocks_go_back(order, severity, due):
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert factories.incident(order, severity=severity, now=at).due_at == due


@pytest.mark.clause("0-C7")
def test_targets_over_the_night_in_which_clocks_go_forward(order):
    # Friday 17:00 CET: half an hour, then Monday from 09:00 CEST, 07:00 UTC.
    incident = factories.incident(order, now=datetime(2026, 3, 27, 16, 0, tzinfo=UTC))
    assert incident.due_at == datetime(2026, 3, 30, 8, 30, tzinfo=UTC)


# --- constraints ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"first_response_at": NOW - timedelta(seconds=1)},
        {"closed_at": NOW - timedelta(seconds=1)},
        {"mitigated_at": NOW - timedelta(seconds=1)},
        {"impact": ""},
        {"target_minutes": 0},
    ],
)
def test_the_books_refuse_what_can_not_be(order, change):
    incident = factories.incident(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(**change)


def test_a_role_a_duty_and_a_key_stand_once(order):
    incident = factories.incident(order, severity="A", idempotency_key="k")
    role, duty = incident.assignments.first(), incident.duties.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        incident.assignments.create(role=role.role, chart_code="base")
    with pytest.raises(IntegrityError), transaction.atomic():
        incident.duties.create(code=duty.code)
    other = factories.incident(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=other.pk).update(submission_key=incident.submission_key)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=other.pk).update(number=incident.number)


def test_a_duty_is_not_met_before_it_was_asked_for(order):
    duty = factories.incident(order).duties.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(duty).objects.filter(pk=duty.pk).update(
            asked_at=NOW, met_at=NOW - timedelta(seconds=1)
        )


def test_updates_are_in_order_the_latest_first(order):
    incident = factories.incident(order)
    IncidentUpdate.objects.create(incident=incident, at=NOW + timedelta(minutes=1), kind="note")
    assert [one.kind for one in incident.updates.all()] == ["note", "opened"]
