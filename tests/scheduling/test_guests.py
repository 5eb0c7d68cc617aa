"""Remote participation: admitted by permission, told, taken along, taken back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Message
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Guest
from services.scheduling.queries.guests import guests_of
from tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def booking():
    return factories.booking()


@pytest.fixture
def rome(booking):
    """A location that the order doesn't list."""
    return factories.location(booking.customer, name="Rome", time_zone="Europe/Rome")


def admit(booking, location, **fields) -> Guest:
    values = {"by": booking.booked_by, "now": NOW, **fields}
    return actions.admit_guests(booking=booking, location=location, **values)


def refused(act, *args, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **fields)
    return caught.value


@pytest.mark.clause("2.6-M14")
def test_people_of_an_unlisted_location_join_by_permission_alone(booking, rome):
    assert refused(admit, booking, rome).code == "permission_required"
    assert refused(admit, booking, rome, mode="onsite", permitted=True).code == "remote_only"
    guest = admit(booking, rome, permitted=True, people=3)
    assert (guest.permitted_by, guest.people, guest.mode) == (booking.booked_by, 3, "remote")
    assert guests_of(booking) == [guest]


@pytest.mark.clause("2.6-M14")
def test_people_of_a_listed_location_need_no_permission():
    host = factories.host()
    paris = factories.location(host.customer, name="Paris")
    order = factories.season(host.customer, places=[paris], multi_country=True)
    booking = factories.booking(factories.holding(order))
    assert admit(booking, paris, permitted=True).permitted_by is None


def test_a_location_is_admitted_once_and_never_where_the_session_is(booking, rome):
    admit(booking, rome, permitted=True)
    assert refused(admit, booking, rome, permitted=True).code == "guests_known"
    assert refused(admit, booking, booking.location).code == "own_location"
    with pytest.raises(ValueError, match="isn't a location"):
        admit(booking, factories.location())
    assert Guest.objects.count() == 1


def test_the_constraint_alone_keeps_a_location_to_one_standing_row(booking, rome):
    first = admit(booking, rome, permitted=True)
    row = {"booking": booking, "location": rome, "added_at": NOW, "added_by": booking.booked_by}
    with pytest.raises(IntegrityError), transaction.atomic():
        Guest.objects.create(**row)
    actions.withdraw_guests(guest=first, by=booking.booked_by, now=NOW)
    Guest.objects.create(**row)


@pytest.mark.clause("2.6-M14")
def test_a_permission_is_taken_back_once_and_stays_on_record(booking, rome):
    guest = admit(booking, rome, permitted=True)
    actions.withdraw_guests(guest=guest, by=booking.booked_by, now=NOW)
    assert guests_of(booking) == []
    again = refused(actions.withdraw_guests, guest=guest, by=booking.booked_by, now=NOW)
    assert again.code == "guests_withdrawn"
    assert Guest.objects.get().withdrawn_by == booking.booked_by


def test_guests_hear_of_it_and_come_along_to_a_new_date(booking, rome):
    contact = factories.location_contact(rome)
    admit(booking, rome, permitted=True, people=3)
    later = booking.starts_at + timedelta(days=7)
    new = actions.move_booking(
        booking=booking,
        starts_at=later,
        ends_at=later + timedelta(hours=8),
        reason="Holidays",
        by=booking.booked_by,
        now=NOW,
    )
    assert [(one.location, one.people, one.permitted_by) for one in guests_of(new)] == [
        (rome, 3, booking.booked_by)
    ]
    actions.cancel_booking(
        booking=new, party="customer", reason="No need", by=booking.booked_by, now=NOW
    )
    told = Message.objects.filter(recipient=contact, channel="inbox").order_by("pk")
    assert [one.subject_key.split(":")[-1] for one in told] == ["admitted", "admitted", "cancelled"]
    assert "24 Dec 2026" in told[1].text


def test_a_new_date_at_the_guests_own_location_makes_them_no_guests():
    host = factories.host()
    paris = factories.location(host.customer, name="Paris")
    order = factories.season(host.customer, places=[paris], multi_country=True)
    booking = factories.booking(factories.holding(order))
    admit(booking, paris)
    Guest.objects.update(location=booking.location)
    later = booking.starts_at + timedelta(days=7)
    new = actions.move_booking(
        booking=booking,
        starts_at=later,
        ends_at=later + timedelta(hours=8),
        reason="Holidays",
        by=booking.booked_by,
        now=NOW,
    )
    assert guests_of(new) == []


