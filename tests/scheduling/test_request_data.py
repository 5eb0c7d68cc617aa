"""The data of requests: what a service needs, what was supplied, what is still missing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.scheduling import actions
from services.scheduling.models import RequestDatum, ServiceRequest
from services.scheduling.queries.request_data import data_of
from tests import factories
from tests.scheduling.forms import text_of

pytestmark = pytest.mark.django_db
NOW = factories.NOW
ALL = {"goal": "Failover", "contact": "Jana Vogt", "participants": "12 administrators"}


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def asked():
    return factories.service_request(data_complete=False)


def supply(asked, now=NOW, **data):
    return actions.supply_data(service_request=asked, data=data, by=asked.requested_by, now=now)


def refused(asked, now=NOW, **data) -> Refused:
    with pytest.raises(Refused) as caught:
        supply(asked, now, **data)
    return caught.value


def missing(asked) -> list[str]:
    return [row.wanted.code for row in data_of([asked])[asked.pk].missing]


@pytest.mark.clause("2.8-C20")
def test_data_comes_bit_by_bit_and_is_complete_with_the_last_piece(asked):
    assert missing(asked) == ["goal", "contact", "participants"]
    assert supply(asked, goal="Failover", contact=" ").data_completed_at is None
    assert missing(asked) == ["contact", "participants"]
    later = NOW + timedelta(days=1)
    done = supply(asked, later, contact="Jana Vogt", participants="12", goal="Failover of hall 3")
    assert (done.data_completed_at, missing(done)) == (later, [])
    assert RequestDatum.objects.get(code="goal").text == "Failover of hall 3"


@pytest.mark.clause("2.8-C20")
def test_the_last_piece_is_late_after_the_last_day_and_nothing_is_kept(asked):
    last_day = NOW + timedelta(days=200)
    assert refused(asked, last_day, **ALL).code == "too_late"
    assert not RequestDatum.objects.exists()


def test_what_the_service_does_not_need_is_refused(asked):
    refusal = refused(asked, site="Badge")
    assert (refusal.code, refusal.figures) == ("data_not_wanted", {"unknown": ["site"]})
    label = str(RequestDatum.Code.SITE.label)
    assert refusal_words(refusal).detail == f"It names “{label}”."
    assert refused(asked, goal="  ").code == "nothing_supplied"
    actions.withdraw_request(service_request=asked, by=asked.requested_by, now=NOW)
    assert refused(asked, goal="Late").code == "already_decided"


def test_both_sides_see_what_is_missing_and_the_customer_supplies_it(sign_in, asked):
    detail = reverse("scheduling:request-detail", args=[asked.pk])
    csam = sign_in(asked.order.created_by)
    assert "contact who knows the environment" in text_of(
        csam.get(reverse("scheduling:request-list"))
    )
    customer = sign_in(asked.requested_by)
    assert "0 of 3 in writing" in text_of(customer.get(detail))
    address = reverse("scheduling:request-data", args=[asked.pk])
    assert customer.post(address, {"goal": ""}).status_code == 422
    assert customer.post(address, {"goal": "x" * 501}).status_code == 422
    assert customer.post(address, ALL).status_code == 302
    words = text_of(customer.get(detail))
    assert "3 of 3 in writing" in words
    assert "complete since" in words
    stranger = sign_in(factories.csam(factories.customer()))
    assert stranger.post(address, ALL).status_code == 404
    viewer = sign_in(factories.viewer(asked.customer))
    assert viewer.post(address, ALL).status_code == 404


def test_the_form_says_what_the_service_will_need(sign_in):
    held = factories.holding(factories.season())
    client = sign_in(factories.customer_administrator(held.order.customer))
    address = reverse("scheduling:request-create") + f"?entitlement={held.pk}"
    words = text_of(client.get(address))
    assert "Participants and their knowledge" in words


def test_the_api_supplies_data_with_the_request_or_later():
    held = factories.holding(factories.season())
    api = APIClient()
    api.force_authenticate(factories.customer_administrator(held.order.customer))
    ask = {
        "entitlement": held.pk, "wanted_from": "2027-01-18", "wanted_until": "2027-01-29",
        "data": [{"code": "goal", "text": "Failover"}],
    }  # fmt: skip
    made = api.post("/api/v1/service-requests/", ask, format="json").json()
    assert made["data_completed_at"] is None
    assert [one["text"] for one in made["data"]] == ["Failover", None, None]
    rest = [{"code": code, "text": text} for code, text in ALL.items()]
    path = f"/api/v1/service-requests/{made['id']}/data/"
    done = api.post(path, {"data": rest}, format="json").json()
    assert done["data_completed_at"] is not None
    wrong = {**ask, "data": [{"code": "site", "text": "Badge"}]}
    assert api.post("/api/v1/service-requests/", wrong, format="json").status_code == 422
    assert ServiceRequest.objects.count() == 1
    assert api.post(path, {"data": []}, format="json").status_code == 400
