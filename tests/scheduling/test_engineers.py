"""Engineers: assigned, held, moved and freed with the booking; never in two places."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Booking, Engineer, EngineerAssignment, EngineerSlot
from services.scheduling.queries.engineers import busy, engineers_with_load, team_of
from tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW
NINE = datetime(2026, 12, 17, 8, tzinfo=UTC)  # in Berlin


@pytest.fixture
def held():
    return factories.holding(factories.season())


@pytest.fixture
def engineer(held):
    return factories.engineer(held.order.customer.team)


def refused(act, *args, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*args, **fields)
    return caught.value


def assign(booking, *engineers):
    return actions.assign_engineers(
        booking=booking, engineers=engineers, by=booking.booked_by, now=NOW
    )


def quarters(engineer) -> int:
    return EngineerSlot.objects.filter(engineer=engineer).count()


# --- holding --------------------------------------------------------------------------------


def test_a_booking_holds_the_engineer_from_its_beginning_to_its_end(held, engineer):
    booking = factories.booking(held, engineers=[engineer])
    assert team_of(booking) == [engineer]
    assert quarters(engineer) == 8 * 4


@pytest.mark.clause("2.7-T11")
def test_an_engineer_cannot_be_booked_twice_and_nothing_is_written(held, engineer):
    factories.booking(held, engineers=[engineer])
    half_past = NINE + timedelta(hours=7, minutes=30)
    refusal = refused(
        factories.booking,
        held,
        starts_at=half_past,
        ends_at=half_past + timedelta(hours=1),
        engineers=[engineer],
    )
    assert (refusal.code, refusal.field, refusal.clauses) == (
        "slot_taken",
        "engineers",
        ("2.7-T11",),
    )
    assert refusal.figures == {
        "engineer": engineer.name,
        "starts_at": half_past,
        "ends_at": NINE + timedelta(hours=8),
    }
    assert Booking.objects.count() == 1
    assert quarters(engineer) == 32


def test_the_next_session_may_begin_when_the_first_one_ends(held, engineer):
    factories.booking(held, engineers=[engineer])
    after = NINE + timedelta(hours=8)
    factories.booking(
        held, starts_at=after, ends_at=after + timedelta(minutes=30), engineers=[engineer]
    )
    assert quarters(engineer) == 34


def test_the_constraint_alone_keeps_a_slot_for_one(held, engineer):
    booking = factories.booking(held, engineers=[engineer])
    assignment = booking.engineer_assignments.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        EngineerSlot.objects.create(assignment=assignment, engineer=engineer, starts_at=NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        EngineerAssignment.objects.create(
            booking=booking, engineer=engineer, assigned_at=NOW, assigned_by=booking.booked_by
        )


def test_another_team_is_chosen_for_a_booking_and_only_what_changes_moves(held, engineer):
    booking = factories.booking(held, engineers=[engineer])
    second = factories.engineer(held.order.customer.team)
    assign(booking, engineer, second)
    assert [quarters(one) for one in (engineer, second)] == [32, 32]
    assign(booking, second)
    assert [quarters(one) for one in (engineer, second)] == [0, 32]
    assert team_of(booking) == [second]


def test_an_engineer_who_was_taken_out_cannot_be_assigned(held):
    gone = factories.engineer(held.order.customer.team, is_active=False)
    assert refused(factories.booking, held, engineers=[gone]).code == "engineer_inactive"
    assert not Booking.objects.exists()


def test_an_engineer_of_another_team_is_a_bug_of_the_caller(held):
    with pytest.raises(ValueError, match="doesn't work for"):
        factories.booking(held, engineers=[factories.engineer()])


def test_an_engineer_is_not_held_for_longer_than_a_month(held, engineer):
    refusal = refused(
        factories.booking, held, ends_at=NINE + timedelta(days=40), engineers=[engineer]
    )
    assert refusal.code == "engineer_span_too_long"


# --- freeing --------------------------------------------------------------------------------


def test_cancelling_frees_the_time_and_still_tells_who_it_was(held, engineer):
    booking = factories.booking(held, engineers=[engineer])
    actions.cancel_booking(
        booking=booking, party="customer", reason="Ill.", by=booking.booked_by, now=NOW
    )
    assert quarters(engineer) == 0
    assert team_of(booking) == [engineer]
    factories.booking(held, engineers=[engineer])


def move(booking, days=0, hours=0, **fields):
    by = timedelta(days=days, hours=hours)
    return actions.move_booking(
        booking=booking,
        starts_at=booking.starts_at + by,
        ends_at=booking.ends_at + by,
        by=booking.booked_by,
        now=NOW,
        reason="Ill.",
        **fields,
    )


def test_a_move_takes_the_engineer_along_even_to_times_that_overlap_the_old_ones(held, engineer):
    moved = move(factories.booking(held, engineers=[engineer]), hours=1)
    assert team_of(moved) == [engineer]
    times = EngineerSlot.objects.filter(engineer=engineer).values_list("starts_at", flat=True)
    assert (min(times), max(times)) == (
        NINE + timedelta(hours=1),
        NINE + timedelta(hours=8, minutes=45),
    )


def test_a_move_to_a_time_when_the_engineer_is_taken_is_refused_and_changes_nothing(held, engineer):
    first = factories.booking(held, engineers=[engineer])
    later = NINE + timedelta(days=1)
    factories.booking(
        held, starts_at=later, ends_at=later + timedelta(hours=8), engineers=[engineer]
    )
    assert refused(move, first, days=1).code == "slot_taken"
    first.refresh_from_db()
    assert first.cancelled_at is None
    assert quarters(engineer) == 64


def test_a_move_may_be_made_with_others(held, engineer):
    second = factories.engineer(held.order.customer.team)
    moved = move(factories.booking(held, engineers=[engineer]), days=1, engineers=[second])
    assert team_of(moved) == [second]
    assert [quarters(one) for one in (engineer, second)] == [0, 32]


def test_what_was_delivered_stays_held(held, engineer):
    booking = factories.booking(held, engineers=[engineer])
    actions.deliver_booking(booking=booking, by=booking.booked_by, now=booking.ends_at)
    assert quarters(engineer) == 32
    assert refused(assign, booking).code == "already_delivered"


# --- entering -------------------------------------------------------------------------------


def test_an_engineer_is_entered_once(held):
    by, team = held.order.created_by, held.order.customer.team
    actions.add_engineer(team=team, name=" Ada ", email="Ada@example.com", by=by)
    assert Engineer.objects.get().name == "Ada"
    refusal = refused(actions.add_engineer, team=team, name="A", email="ada@example.com", by=by)
    assert (refusal.code, refusal.field) == ("engineer_known", "email")


def test_a_zone_that_does_not_exist_is_refused(held):
    refusal = refused(
        actions.add_engineer,
        team=held.order.customer.team,
        name="Ada",
        email="ada@example.com",
        time_zone="Mars/Base",
        by=held.order.created_by,
    )
    assert refusal.code == "unknown_time_zone"


def test_only_those_who_manage_agreements_enter_and_assign(held, engineer):
    customer = factories.customer_administrator(held.order.customer)
    booking = factories.booking(held)
    assert (
        refused(
            actions.assign_engineers, booking=booking, engineers=[engineer], by=customer, now=NOW
        ).code
        == "not_allowed"
    )
    assert list(Engineer.objects.visible_to(customer)) == []


# --- who sees what --------------------------------------------------------------------------


def test_engineers_are_seen_by_those_who_manage_customers_of_their_team(held, engineer):
    factories.engineer()
    assert list(Engineer.objects.visible_to(held.order.created_by)) == [engineer]


def test_assignments_and_slots_are_seen_with_their_booking(held, engineer):
    factories.booking(held, engineers=[engineer])
    stranger = factories.csam(factories.host().customer)
    contact = factories.location_contact(factories.location(held.order.customer))
    for model in (EngineerAssignment, EngineerSlot):
        assert model.objects.visible_to(held.order.created_by).exists()
        assert not model.objects.visible_to(stranger).exists()
        assert not model.objects.visible_to(contact).exists()


def test_the_load_counts_the_next_four_weeks(held, engineer):
    factories.booking(held, engineers=[engineer])
    far = NOW + timedelta(days=60)
    factories.booking(held, starts_at=far, ends_at=far + timedelta(hours=1), engineers=[engineer])
    assert engineers_with_load(held.order.created_by, now=NOW) == [(engineer, 8 * 60)]


def test_what_a_booking_itself_holds_does_not_make_its_slot_taken(held, engineer):
    booking = factories.booking(held, engineers=[engineer])
    span = (booking.starts_at, booking.ends_at)
    assert list(busy([engineer], *span)) == [engineer.pk]
    assert busy([engineer], *span, besides=booking) == {}


# --- pages ----------------------------------------------------------------------------------


@pytest.fixture
def client(sign_in, held, at):
    at(NOW)
    return sign_in(held.order.created_by)


def url(name, *args):
    return reverse(f"scheduling:{name}", args=args)


def test_engineers_are_chosen_on_the_page_of_a_booking(client, held, engineer):
    booking = factories.booking(held)
    assert (
        "nobody is assigned yet" in client.get(url("booking-detail", booking.pk)).content.decode()
    )
    answer = client.post(url("booking-team", booking.pk), {"engineers": [engineer.pk]})
    assert answer["Location"] == url("booking-detail", booking.pk)
    assert engineer.name in client.get(url("booking-detail", booking.pk)).content.decode()


def test_the_dialog_says_who_is_taken_and_refuses_them(client, held, engineer):
    factories.booking(held, engineers=[engineer])
    booking = factories.booking(held)
    address = url("booking-team", booking.pk)
    assert "Thu 17 Dec 2026, 09:00 to 17:00 CET" in client.get(address).content.decode()
    answer = client.post(address, {"engineers": [engineer.pk]})
    assert answer.status_code == 409
    assert "An engineer is taken at that time." in answer.content.decode()


def test_an_engineer_of_another_team_is_no_choice(client, held):
    answer = client.post(
        url("booking-team", factories.booking(held).pk), {"engineers": [factories.engineer().pk]}
    )
    assert answer.status_code in {200, 422, 302}
    assert not EngineerAssignment.objects.exists()


def test_a_customer_reads_the_name_and_chooses_nobody(sign_in, held, engineer, at):
    at(NOW)
    booking = factories.booking(held, engineers=[engineer])
    reader = sign_in(factories.customer_administrator(held.order.customer))
    assert engineer.name in reader.get(url("booking-detail", booking.pk)).content.decode()
    for address in (url("booking-team", booking.pk), url("engineer-list")):
        assert reader.get(address).status_code == 404


def test_engineers_are_entered_changed_and_listed(client, held):
    team = held.order.customer.team
    answer = client.post(
        url("engineer-create"),
        {"name": "Ada", "email": "ada@example.com", "team": team.pk, "time_zone": "Asia/Tokyo"},
    )
    ada = Engineer.objects.get()
    assert answer["Location"] == url("engineer-detail", ada.pk)
    client.post(url("engineer-edit", ada.pk), {"name": "Ada L.", "time_zone": "Asia/Tokyo"})
    ada.refresh_from_db()
    assert (ada.name, ada.is_active) == ("Ada L.", False)
    assert "Taken out" in client.get(url("engineer-list")).content.decode()


def test_an_engineer_s_page_tells_times_and_keeps_strangers_customers_to_itself(
    client, held, engineer, sign_in
):
    factories.booking(held, engineers=[engineer])
    colleague = factories.csam(factories.host(factories.customer(team=engineer.team)).customer)
    mine = client.get(url("engineer-detail", engineer.pk)).content.decode()
    theirs = sign_in(colleague).get(url("engineer-detail", engineer.pk)).content.decode()
    assert held.order.customer.short_name in mine
    assert "booked for another customer" in theirs
    assert held.order.customer.short_name not in theirs


def test_the_booking_form_offers_the_team_and_says_who_is_taken(client, held, engineer):
    factories.booking(held, engineers=[engineer])
    typed = {
        "customer": held.order.customer_id,
        "entitlement": held.pk,
        "location": held.location_id,
        "title": "Another",
        "quantity": "1",
        "starts_on": "2026-12-17",
        "starts_time": "10:00",
        "ends_time": "12:00",
        "mode": "remote",
        "language": "en",
        "engineers": [engineer.pk],
        "key": "k-1",
    }
    answer = client.post(url("booking-create"), typed)
    assert answer.status_code == 409
    assert "An engineer is taken at that time." in answer.content.decode()
    typed |= {"starts_on": "2026-12-18", "key": "k-2"}
    client.post(url("booking-create"), typed)
    assert team_of(Booking.objects.latest("pk")) == [engineer]


# --- the API --------------------------------------------------------------------------------


@pytest.fixture
def api(client):
    def call(method, path, body=None):
        send = getattr(client, method)
        options = {"data": body, "content_type": "application/json"} if body is not None else {}
        return send(f"/api/v1/{path}", **options)

    return call


def test_the_api_books_with_engineers_and_refuses_a_second_booking(api, held, engineer):
    body = {
        "entitlement": held.pk,
        "starts_at": "2026-12-17T09:00:00+01:00",
        "ends_at": "2026-12-17T17:00:00+01:00",
        "title": "One",
        "engineers": [engineer.pk],
    }
    made = api("post", "bookings/", body)
    assert made.status_code == 201
    assert made.json()["engineers"] == [{"id": engineer.pk, "name": engineer.name}]
    again = api("post", "bookings/", body | {"title": "Two"})
    assert (again.status_code, again.json()["code"]) == (409, "slot_taken")
    assert again.json()["figures"]["engineer"] == engineer.name
    busy_at = api("get", f"engineers/{engineer.pk}/busy/").json()
    assert busy_at == [
        {"starts_at": "2026-12-17T09:00:00+01:00", "ends_at": "2026-12-17T17:00:00+01:00"}
    ]


def test_the_api_assigns_moves_and_frees(api, held, engineer):
    booking = factories.booking(held)
    done = api("post", f"bookings/{booking.pk}/team/", {"engineers": [engineer.pk]})
    assert [one["id"] for one in done.json()["engineers"]] == [engineer.pk]
    moved = api(
        "post",
        f"bookings/{booking.pk}/move/",
        {
            "starts_at": "2026-12-18T09:00:00+01:00",
            "ends_at": "2026-12-18T17:00:00+01:00",
            "reason": "Ill.",
            "engineers": [],
        },
    )
    assert moved.json()["engineers"] == []
    assert quarters(engineer) == 0


def test_the_api_knows_no_engineer_of_another_team(api, held):
    other = factories.engineer()
    booking = factories.booking(held)
    answer = api("post", f"bookings/{booking.pk}/team/", {"engineers": [other.pk]})
    assert answer.status_code == 400
    assert api("get", f"engineers/{other.pk}/").status_code == 404


def test_the_api_enters_and_changes_engineers(api, held):
    team = held.order.customer.team
    made = api("post", "engineers/", {"team": team.pk, "name": "Ada", "email": "ada@example.com"})
    assert made.status_code == 201
    changed = api("patch", f"engineers/{made.json()['id']}/", {"is_active": False})
    assert (changed.json()["name"], changed.json()["is_active"]) == ("Ada", False)
    assert [one["name"] for one in api("get", "engineers/").json()["results"]] == ["Ada"]


def test_the_schedule_is_narrowed_to_an_engineer_and_customers_are_not_asked(
    client, sign_in, held, engineer
):
    theirs = factories.booking(held, engineers=[engineer], title="Theirs")
    other = factories.booking(
        held,
        starts_at=NINE + timedelta(days=1),
        ends_at=NINE + timedelta(days=1, hours=1),
        title="Another",
    )
    narrowed = client.get(reverse("scheduling:booking-list"), {"engineer": engineer.pk})
    words = narrowed.content.decode()
    assert (theirs.reference in words, other.reference in words) == (True, False)
    found = client.get(f"/api/v1/bookings/?engineer={engineer.pk}").json()["results"]
    assert [row["id"] for row in found] == [theirs.pk]
    customer = sign_in(factories.customer_administrator(held.order.customer))
    page = customer.get(reverse("scheduling:booking-list")).content.decode()
    assert 'name="engineer"' not in page
