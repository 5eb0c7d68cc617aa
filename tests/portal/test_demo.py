"""The demo portfolio: deterministic, complete, the same on a second call."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.models import CalendarFeed, Customer, Location, Message, User
from incidents.models import EventSummary, Incident, IncidentUpdate
from services.catalog.models import Edition
from services.scheduling.models import (
    Booking,
    EventRisk,
    ServiceRequest,
    TeamMeeting,
    Workshop,
)
from tests import factories
from tests.shelf import kept
from workorders.models import WorkOrder

# One worker keeps the small portfolio that several of these stand on.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


def seed(**options) -> list[dict[str, str]]:
    """Run the command and read its sign-ins."""
    out = StringIO()
    call_command("seed_demo", "--json", stdout=out, **options)
    return json.loads(out.getvalue())


@kept
def three_customers() -> list[dict[str, str]]:
    """The smallest portfolio with all parts, in a database that was empty."""
    return seed(customers=3)


def test_the_demo_has_twelve_customers_four_regions_and_orders_in_every_state():
    factories.published_edition()

    seed()

    assert Customer.objects.count() == 12
    zones = {
        zone.partition("/")[0] for zone in Location.objects.values_list("time_zone", flat=True)
    }
    assert {"Europe", "America", "Asia", "Australia"} <= zones
    assert len(set(WorkOrder.objects.values_list("currency", flat=True))) >= 3
    drafts = WorkOrder.objects.without_scenarios().filter(executed_at=None)
    assert drafts.filter(renews=None).count() == 1
    assert drafts.filter(renews__isnull=False).count() == 2
    assert drafts.filter(submitted_at__isnull=False).count() == 1
    assert WorkOrder.objects.executed().filter(amends__isnull=False).count() == 2
    assert WorkOrder.objects.executed().filter(renews__isnull=False).count() == 1
    assert WorkOrder.objects.filter(terminated_on__isnull=False).count() == 1
    assert Booking.objects.filter(cancelled_at__isnull=False).exists()
    assert Booking.objects.standing().count() >= 20
    assert ServiceRequest.objects.waiting().count() == 3
    short = Workshop.objects.get(by_seat=True, taken__lt=F("minimum"))
    full = Workshop.objects.get(by_seat=True, taken=F("capacity"))
    recorded = Workshop.objects.get(recorded_since__isnull=False)
    assert (short.decision, full.attendees.waiting().count()) == ("", 3)
    assert (recorded.by_seat, recorded.attendees.without_consent().exists()) == (False, False)
    assert ServiceRequest.objects.filter(data_completed_at=None).count() == 1
    assert EventRisk.objects.open().count() == 2
    assert EventSummary.objects.exclude(closed_at=None).count() == 1
    assert TeamMeeting.objects.filter(held_on=None).count() == 2
    assert Message.objects.exclude(dead_at=None).count() == 1
    assert Message.objects.filter(subject_key__startswith="digest:").exists()
    assert CalendarFeed.objects.count() == 1


def test_sign_ins_name_role_customer_and_location():
    people = three_customers()

    assert {person["role"] for person in people} == set(User.Role.values)
    contact = next(person for person in people if person["role"] == "location_contact")
    assert contact["customer"] != ""
    assert contact["location"] != ""
    assert User.objects.get(email=contact["email"]).check_password(contact["password"])


def test_an_empty_database_gets_the_shipped_edition_first():
    three_customers()

    assert [edition.code for edition in Edition.objects.published()] == ["2024-09"]


def test_what_is_said_to_chinese_customers_is_chinese():
    three_customers()

    theirs = Customer.objects.get(name="蓝湖制造")
    said = [
        *IncidentUpdate.objects.filter(incident__customer=theirs).values_list("text", "author"),
        *Incident.objects.filter(customer=theirs).values_list("title", "impact", "description"),
        *Booking.objects.filter(customer=theirs).values_list("title", "cancellation_reason"),
        *ServiceRequest.objects.filter(customer=theirs).values_list("note"),
    ]
    words = {text for row in said for text in row if text}
    assert {text for text in words if text.isascii()} <= {"Mara Keller"}
    assert "请提供跟踪日志。" in words


def test_a_second_call_changes_nothing():
    first = three_customers()
    bookings = list(Booking.objects.values_list("pk", flat=True))

    second = seed(customers=3)

    assert second == first
    assert list(Booking.objects.values_list("pk", flat=True)) == bookings


def test_while_editions_are_drafts_only_the_command_says_what_to_do():
    factories.draft_edition()

    with pytest.raises(CommandError, match="no edition is published"):
        call_command("seed_demo")


@pytest.mark.parametrize("number", [0, 1001])
def test_a_number_of_customers_out_of_range_is_refused(number):
    with pytest.raises(CommandError, match="from 1 to 1000"):
        call_command("seed_demo", customers=number)
