import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.rules.money import Money
from services.scheduling.models import Booking, ServiceRequest
from services.scheduling.wording.cancellation import returned_words
from tests import factories
from workorders.models import Account

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def held():
    return factories.holding(factories.season())


@pytest.fixture
def manager(held):
    return held.order.created_by


@pytest.fixture
def client(sign_in, manager):
    return sign_in(manager)


def url(name, *args):
    return reverse(f"scheduling:{name}", args=args)


def text_of(answer) -> str:
    """The words of a page without its markup."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(plain.replace("&nbsp;", " ").split())


def typed(held, **fields) -> dict:
    values = {
        "customer": held.order.customer_id,
        "entitlement": held.pk,
        "location": held.location_id,
        "title": "Identity hardening",
        "quantity": "1",
        "starts_on": "2026-12-17",
        "starts_time": "09:00",
        "ends_on": "",
        "ends_time": "17:00",
        "mode": "remote",
        "language": "en",
        "note": "",
        "key": "k-1",
    }
    return {**values, **fields}


# --- booking --------------------------------------------------------------------------------


def test_a_service_is_booked_by_form(client, held):
    answer = client.post(url("booking-create"), typed(held))
    booking = Booking.objects.get()
    assert answer["Location"] == url("booking-detail", booking.pk)
    assert booking.starts_at == datetime(2026, 12, 17, 8, tzinfo=UTC)
    assert booking.ends_at == datetime(2026, 12, 17, 16, tzinfo=UTC)
    assert booking.title == "Identity hardening"


def test_the_same_form_sent_twice_books_once(client, held):
    first = client.post(url("booking-create"), typed(held))
    again = client.post(url("booking-create"), typed(held))
    assert first["Location"] == again["Location"]
    assert Booking.objects.count() == 1


def test_a_form_that_used_up_the_whole_choice_answers_the_second_time_as_the_first(client, held):
    form = typed(held, quantity="4")
    first = client.post(url("booking-create"), form)
    assert held.order.accounts.get(entitlement=held, bucket="available").balance == 0
    again = client.post(url("booking-create"), form)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Booking.objects.count() == 1
    other = client.post(url("booking-create"), {**form, "key": "k-2"})
    assert (other.status_code, Booking.objects.count()) == (422, 1)


def test_a_form_that_answered_a_request_does_so_once(client, held):
    asked = factories.service_request(held, data_complete=True)
    form = typed(held, request=asked.pk)
    first = client.post(url("booking-create"), form)
    again = client.post(url("booking-create"), form)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    asked.refresh_from_db()
    assert [asked.booking] == list(Booking.objects.all())


@pytest.fixture
def elsewhere(held):
    """The same service, held by a location in Detroit."""
    detroit = factories.location(
        held.order.customer,
        name="Detroit",
        country="US",
        time_zone="America/Detroit",
        currency="USD",
    )
    held.order.order_locations.create(location=detroit)
    return factories.holding(held.order, location=detroit)


def test_another_choice_brings_the_zone_of_its_place_and_keeps_what_was_typed(
    client, held, elsewhere
):
    form = typed(held, entitlement=elsewhere.pk, fitted=held.pk, note="By night.", _check="1")
    shown = client.post(url("booking-create"), form).context["form"]
    assert (shown.zone, shown["location"].value()) == ("America/Detroit", elsewhere.location_id)
    kept = ("title", "starts_on", "starts_time", "ends_time", "note")
    assert [shown[name].value() for name in kept] == [form[name] for name in kept]
    # 09:00 to 17:00 in Detroit, whose business hours it lies within.
    assert shown.starts_at == datetime(2026, 12, 17, 14, tzinfo=UTC)
    words = text_of(client.post(url("booking-create"), form))
    assert "Times on the wall in Detroit, America/Detroit." in words


def test_a_place_chosen_after_the_service_stays(client, held, elsewhere):
    form = typed(held, location=elsewhere.location_id, fitted=held.pk, _check="1")
    shown = client.post(url("booking-create"), form).context["form"]
    assert (shown.zone, shown["location"].value()) == (
        "America/Detroit",
        str(elsewhere.location_id),
    )


def test_a_mode_that_the_new_choice_has_not_begins_anew(client, held):
    hours = factories.holding(
        held.order,
        offering=factories.offering("designated-engineering", held.order.edition),
        unit="minute",
        quantity=600,
    )
    form = typed(hours, fitted=held.pk, mode="online", _check="1")
    shown = client.post(url("booking-create"), form).context["form"]
    offered = [code for code, _label in shown.fields["mode"].choices]
    assert ("online" in offered, shown["mode"].value()) == (False, "remote")
    assert "mode" not in shown.errors


def test_without_javascript_another_choice_is_shown_before_it_is_booked(client, held, elsewhere):
    form = typed(held, entitlement=elsewhere.pk, fitted=held.pk)
    answer = client.post(url("booking-create"), form)
    assert "Nothing is booked yet: look at them, then book." in text_of(answer)
    assert not Booking.objects.exists()
    again = {**form, "fitted": elsewhere.pk, "location": elsewhere.location_id}
    client.post(url("booking-create"), again)
    assert Booking.objects.get().location == elsewhere.location


def test_the_list_has_pages(client, held):
    lot = factories.holding(held.order, quantity=30)
    for day in range(26):
        starts = datetime(2026, 12, 17, 8, tzinfo=UTC) + timedelta(
            days=7 * (day % 8), hours=day // 8
        )
        factories.booking(lot, starts_at=starts, ends_at=starts + timedelta(hours=1))
    page = client.get(url("booking-list")).context
    assert (len(page["rows"]), page["page"].before, bool(page["page"].after)) == (25, "", True)
    rest = client.get(url("booking-list"), {"after": page["page"].after}).context
    assert len(rest["rows"]) == 1


def test_while_typing_nothing_is_booked_and_the_form_answers(client, held):
    answer = client.post(
        url("booking-create"), typed(held, quantity="9", _check="1"), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert 'data-code="insufficient_units"' in answer.content.decode()
    assert "4 deliveries left now, 0 deliveries afterwards" in text_of(answer)
    assert not Booking.objects.exists()


def test_what_is_not_typed_yet_is_not_wrong_yet(client, held):
    answer = client.post(url("booking-create"), {"customer": held.order.customer_id, "_check": "1"})
    assert answer.status_code == 200
    assert "p-error" not in answer.content.decode()


def test_what_is_missing_is_said_when_booking(client, held):
    answer = client.post(url("booking-create"), typed(held, starts_on="", ends_time="soon"))
    assert answer.status_code == 422
    assert answer.content.decode().count('class="p-error"') == 2
    assert "Identity hardening" in answer.content.decode()


def test_the_fragment_equals_the_page(client, held):
    check = typed(held, _check="1")
    page = client.post(url("booking-create"), check).content.decode()
    fragment = client.post(
        url("booking-create"), check, headers={"HX-Request": "true"}
    ).content.decode()
    inside = page[page.index('<form id="booking"') : page.index("</main>")]
    assert squeezed(fragment) == squeezed(inside)


def squeezed(markup: str) -> str:
    """Markup without blanks and without the token that differs on each answer."""
    return "".join(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", markup).split())


@pytest.mark.clause("2.8-C20")
def test_a_late_request_shows_its_proof_and_is_accepted_with_a_reason(sign_in):
    held = factories.holding(factories.season(ends_on=date(2027, 1, 21)))
    client = sign_in(held.order.created_by)
    answer = client.post(url("booking-create"), typed(held))
    assert answer.status_code == 422
    words = text_of(answer)
    assert "Sun 22 Nov 2026" in words
    assert 'name="late_reason"' in answer.content.decode()
    client.post(url("booking-create"), typed(held, late_reason="Asked in June."))
    assert Booking.objects.count() == 1


@pytest.mark.clause("0-C7")
def test_a_time_that_comes_twice_is_asked_for(client, held):
    # In 2026 Berlin's clocks went back in October; the season's next change is forward.
    held.location.time_zone = "America/Santiago"  # back on 4 April 2027
    held.location.save()
    form = typed(held, starts_on="2027-04-03", starts_time="23:30", ends_on="2027-04-04",
                 ends_time="02:00")  # fmt: skip
    answer = client.post(url("booking-create"), form)
    assert answer.status_code == 422
    assert 'data-code="local_time_ambiguous"' in answer.content.decode()
    assert 'name="starts_fold"' in answer.content.decode()
    client.post(url("booking-create"), {**form, "starts_fold": "second"})
    assert Booking.objects.get().starts_at == datetime(2027, 4, 4, 3, 30, tzinfo=UTC)


@pytest.mark.clause("0-C7")
def test_a_time_that_the_clocks_leave_out_is_refused(client, held):
    form = typed(held, starts_on="2027-03-28", starts_time="02:30", ends_time="10:00")
    answer = client.post(url("booking-create"), form)
    assert 'data-code="local_time_missing"' in answer.content.decode()
    assert not Booking.objects.exists()


def test_credits_buy_and_book_in_one_form(sign_in):
    order = factories.season()
    factories.credit_value()
    lot = factories.holding(
        order,
        offering=factories.offering("proactive-credits", order.edition),
        unit="credit",
        quantity=10,
        value=Money(1_000_000, "EUR"),
    )
    workshops = factories.offering("workshops", order.edition)
    client = sign_in(order.created_by)
    form = typed(lot, offering=workshops.pk, value="4,600")
    checked = client.post(url("booking-create"), {**form, "_check": "1"})
    assert "5 credits" in text_of(checked)
    assert client.post(url("booking-create"), form).status_code == 302
    assert Account.objects.get(entitlement=lot, bucket="available").balance == 5
    dear = client.post(
        url("booking-create"), {**form, "value": "6,000", "key": "k-2", "_check": "1"}
    )
    assert 'data-code="insufficient_credits"' in dear.content.decode()


def test_a_request_is_booked_from_its_page(client, held):
    asked = factories.service_request(held, note="For 14 people")
    page = client.get(url("booking-create"), {"request": asked.pk})
    assert "For 14 people" in page.content.decode()
    client.post(
        url("booking-create"),
        typed(held, request=asked.pk, starts_on="2027-01-20"),
    )
    asked.refresh_from_db()
    assert asked.booking == Booking.objects.get()


def test_customers_are_led_to_the_request_form(sign_in, held):
    client = sign_in(factories.customer_administrator(held.order.customer))
    answer = client.get(url("booking-create"), {"entitlement": held.pk})
    assert answer["Location"] == f"{url('request-create')}?entitlement={held.pk}"


@pytest.mark.parametrize(
    "bad",
    [
        {"entitlement": "999999999999999999999"},
        {"entitlement": "x"},
        {"customer": "'; drop table"},
        {"location": "0"},
        {"starts_on": "2026-02-30"},
        {"starts_on": "9999-12-31"},
        {"starts_on": "0001-01-01"},
        {"starts_time": "25:00"},
        {"quantity": "-1"},
        {"quantity": "1e400"},
        {"quantity": "99999999999999999999"},
        {"mode": "teleport"},
        {"language": "xx"},
        {"title": "x" * 161},
        {"note": "x" * 501},
        {"key": "x" * 101},
        {"ends_on": "2026-12-16"},
    ],
)
def test_bad_input_is_answered_and_writes_nothing(client, held, bad):
    answer = client.post(url("booking-create"), typed(held, **bad))
    assert answer.status_code in {409, 422}
    assert not Booking.objects.exists()


def test_emoji_and_right_to_left_text_are_taken(client, held):
    client.post(
        url("booking-create"), typed(held, title="🙂 ورشة", note="<script>alert(1)</script>")
    )
    booking = Booking.objects.get()
    page = client.get(url("booking-detail", booking.pk)).content.decode()
    assert "🙂 ورشة" in page
    assert "<script>alert(1)" not in page


# --- cancelling -----------------------------------------------------------------------------


@pytest.fixture
def late(held):
    """A booking ten days ahead: cancelling costs half."""
    return factories.booking(
        held,
        title="Identity hardening",
        starts_at=datetime(2026, 12, 3, 8, tzinfo=UTC),
        ends_at=datetime(2026, 12, 3, 16, tzinfo=UTC),
        now=NOW - timedelta(days=30),
    )


def test_the_dialog_states_the_loss_before_the_click(client, late):
    answer = client.get(url("booking-cancel", late.pk), headers={"HX-Request": "true"})
    words = text_of(answer)
    assert "Cancelling today costs €500 , half of the fee: 10 days ahead." in words
    assert "The last free day was Thu 19 Nov." in words
    assert "From Sat 28 Nov it costs the full €1,000." in words
    assert "Cancel and give up €500" in words
    assert "Booked, Workshops €1,000 −€1,000 €0" in words
    assert "Kept as cancellation charge €0 +€500 €500" in words
    assert "Exchange value to use €0 +€500 €500" in words
    assert "must be requested by Sat 1 May and used by Wed 30 Jun 2027" in words


def test_what_comes_back_after_the_last_day_to_request_lapses_unless_exchanged():
    days = {"request_by": date(2027, 5, 1), "use_by": date(2027, 6, 30)}

    in_time = returned_words("€500", today=date(2027, 5, 1), **days)
    late = returned_words("€500", today=date(2027, 5, 2), **days)

    assert "must be requested by Sat 1 May" in in_time
    assert late == (
        "The last day to request was Sat 1 May: unless the €500 returned is exchanged, "
        "it lapses on Wed 30 Jun 2027."
    )


def test_the_dialog_is_a_page_without_javascript(client, late):
    page = client.get(url("booking-cancel", late.pk)).content.decode()
    fragment = client.get(
        url("booking-cancel", late.pk), headers={"HX-Request": "true"}
    ).content.decode()
    inside = page[page.index('<div class="p-page-dialog">') + 27 : page.index("</main>")]
    # Another key each time, and the title is the page's own heading there.
    other = r'name="key"value="[^"]+"|(?<=<h)[12]|(?<=</h)[12]'
    assert re.sub(other, "", squeezed(fragment)) in re.sub(other, "", squeezed(inside))
    assert '<h1 id="p-dialog-title"' in inside


def sure(**fields):
    return {"reason": "Ill.", "party": "customer", "agreed": "on", "agreed_loss": "50000",
            "key": "c-1", **fields}  # fmt: skip


def test_cancelling_needs_reason_and_consent(client, late):
    answer = client.post(url("booking-cancel", late.pk), sure(agreed="", reason=""))
    assert answer.status_code == 422
    assert answer.content.decode().count('class="p-error"') == 2
    late.refresh_from_db()
    assert late.cancelled_at is None


def test_two_clicks_cancel_once(client, late):
    first = client.post(url("booking-cancel", late.pk), sure())
    again = client.post(url("booking-cancel", late.pk), sure())
    assert first["Location"] == again["Location"] == url("booking-detail", late.pk)
    assert client.post(url("booking-cancel", late.pk), sure(key="c-2")).status_code == 409
    late.refresh_from_db()
    assert late.charge_minor == 50_000


def test_a_loss_that_grew_meanwhile_is_shown_again(manager, sign_in, late, at):
    at(NOW + timedelta(days=5))
    client = sign_in(manager)
    answer = client.post(url("booking-cancel", late.pk), sure())
    assert answer.status_code == 422
    assert 'data-code="quote_changed"' in answer.content.decode()
    assert "Cancel and give up €1,000" in text_of(answer)


def test_microsoft_s_cancellation_needs_no_consent(client, late):
    client.post(url("booking-cancel", late.pk), sure(party="microsoft", agreed=""))
    late.refresh_from_db()
    assert (late.cancelled_for, late.charge_minor) == ("microsoft", 0)


def test_a_cancelled_booking_says_so_and_offers_nothing(client, late):
    client.post(url("booking-cancel", late.pk), sure())
    answer = client.get(url("booking-cancel", late.pk))
    assert 'data-code="already_cancelled"' in answer.content.decode()
    assert "p-b-loss" not in answer.content.decode()
    page = client.get(url("booking-detail", late.pk))
    assert "Cancelled" in text_of(page)
    assert "€500" in text_of(page)


def test_customers_cancel_for_themselves_alone(sign_in, late):
    client = sign_in(factories.customer_administrator(late.customer))
    assert 'name="party"' not in client.get(url("booking-cancel", late.pk)).content.decode()
    client.post(url("booking-cancel", late.pk), sure(party="microsoft"))
    late.refresh_from_db()
    assert (late.cancelled_for, late.charge_minor) == ("customer", 50_000)


# --- moving, delivering, confirming ---------------------------------------------------------


def moving(**fields):
    return {"starts_on": "2027-01-14", "starts_time": "09:00", "ends_on": "", "ends_time": "17:00",
            "reason": "Room.", "agreed_loss": "50000", "key": "m-1", **fields}  # fmt: skip


def test_a_booking_is_moved_for_its_price(client, late):
    assert "Move and give up €500" in text_of(client.get(url("booking-move", late.pk)))
    answer = client.post(url("booking-move", late.pk), moving())
    late.refresh_from_db()
    assert answer["Location"] == url("booking-detail", late.moved_to.pk)
    again = client.post(url("booking-move", late.pk), moving())
    assert again["Location"] == answer["Location"]
    assert client.post(url("booking-move", late.pk), moving(key="m-2")).status_code == 409
    assert Booking.objects.count() == 2


def test_waiving_a_move_needs_its_reason(client, late):
    answer = client.post(url("booking-move", late.pk), moving(waive="on"))
    assert answer.status_code == 422
    client.post(url("booking-move", late.pk), moving(waive="on", waive_reason="Our fault."))
    late.refresh_from_db()
    assert late.charge_minor == 0


def test_a_refused_move_keeps_what_was_typed(client, late):
    answer = client.post(url("booking-move", late.pk), moving(starts_on="2027-07-05"))
    assert answer.status_code == 422
    assert 'data-code="order_ended"' in answer.content.decode()
    assert 'value="2027-07-05"' in answer.content.decode()
    late.refresh_from_db()
    assert late.cancelled_at is None


def test_a_delivery_is_recorded_in_part(client, held, manager, sign_in, at):
    booking = factories.booking(held, quantity=3)
    early = client.post(url("booking-deliver", booking.pk), {"quantity": "2", "key": "d-1"})
    assert early.status_code == 422
    at(booking.ends_at)
    client = sign_in(manager)
    client.post(url("booking-deliver", booking.pk), {"quantity": "2", "key": "d-2"})
    booking.refresh_from_db()
    assert booking.delivered_quantity == 2
    assert Account.objects.get(entitlement=held, bucket="available").balance == 2
    assert "2 deliveries" in text_of(client.get(url("booking-detail", booking.pk)))


def test_an_event_s_confirmation_is_recorded(client, held):
    order = held.order
    event = factories.holding(
        order, offering=factories.offering("azure-event-mcs", order.edition), unit="event"
    )
    booking = factories.booking(
        event,
        starts_at=datetime(2027, 2, 1, 8, tzinfo=UTC),
        ends_at=datetime(2027, 2, 2, 8, tzinfo=UTC),
        event_cloud="public",
    )
    assert client.get(url("event-confirm", booking.pk)).status_code == 200
    client.post(url("event-confirm", booking.pk), {"event_confirmed_on": "2026-11-20"})
    booking.refresh_from_db()
    assert booking.event_confirmed_on == date(2026, 11, 20)
    assert client.get(url("event-confirm", factories.booking(held).pk)).status_code == 404


# --- requests -------------------------------------------------------------------------------


def asking(held, **fields):
    return {"customer": held.order.customer_id, "entitlement": held.pk, "quantity": "1",
            "wanted_from": "2027-01-18", "wanted_until": "2027-01-29", "mode": "remote",
            "language": "zh", "note": "For us", "data_complete": "on", "key": "r-1",
            **fields}  # fmt: skip


def test_a_customer_asks_in_one_form_and_once(sign_in, held):
    client = sign_in(factories.customer_administrator(held.order.customer))
    first = client.post(url("request-create"), asking(held))
    again = client.post(url("request-create"), asking(held))
    asked = ServiceRequest.objects.get()
    assert first["Location"] == again["Location"] == url("request-detail", asked.pk)
    assert (asked.language, asked.note, asked.quantity) == ("zh", "For us", 1)
    page = text_of(client.get(url("request-detail", asked.pk)))
    assert "Waiting for an answer" in page
    assert "Sat 1 May 2027" in page


def test_a_request_that_stands_no_chance_is_refused_beside_its_field(sign_in, held):
    client = sign_in(factories.customer_administrator(held.order.customer))
    answer = client.post(url("request-create"), asking(held, quantity="7"))
    assert answer.status_code == 409
    assert 'data-code="insufficient_units"' in answer.content.decode()
    assert not ServiceRequest.objects.exists()


def test_a_request_is_declined_withdrawn_and_completed_by_button(client, sign_in, held):
    asked = factories.service_request(held, data_complete=False)
    other = factories.service_request(held)
    customer = sign_in(asked.requested_by)
    customer.post(url("request-complete", asked.pk))
    assert client.post(url("request-decline", asked.pk), {"reason": ""}).status_code == 422
    client.post(url("request-decline", asked.pk), {"reason": "No engineer."})
    customer.post(url("request-withdraw", other.pk))
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.decision, bool(asked.data_completed_at)) == ("declined", True)
    assert other.decision == "withdrawn"
    assert customer.post(url("request-withdraw", other.pk)).status_code == 422
    answered = text_of(customer.get(url("request-list"), {"state": "answered"}))
    assert "Declined" in answered
    assert "Withdrawn" in answered
    assert "No request waits" in text_of(client.get(url("request-list")))


# --- lists ----------------------------------------------------------------------------------


def test_the_list_shows_filters_and_exports_the_same_rows(client, held):
    shown = factories.booking(held, title="=Identity")
    factories.booking(
        held,
        title="Later",
        starts_at=datetime(2027, 1, 20, 8, tzinfo=UTC),
        ends_at=datetime(2027, 1, 20, 9, tzinfo=UTC),
    )
    query = {"q": "identity"}
    page = client.get(url("booking-list"), query).content.decode()
    assert shown.reference in page
    assert "Later" not in page
    export = client.get(url("booking-export"), query).content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(export)))
    assert [(row["Booking"], row["Title"], row["Begins"]) for row in rows] == [
        (shown.reference, "'=Identity", "2026-12-17T09:00+01:00")
    ]
    assert (rows[0]["Quantity"], rows[0]["Worth"], rows[0]["State"]) == (
        "1",
        "1000.00",
        "Confirmed",
    )


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "2026-12-31", "until": "2026-12-01"},
        {"customer": "999999999999"},
        {"customer": "x"},
        {"state": "lost"},
        {"view": "year"},
        {"view": "month", "day": "never"},
        {"view": "month", "day": "0001-01-01"},
        {"view": "week", "day": "9999-12-31"},
        {"after": "@@"},
    ],
)
def test_odd_addresses_are_answered(client, held, query):
    factories.booking(held)
    assert client.get(url("booking-list"), query).status_code == 200
    assert client.get(url("booking-export"), query).status_code == 200


def test_month_and_week_show_the_bookings(client, held):
    booking = factories.booking(held, title="Identity")
    for view in ("month", "week"):
        page = client.get(url("booking-list"), {"view": view, "day": "2026-12-17"})
        assert url("booking-detail", booking.pk) in page.content.decode()
        assert "09:00" in text_of(page)
        empty = client.get(url("booking-list"), {"view": view, "day": "2026-01-15"})
        assert url("booking-detail", booking.pk) not in empty.content.decode()


def test_the_list_s_fragment_equals_the_page(client, held):
    factories.booking(held)
    for query in ({}, {"view": "month"}):
        page = client.get(url("booking-list"), query).content.decode()
        fragment = client.get(
            url("booking-list"), query, headers={"HX-Request": "true"}
        ).content.decode()
        assert squeezed(fragment) in squeezed(page)


@pytest.mark.parametrize("name", ["booking-list", "request-list"])
def test_lists_cost_the_same_for_one_row_and_for_thirty(client, held, name):
    big = factories.holding(held.order, quantity=100)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(name)).status_code == 200
        return len(asked)

    factories.booking(big)
    factories.service_request(big)
    client.get(url(name))
    one = queries()
    for _number in range(29):
        factories.booking(big)
        factories.service_request(big, by=held.order.created_by)
    assert queries() == one
    assert one <= 9


def test_a_booking_s_page_costs_the_same_whatever_else_is_booked(client, held):
    booking = factories.booking(held)
    client.get(url("booking-detail", booking.pk))
    with CaptureQueriesContext(connection) as first:
        client.get(url("booking-detail", booking.pk))
    big = factories.holding(held.order, quantity=100)
    for _number in range(10):
        factories.booking(big)
    with CaptureQueriesContext(connection) as second:
        client.get(url("booking-detail", booking.pk))
    assert len(first) == len(second)


# --- who sees what --------------------------------------------------------------------------

PAGES = ("booking-detail", "booking-cancel", "booking-move", "booking-deliver", "event-confirm")


def test_strangers_find_nothing(sign_in, held):
    booking, asked = factories.booking(held), factories.service_request(held)
    strangers = [
        factories.csam(factories.customer()),
        factories.customer_administrator(factories.customer()),
        factories.location_contact(factories.location(held.order.customer)),
        factories.user("system_administrator"),
    ]
    for person in strangers:
        client = sign_in(person)
        for name in PAGES:
            assert client.get(url(name, booking.pk)).status_code == 404
            assert client.post(url(name, booking.pk), {}).status_code == 404
        for name in ("request-decline", "request-withdraw", "request-complete"):
            assert client.post(url(name, asked.pk)).status_code == 404
        assert client.get(url("request-detail", asked.pk)).status_code == 404
        assert booking.reference not in client.get(url("booking-list")).content.decode()
        answer = client.post(url("booking-create"), typed(held))
        assert answer.status_code in {302, 404, 422}
    assert Booking.objects.count() == 1


def test_viewers_look_and_do_nothing(sign_in, held):
    booking, asked = factories.booking(held), factories.service_request(held)
    client = sign_in(factories.viewer(held.order.customer))
    page = client.get(url("booking-detail", booking.pk))
    assert page.status_code == 200
    assert url("booking-cancel", booking.pk) not in page.content.decode()
    for name in PAGES[1:]:
        assert client.get(url(name, booking.pk)).status_code == 404
    assert client.get(url("booking-create")).status_code == 404
    assert client.get(url("request-create")).status_code == 404
    assert client.post(url("request-withdraw", asked.pk)).status_code == 404
    assert client.get(url("request-detail", asked.pk)).status_code == 200


def test_unknown_and_huge_ids_are_not_found(client):
    for pk in (0, 999_999, 10**25):
        assert client.get(f"{url('booking-list')}{pk}/").status_code == 404


def test_everybody_signs_in_first(client, held):
    client.logout()
    assert client.get(url("booking-list")).status_code == 302


def test_the_pages_speak_chinese(sign_in, held, late):
    person = held.order.created_by
    person.language = "zh-hans"
    person.save()
    client = sign_in(person)
    factories.service_request(held)
    for name, args in (
        ("booking-list", ()), ("booking-detail", (late.pk,)), ("booking-cancel", (late.pk,)),
        ("booking-move", (late.pk,)), ("booking-create", ()), ("request-list", ()),
        ("request-create", ()),
    ):  # fmt: skip
        page = client.get(url(name, *args))
        assert page.status_code == 200
        assert '<html lang="zh-hans"' in page.content.decode()
    words = text_of(client.get(url("booking-cancel", late.pk)))
    assert "2026年12月3日" in words


def test_the_administration_reads_and_never_writes(sign_in, held):
    booking = factories.booking(held)
    factories.service_request(held)
    client = sign_in(factories.user("system_administrator", is_superuser=True))
    listing = client.get(reverse("admin:scheduling_booking_changelist"))
    assert booking.reference in listing.content.decode()
    assert client.get(reverse("admin:scheduling_servicerequest_changelist")).status_code == 200
    assert client.get(reverse("admin:scheduling_booking_add")).status_code == 403
    change = reverse("admin:scheduling_booking_change", args=[booking.pk])
    assert client.post(change, {"title": "Mine"}).status_code == 403


# --- what else the forms know ---------------------------------------------------------------


def credit_lots(order):
    factories.credit_value()
    return [
        factories.holding(
            order,
            offering=factories.offering("proactive-credits", order.edition),
            unit="credit",
            quantity=quantity,
            value=Money(quantity * 100_000, "EUR"),
            usable_until=until,
        )
        for quantity, until in ((4, date(2027, 3, 31)), (6, date(2027, 6, 30)))
    ]


def test_the_lots_of_a_location_are_one_choice_and_standing_services_none(client, held):
    lots = credit_lots(held.order)
    factories.holding(held.order, unit="subscription", quantity=1)
    factories.holding(
        held.order, offering=factories.offering("advisory-support", held.order.edition)
    )
    page = client.get(url("booking-create"), {"order": held.order.pk}).content.decode()
    choices = re.findall(r'<option value="(\d+)">([^<]+)</option>', page)
    offered = [pk for pk, words in choices if "left until" in words]
    assert str(lots[0].pk) in offered
    assert str(lots[1].pk) not in offered
    assert any("10 credits left" in words for _pk, words in choices)
    assert "subscription" not in page
    assert "Advisory" not in page


def test_a_request_for_credits_names_the_service(sign_in, held):
    lot = credit_lots(held.order)[0]
    client = sign_in(factories.customer_administrator(held.order.customer))
    form = asking(lot)
    del form["quantity"]
    checked = client.post(url("request-create"), {**form, "_check": "1"})
    assert checked.status_code == 200
    assert 'name="offering"' in checked.content.decode()
    assert "p-error" not in checked.content.decode()
    workshops = factories.offering("workshops", held.order.edition)
    client.post(url("request-create"), {**form, "offering": workshops.pk})
    asked = ServiceRequest.objects.get()
    assert (asked.offering, asked.entitlement) == (workshops, lot)


def test_hours_left_open_last_as_long_as_the_session(client, held):
    hours = factories.holding(
        held.order,
        offering=factories.offering("developer-support", held.order.edition),
        unit="minute",
        quantity=600,
    )
    client.post(url("booking-create"), typed(hours, quantity="", ends_time="11:30"))
    client.post(url("booking-create"), typed(hours, quantity="1:20", ends_time="11:30", key="k-2"))
    booked = Booking.objects.order_by("pk").values_list("quantity", flat=True)
    assert list(booked) == [150, 80]


def test_the_side_tells_travel_the_reader_s_zone_and_a_confirmation(client, held, manager):
    manager.time_zone = "Asia/Shanghai"
    manager.save()
    onsite = typed(held, mode="onsite", written_agreement="on", fee_recorded="on", _check="1")
    words = text_of(client.post(url("booking-create"), onsite))
    assert "billed at reasonable cost" in words
    assert "16:00 to" in words
    assert "CST (Shanghai)" in words
    event = factories.holding(
        held.order,
        offering=factories.offering("azure-event-mcs", held.order.edition),
        unit="event",
    )
    form = typed(event, event_cloud="public", event_solution="Shop", starts_on="2027-02-01")
    words = text_of(client.post(url("booking-create"), {**form, "_check": "1"}))
    assert "Confirm in writing by Mon 21 Dec 2026" in words


def test_while_typing_an_unreadable_value_is_named_beside_its_field(client, held):
    answer = client.post(url("booking-create"), typed(held, quantity="lots", _check="1"))
    page = answer.content.decode()
    place = page[page.index('id="answers-quantity"') :]
    assert 'class="p-error"' in place[:400]


def test_data_and_withdrawals_after_the_answer_are_refused_on_the_page(client, sign_in, held):
    asked = factories.service_request(held)
    client.post(url("request-decline", asked.pk), {"reason": "No."})
    customer = sign_in(asked.requested_by)
    for name in ("request-complete", "request-withdraw"):
        answer = customer.post(url(name, asked.pk))
        assert 'data-code="already_decided"' in answer.content.decode()
    again = client.post(url("request-decline", asked.pk), {"reason": "Still no."})
    assert 'data-code="already_decided"' in again.content.decode()


def test_a_quick_look_at_a_free_cancellation(client, held):
    booking = factories.booking(held)
    words = text_of(client.get(url("booking-cancel", booking.pk)))
    assert "Cancelling today costs nothing : 24 days ahead." in words
    assert "The last free day is Thu 3 Dec." in words
    assert "From Fri 4 Dec it costs €500." in words
    assert "Cancel at no cost" in words
    client.post(
        url("booking-cancel", booking.pk),
        {"reason": "Moved on.", "party": "customer", "agreed_loss": "0", "key": "f"},
    )
    booking.refresh_from_db()
    assert booking.charge_minor == 0


def test_the_side_of_the_cancellation_is_microsoft_or_the_customer(client, late):
    answer = client.post(url("booking-cancel", late.pk), sure(party="nobody"))
    assert answer.status_code == 422
    late.refresh_from_db()
    assert late.cancelled_at is None
