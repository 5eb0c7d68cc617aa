"""Requests by page: asked, declined, withdrawn, completed."""

import pytest

from services.scheduling.models import ServiceRequest
from tests import factories
from tests.scheduling.forms import credit_lots, text_of, url

pytestmark = pytest.mark.django_db


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
    assert customer.post(url("request-withdraw", other.pk)).status_code == 409
    answered = text_of(customer.get(url("request-list"), {"state": "answered"}))
    assert "Declined" in answered
    assert "Withdrawn" in answered
    assert "No request waits" in text_of(client.get(url("request-list")))


# --- what else the forms know ---------------------------------------------------------------


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


def test_data_and_withdrawals_after_the_answer_are_refused_on_the_page(client, sign_in, held):
    asked = factories.service_request(held)
    client.post(url("request-decline", asked.pk), {"reason": "No."})
    customer = sign_in(asked.requested_by)
    for name in ("request-complete", "request-withdraw"):
        answer = customer.post(url(name, asked.pk))
        assert 'data-code="already_decided"' in answer.content.decode()
    again = client.post(url("request-decline", asked.pk), {"reason": "Still no."})
    assert 'data-code="already_decided"' in again.content.decode()
