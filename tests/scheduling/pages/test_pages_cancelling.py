"""Cancelling by page: the loss before the click, consent, once."""

import re
from datetime import date, timedelta

import pytest

from services.scheduling.wording.cancellation import returned_words
from tests import factories
from tests.scheduling.forms import NOW, squeezed, text_of, url

pytestmark = pytest.mark.django_db


# --- cancelling -----------------------------------------------------------------------------


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
        "The last day to request was Sat 1 May: unless what is returned (€500) is exchanged, "
        "it lapses on Wed 30 Jun 2027."
    )


def test_the_dialog_is_a_page_without_javascript(client, late):
    page = client.get(url("booking-cancel", late.pk)).content.decode()
    fragment = client.get(
        url("booking-cancel", late.pk), headers={"HX-Request": "true"}
    ).content.decode()
    inside = page[page.index('<div class="p-page-dialog">') + 27 : page.index("</main>")]
    # Another key each time, and the title is the page's own heading there.
    other = r'name="key"value="[^"]+"|(?<=<h)[123]|(?<=</h)[123]'
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


# --- what else the forms know ---------------------------------------------------------------


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
