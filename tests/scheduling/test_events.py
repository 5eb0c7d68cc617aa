"""Azure events: planned with their windows, risks before, cancelled for want of resources."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import Message
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.models import Booking, EventRisk
from services.scheduling.queries.events import event_view
from services.scheduling.queries.objections import left_of
from services.scheduling.rules.events import EventPlan
from tests import factories
from tests.chinese import Reader, faults, typed
from tests.scheduling.forms import text_of
from workorders.models import Deadline, Override

pytestmark = pytest.mark.django_db
NOW = factories.NOW
FIRST = date(2027, 2, 1)


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def held():
    order = factories.season()
    event = factories.offering("azure-event-mcs", order.edition)
    return factories.holding(order, offering=event, unit="event", quantity=6)


@pytest.fixture
def by(held):
    return held.order.created_by


def plan(days=12, **fields) -> EventPlan:
    values = {
        "first_day": FIRST, "last_day": FIRST + timedelta(days=days - 1),
        "solutions": ["Shop", "Stock"], "kind": "load", "goal": "Winter sale",
    }  # fmt: skip
    return EventPlan(**{**values, **fields})


def planned(held, by, **fields) -> list[Booking]:
    return actions.plan_event(entitlement=held, plan=plan(**fields), by=by, now=NOW)


def one_event(held, by) -> Booking:
    return planned(held, by, days=3, solutions=["Shop"])[0]


def refused(act, *given, **fields) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*given, **fields)
    return caught.value


def risk(booking, by, **fields) -> EventRisk:
    values = {"area": "capacity", "title": "One zone only", "owner": "customer"}
    return actions.record_risk(booking=booking, by=by, now=NOW, **{**values, **fields})


# --- planning ---------------------------------------------------------------------------------


@pytest.mark.clause("2.4-AE7", "2.4-AE8", "2.4-AE10", "2.4-AE11")
def test_each_solution_is_booked_for_all_its_windows(held, by):
    bookings = planned(held, by)
    assert [(one.event_solution, one.quantity) for one in bookings] == [("Shop", 3), ("Stock", 3)]
    assert left_of(held) == 0
    view = event_view(bookings[0], viewer=by)
    assert [(one.first_day, one.last_day) for one in view.windows] == [
        (date(2027, 2, 1), date(2027, 2, 5)),
        (date(2027, 2, 6), date(2027, 2, 10)),
        (date(2027, 2, 11), date(2027, 2, 12)),
    ]


@pytest.mark.clause("2.4-AE13")
def test_the_confirmation_of_every_window_is_due_six_weeks_before_the_first(held, by):
    planned(held, by)
    due = Deadline.objects.filter(kind=Deadline.Kind.EVENT_CONFIRMATION)
    assert [one.due_on for one in due] == [date(2026, 12, 21)] * 2


def test_too_few_events_book_no_solution_at_all(held, by):
    refusal = refused(planned, held, by, days=16)
    assert (refusal.code, refusal.figures["left"], refusal.figures["asked"]) == (
        "insufficient_units", 6, 8,
    )  # fmt: skip
    assert not Booking.objects.exists()


@pytest.mark.clause("2.4-AE8", "2.4-AE9")
def test_microsoft_may_settle_for_fewer_events_with_a_reason(held, by):
    assert refused(planned, held, by, events=1).code == "reason_required"
    bookings = planned(held, by, events=1, fewer_reason="Few workloads")
    assert [one.quantity for one in bookings] == [1, 1]
    assert event_view(bookings[0], viewer=by).brief.events_by_default == 3
    kept = Override.objects.get(subject_key=f"booking:{bookings[0].pk}")
    assert (kept.code, kept.reason, kept.clauses) == (
        "fewer_events", "Few workloads", ["2.4-AE8", "2.4-AE9"],
    )  # fmt: skip


def test_an_activity_that_ends_before_it_begins_is_refused(held, by):
    assert refused(planned, held, by, days=0).code == "ends_before_start"


def test_a_moved_event_takes_its_brief_and_risks_along(held, by):
    booking = planned(held, by, events=1, fewer_reason="Few workloads")[0]
    found = risk(booking, by)
    new = actions.move_booking(
        booking=booking,
        starts_at=booking.starts_at + timedelta(days=7),
        ends_at=booking.ends_at + timedelta(days=7),
        reason="Later", by=by, now=NOW,
    )  # fmt: skip
    found.refresh_from_db()
    assert (found.booking, new.event_brief.goal, new.quantity) == (new, "Winter sale", 1)


# --- risks ------------------------------------------------------------------------------------


@pytest.mark.clause("2.4-AE2", "2.4-AE3")
def test_risks_are_told_in_writing_once(held, by):
    booking = one_event(held, by)
    customer = factories.customer_administrator(booking.customer)
    risk(booking, by)
    assert actions.tell_risks(booking=booking, by=by, now=NOW) == 1
    told = Message.objects.filter(recipient=customer, subject_key__contains=":risks:")
    assert {one.channel for one in told} == {"email", "inbox"}
    assert "One zone only" in told.get(channel="email").text
    assert refused(actions.tell_risks, booking=booking, by=by, now=NOW).code == "nothing_to_tell"


@pytest.mark.clause("2.4-AE2")
def test_no_risk_is_recorded_once_the_window_has_begun(held, by):
    booking = one_event(held, by)
    late = {"area": "uptime", "title": "Late", "owner": "csam", "by": by}
    refusal = refused(actions.record_risk, booking=booking, now=booking.starts_at, **late)
    assert refusal.code == "event_begun"


def test_the_customer_settles_its_own_risks_once(held, by):
    booking = one_event(held, by)
    own, other = risk(booking, by), risk(booking, by, owner="microsoft")
    customer = factories.customer_administrator(booking.customer)
    done = {"settled_as": "accepted", "note": "We know", "by": customer, "now": NOW}
    settled = actions.settle_risk(risk=own, **done)
    assert (settled.settled_on, settled.settled_as) == (date(2026, 11, 23), "accepted")
    assert refused(actions.settle_risk, risk=own, **done).code == "already_recorded"
    assert refused(actions.settle_risk, risk=other, **done).code == "not_allowed"


# --- cancelled for want of the customer's resources -------------------------------------------


@pytest.mark.clause("2.4-AE15", "2.7-T12")
def test_without_resources_everything_goes_back_unless_staff_decide_otherwise(held, by):
    booking = one_event(held, by)
    late = booking.starts_at - timedelta(days=3)
    gone = actions.cancel_event(
        booking=booking, reason="Nobody answers", keeps_charge=False, by=by, now=late
    )
    assert (gone.charge_minor, gone.cancelled_for, left_of(held)) == (0, "microsoft", 6)
    kept = Override.objects.get(subject_key=f"booking:{booking.pk}")
    assert (kept.code, kept.reason) == ("customer_resources", "Nobody answers")


@pytest.mark.clause("2.4-AE15", "2.7-T17")
def test_staff_may_keep_what_the_customer_s_own_cancellation_costs(held, by):
    booking = one_event(held, by)
    late = booking.starts_at - timedelta(days=3)
    actions.cancel_event(
        booking=booking, reason="Nobody answers", keeps_charge=True, by=by, now=late
    )
    assert left_of(held) == 5


def test_only_events_have_risks():
    booking = factories.booking()
    with pytest.raises(ValueError, match="no Azure event"):
        risk(booking, booking.booked_by)


# --- pages ------------------------------------------------------------------------------------


def filled(held, **fields):
    values = {
        "customer": held.order.customer_id, "entitlement": held.pk, "first_day": "2027-02-01",
        "last_day": "2027-02-12", "solutions": "Shop\nStock", "kind": "load",
        "goal": "Winter sale", "cloud": "public", "key": "k",
    }  # fmt: skip
    return {**values, **fields}


def test_the_builder_shows_the_quantity_while_one_types_and_books_nothing(sign_in, held, by):
    client = sign_in(by)
    address = reverse("scheduling:event-create")
    answer = client.post(address, filled(held, goal="", _check="1"), headers={"HX-Request": "true"})
    words = text_of(answer)
    assert "6 events" in words
    assert "3 windows back to back" in words
    assert "21 Dec 2026" in words
    assert not Booking.objects.exists()
    assert answer.content.decode().strip().startswith("<form")
    short = client.post(address, filled(held, last_day="2027-02-16", _check="1"))
    assert "only 6 events left" in text_of(short)


def test_the_builder_books_once_however_often_it_is_sent(sign_in, held, by):
    client = sign_in(by)
    address = reverse("scheduling:event-create")
    first = client.post(address, filled(held))
    again = client.post(address, filled(held))
    assert (
        first.url
        == again.url
        == reverse("scheduling:event-plan", args=[Booking.objects.order_by("pk").first().pk])
    )
    assert Booking.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cloud": "azure_government"}, "Only Azure public cloud"),
        ({"first_day": "2027-01-03", "last_day": "2027-01-03"}, "confirmed in writing"),
        ({"last_day": "2027-01-20"}, "end comes before"),
        ({"solutions": "Shop\nshop"}, "named twice"),
        ({"events": "1"}, "written reason"),
        ({"first_day": "soon"}, "valid date"),
    ],
)
def test_the_builder_says_what_stands_against_it(sign_in, held, by, fields, words):
    answer = sign_in(by).post(reverse("scheduling:event-create"), filled(held, **fields))
    assert answer.status_code in {409, 422}
    assert not Booking.objects.exists()
    assert words.casefold() in text_of(answer).casefold()


def test_an_event_shows_its_windows_notice_and_risks(sign_in, held, by):
    booking = one_event(held, by)
    found = risk(booking, by, advice="Use three")
    client = sign_in(by)
    address = reverse("scheduling:event-plan", args=[booking.pk])
    words = text_of(client.get(address))
    assert all(text in words for text in ("One zone only", "Use three", "To be confirmed"))
    client.post(reverse("scheduling:event-act", args=["tell", booking.pk]), {"key": "t"})
    settle = reverse("scheduling:event-act", args=["settle", found.pk])
    assert client.get(settle).status_code == 200
    client.post(settle, {"settled_as": "mitigated", "note": "Three zones", "key": "s"})
    assert "Three zones" in text_of(client.get(address))
    assert "0 of 1" in text_of(client.get(reverse("scheduling:event-list")))
    gone = reverse("scheduling:event-act", args=["without-resources", booking.pk])
    assert "ties no fee" in text_of(client.get(gone))
    client.post(gone, {"reason": "Nobody answers", "keeps_charge": "0", "key": "c"})
    assert "there is no summary" in text_of(client.get(address))


def test_a_stranger_s_event_does_not_exist(sign_in, held, by):
    booking = one_event(held, by)
    found = risk(booking, by)
    stranger = factories.csam(factories.customer())
    client = sign_in(stranger)
    for name, given in (
        ("event-plan", [booking.pk]),
        ("event-act", ["risk", booking.pk]),
        ("event-act", ["settle", found.pk]),
    ):
        assert client.get(reverse(f"scheduling:{name}", args=given)).status_code == 404
    api = APIClient()
    api.force_authenticate(stranger)
    assert api.get(f"/api/v1/azure-events/{booking.pk}/").status_code == 404
    assert api.post(f"/api/v1/event-risks/{found.pk}/settle/", {}).status_code == 404
    assert not EventRisk.objects.visible_to(stranger).exists()


def test_a_location_contact_sees_risks_of_its_own_location_only(held, by):
    found = risk(one_event(held, by), by)
    here = factories.location_contact(held.location)
    elsewhere = factories.location_contact(factories.location(held.order.customer))
    assert list(EventRisk.objects.visible_to(here)) == [found]
    assert not EventRisk.objects.visible_to(elsewhere).exists()


def test_customers_look_but_plan_nothing(sign_in, held, by):
    booking = one_event(held, by)
    client = sign_in(factories.customer_administrator(held.order.customer))
    assert client.get(reverse("scheduling:event-plan", args=[booking.pk])).status_code == 200
    for address in (
        reverse("scheduling:event-create"),
        reverse("scheduling:event-act", args=["risk", booking.pk]),
    ):
        assert client.post(address, {}).status_code == 404


# --- the API ----------------------------------------------------------------------------------


def test_the_api_plans_an_event_and_keeps_its_risks(held, by):
    api = APIClient()
    api.force_authenticate(by)

    def post(path, data=None):
        answer = api.post(f"/api/v1/{path}", data or {}, format="json")
        return answer.status_code, answer.json()

    status, made = post(
        "azure-events/",
        {
            "entitlement": held.pk, "first_day": "2027-02-01", "last_day": "2027-02-06",
            "solutions": ["Shop"], "kind": "migration", "goal": "Move",
        },
    )  # fmt: skip
    event = made[0]
    assert (status, len(event["windows"]), event["needed"]["result"]) == (201, 2, 2)
    assert event["confirm_by"]["result"] == "2026-12-21"
    pk = event["booking"]["id"]
    status, shown = post(
        f"azure-events/{pk}/risks/", {"area": "uptime", "title": "One zone", "owner": "csam"}
    )
    assert (status, shown["risks"][0]["told_at"]) == (201, None)
    assert post(f"azure-events/{pk}/tell/")[1]["risks"][0]["told_at"] is not None
    found = shown["risks"][0]["id"]
    settled = {"settled_as": "mitigated", "note": "Three"}
    assert post(f"event-risks/{found}/settle/", settled)[1]["settled_on"] == "2026-11-23"
    status, gone = post(f"azure-events/{pk}/without-resources/", {"reason": "Nobody"})
    assert (status, gone["booking"]["state"]) == (200, "cancelled")
    assert post(f"azure-events/{pk}/tell/")[0] == 409


def test_events_read_chinese_alone(sign_in, held, by):
    booking = planned(held, by, events=1, fewer_reason="工作负载少", goal="冬季促销")[0]
    found = risk(booking, by, title="仅一个区域", advice="三个区域", owner_name="周敏")
    by.language = "zh-hans"
    by.save()
    client = sign_in(by)
    for name, given in (
        ("event-list", []),
        ("event-plan", [booking.pk]),
        ("event-create", []),
        ("event-act", ["risk", booking.pk]),
        ("event-act", ["settle", found.pk]),
        ("event-act", ["without-resources", booking.pk]),
        ("event-confirm", [booking.pk]),
    ):
        page = Reader(client.get(reverse(f"scheduling:{name}", args=given)).content.decode())
        edition = str(held.order.edition)
        texts = [text.replace(edition, "") for text in page.texts]
        assert faults(texts, typed()) == [], name


def test_the_booking_form_of_an_event_leads_to_the_builder(sign_in, held, by):
    client = sign_in(by)
    form = client.get(reverse("scheduling:booking-create") + f"?entitlement={held.pk}")
    address = reverse("scheduling:event-create")
    query = f"?customer={held.order.customer_id}&amp;entitlement={held.pk}"
    assert address + query in form.content.decode()
    builder = client.get(address + query.replace("&amp;", "&"))
    assert f'value="{held.pk}" selected' in builder.content.decode()
