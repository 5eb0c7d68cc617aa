"""The booking form: what can be chosen, and what another choice keeps."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from services.scheduling.models import Booking
from tests import factories
from tests.scheduling.forms import credit_lots, text_of, typed, url

pytestmark = pytest.mark.django_db


# --- booking --------------------------------------------------------------------------------


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


# --- what else the forms know ---------------------------------------------------------------


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
