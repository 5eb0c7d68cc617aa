"""A zone or a calendar changes: open dates follow, what is done or was announced stays."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actions import customers
from accounts.models import Customer, Location, Message
from incidents.actions.analyses import request_analysis
from incidents.actions.progress import mark_mitigated
from incidents.actions.recalculation import recalculate_dates
from incidents.tasks import recalculate_dates as task
from tests import factories
from tests.incidents.scenes import agreement, hold, host_of
from tests.incidents.test_progress import LATER, SUBSCRIPTION
from workorders.actions.deadlines import meet_deadline
from workorders.actions.reminders import announce_deadlines
from workorders.models import Deadline

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def move(place, zone, *, by):
    place.refresh_from_db()
    return customers.change_location(
        location=place, by=by, seen=customers.version_of(place), time_zone=zone
    )


@pytest.fixture
def lead(order):
    return factories.lead(order.customer.team)


def zones(order):
    rows = Deadline.objects.current().filter(order=order)
    return {row.kind: (row.due_on, row.zone) for row in rows}


@pytest.mark.clause("0-C13")
def test_open_dates_follow_the_zone_of_the_host(order, lead):
    place = order.order_locations.get().location
    before = Deadline.objects.get(kind="expiry")
    move(place, "America/New_York", by=lead)
    assert zones(order)["expiry"] == (date(2026, 12, 31), "Europe/Berlin")
    assert recalculate_dates(now=NOW) == 1
    assert recalculate_dates(now=NOW) == 0
    assert zones(order) == {
        "request_cutoff": (date(2026, 11, 1), "America/New_York"),
        "expiry": (date(2026, 12, 31), "America/New_York"),
    }
    before.refresh_from_db()
    now_due = Deadline.objects.current().get(kind="expiry")
    assert (before.superseded_at, now_due.due_at - before.due_at) == (NOW, timedelta(hours=6))


def test_what_is_met_or_over_stays_as_it_was(order, lead):
    place = order.order_locations.get().location
    met = Deadline.objects.get(kind="expiry")
    meet_deadline(deadline=met, by=lead, now=NOW)
    move(place, "America/New_York", by=lead)
    after_the_cutoff = datetime(2026, 11, 3, tzinfo=UTC)
    recalculate_dates(now=after_the_cutoff)
    assert {zone for _day, zone in zones(order).values()} == {"Europe/Berlin"}


def test_another_name_of_a_place_replaces_no_date(order, lead):
    place = order.order_locations.get().location
    place.refresh_from_db()
    customers.change_location(
        location=place, by=lead, seen=customers.version_of(place), name="Elsewhere"
    )
    recalculate_dates(now=NOW)
    assert not Deadline.objects.filter(superseded_at__isnull=False).exists()


def test_a_moved_date_is_announced_anew_and_the_history_keeps_what_was_said(order, lead):
    place = order.order_locations.get().location
    csam = order.created_by
    announce_deadlines(now=datetime(2026, 10, 20, 9, tzinfo=UTC))
    moved_at = datetime(2026, 10, 21, 9, tzinfo=UTC)
    move(place, "America/New_York", by=lead)
    recalculate_dates(now=moved_at)
    announce_deadlines(now=moved_at)
    old, new = Deadline.objects.filter(kind="request_cutoff").order_by("pk")
    told = Message.objects.filter(recipient=csam, channel="email")
    assert {f"deadline:{old.pk}", f"deadline:{new.pk}"} <= set(
        told.values_list("subject_key", flat=True)
    )


def test_dates_of_a_draft_follow_too():
    draft = factories.draft()
    by = factories.lead(draft.customer.team)
    factories.orders.set_flex_years(
        order=draft, allotments={1: 100}, by=draft.created_by, now=factories.SIGNED
    )
    move(draft.order_locations.get().location, "Asia/Tokyo", by=by)
    recalculate_dates(now=factories.SIGNED)
    assert Deadline.objects.current().get().zone == "Asia/Tokyo"


@pytest.mark.clause("2.4-AP27", "0-C9")
def test_a_new_holiday_moves_the_delivery_of_an_analysis():
    order = agreement()
    hold(order, "mcsap", SUBSCRIPTION, intake_completed_at=datetime(2026, 2, 1, tzinfo=UTC))
    incident = factories.incident(
        order,
        component="Azure Virtual Machines",
        channel="portal",
        scope_identifier="SUB-1",
        location=host_of(order),
    )
    mark_mitigated(incident=incident, by=order.created_by, now=LATER)
    request_analysis(incident=incident, by=order.created_by, now=LATER, text="")
    first = Deadline.objects.get(kind="rca_delivery")
    assert first.due_on == date(2026, 12, 7)
    lead = factories.lead(order.customer.team)
    holiday = customers.add_holiday(
        location=host_of(order), by=lead, on=date(2026, 12, 1), name="Founders' day"
    )
    assert recalculate_dates(now=LATER) == 1
    assert Deadline.objects.current().get(kind="rca_delivery").due_on == date(2026, 12, 8)
    customers.remove_holiday(holiday=holiday, by=lead)
    recalculate_dates(now=LATER)
    assert Deadline.objects.current().get(kind="rca_delivery").due_on == date(2026, 12, 7)


def test_the_task_reads_the_clock(order, lead, at):
    at(NOW)
    move(order.order_locations.get().location, "Asia/Tokyo", by=lead)
    assert task() == 1
    assert not Customer.objects.filter(dates_stale=True).exists()
    assert Location.objects.get(role="host").time_zone == "Asia/Tokyo"