def test_participation_is_seen_with_the_session_and_by_the_guests_location(booking, rome):
    guest = admit(booking, rome, permitted=True)
    for person in (
        booking.booked_by,
        factories.location_contact(rome),
        factories.location_contact(booking.location),
        factories.viewer(booking.customer),
    ):
        assert list(Guest.objects.visible_to(person)) == [guest]
    for stranger in (
        factories.csam(factories.host().customer),
        factories.location_contact(factories.location(booking.customer)),
    ):
        assert not Guest.objects.visible_to(stranger).exists()


# --- pages and API --------------------------------------------------------------------------


def test_a_manager_admits_and_withdraws_on_the_pages(booking, rome, at, sign_in):
    at(NOW)
    client = sign_in(booking.booked_by)
    page = reverse("scheduling:booking-guests", args=[booking.pk])
    answer = client.get(page)
    form = {"location": rome.pk, "people": 2, "key": answer.context["form"]["key"].value()}
    answer = client.post(page, form)
    assert answer.status_code == 422
    assert "The work order doesn&#x27;t list Rome." in answer.content.decode()
    # Nothing but the location's absence from the list was wrong; two clicks admit once.
    for _click in range(2):
        assert client.post(page, {**form, "permitted": "on"}).status_code == 302
    guest = Guest.objects.get()
    detail = client.get(reverse("scheduling:booking-detail", args=[booking.pk])).content.decode()
    assert "2 people" in detail
    assert f"permitted by {booking.booked_by}" in detail
    assert client.post(reverse("scheduling:guest-detail", args=[guest.pk])).status_code == 302
    assert client.post(reverse("scheduling:guest-detail", args=[guest.pk])).status_code == 409
    assert (
        "nobody"
        in client.get(reverse("scheduling:booking-detail", args=[booking.pk])).content.decode()
    )


@pytest.mark.parametrize("fields", [{}, {"location": "x"}, {"location": 1, "people": "-3"}])
def test_bad_input_is_told_and_writes_nothing(booking, rome, fields, sign_in):
    page = reverse("scheduling:booking-guests", args=[booking.pk])
    assert sign_in(booking.booked_by).post(page, {"x": "", **fields}).status_code == 422
    assert not Guest.objects.exists()


def test_the_guests_people_look_at_it_and_change_nothing(booking, rome, sign_in):
    guest = admit(booking, rome, permitted=True, note="Ops")
    client = sign_in(factories.location_contact(rome))
    page = reverse("scheduling:guest-detail", args=[guest.pk])
    shown = client.get(page).content.decode()
    assert "Ops" in shown
    assert reverse("scheduling:booking-detail", args=[booking.pk]) not in shown
    assert client.post(page).status_code == 404
    assert client.get(reverse("scheduling:booking-guests", args=[booking.pk])).status_code == 404
    assert sign_in(factories.csam()).get(page).status_code == 404


def test_the_api_admits_lists_and_withdraws(booking, rome, at, sign_in):
    at(NOW)
    client = sign_in(booking.booked_by)
    fields = {"booking": booking.pk, "location": rome.pk, "people": 2, "mode": "online"}
    answer = client.post("/api/v1/guests/", fields, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "permission_required")
    fields["permitted"] = True
    made = client.post("/api/v1/guests/", fields, content_type="application/json").json()
    assert (made["location"]["name"], made["people"]) == ("Rome", 2)
    assert client.post(
        f"/api/v1/guests/{made['id']}/withdraw/", content_type="application/json"
    ).json()["withdrawn_at"]
    listed = client.get(f"/api/v1/guests/?booking={booking.pk}&withdrawn=true").json()
    assert [one["id"] for one in listed["results"]] == [made["id"]]
    assert client.get("/api/v1/guests/?withdrawn=false").json()["results"] == []
    fields["location"] = factories.location().pk
    assert (
        client.post("/api/v1/guests/", fields, content_type="application/json").status_code == 400
    )
