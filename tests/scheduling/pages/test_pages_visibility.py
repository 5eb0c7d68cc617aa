"""Who sees which page of the schedule, in which language."""

import pytest
from django.urls import reverse

from services.scheduling.models import Booking
from tests import factories
from tests.scheduling.forms import text_of, typed, url

pytestmark = pytest.mark.django_db


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


PAGES = ("booking-detail", "booking-cancel", "booking-move", "booking-deliver", "event-confirm")
