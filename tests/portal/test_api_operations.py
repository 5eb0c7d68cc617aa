"""What pages can and the API can too: calendar subscriptions, operations."""

from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from accounts.actions import messages
from accounts.models import CalendarFeed, Message, User
from tests import factories

pytestmark = pytest.mark.django_db
NOW = factories.NOW
FEEDS, OPERATIONS = "/api/v1/calendar-feeds/", "/api/v1/operations/"


def api_of(person) -> APIClient:
    api = APIClient()
    api.force_authenticate(person)
    return api


def test_a_feed_tells_its_link_once_and_opens_nothing_once_revoked(client):
    customer = factories.host().customer
    api = api_of(factories.csam(customer))
    made = api.post(FEEDS, {"name": "Phone", "customer": customer.pk}, format="json").json()
    address = urlsplit(made["link"]).path
    assert client.get(address).status_code == 200
    listed = api.get(FEEDS).json()["results"]
    assert [one["name"] for one in listed] == ["Phone"]
    assert "link" not in listed[0]
    renewed = api.post(f"{FEEDS}{made['id']}/renew/").json()
    assert client.get(address).status_code == 404
    assert client.get(urlsplit(renewed["link"]).path).status_code == 200
    assert api.delete(f"{FEEDS}{made['id']}/").status_code == 204
    assert client.get(urlsplit(renewed["link"]).path).status_code == 404
    assert api.delete(f"{FEEDS}{made['id']}/").status_code == 404


def test_a_feed_belongs_to_its_person_and_their_customers():
    mine, other = factories.csam(factories.customer()), factories.csam(factories.customer())
    made = api_of(mine).post(FEEDS, {"name": "Phone"}, format="json").json()
    api = api_of(other)
    assert api.post(f"{FEEDS}{made['id']}/renew/").status_code == 404
    foreign = {"name": "Theirs", "customer": mine.assignments.get().customer_id}
    assert api.post(FEEDS, foreign, format="json").status_code == 400
    assert CalendarFeed.objects.count() == 1


def dead_letter() -> Message:
    (message,) = messages.write_messages(
        recipient=factories.user(), subject_key="deadline:1", subject="Contoso: secret",
        text="x", now=NOW, due_at=NOW, channels=["email"],
    )  # fmt: skip
    Message.objects.filter(pk=message.pk).update(dead_at=NOW, attempts=8)
    return message


def test_the_operator_reads_the_queue_and_brings_dead_letters_back():
    letter = dead_letter()
    api = api_of(factories.user(User.Role.SYSTEM_ADMINISTRATOR))
    state = api.get(OPERATIONS).json()
    assert (state["dead"], len(state["sweeps"]) > 3) == (1, True)
    told = api.get(f"{OPERATIONS}dead-letters/")
    assert [one["id"] for one in told.json()] == [letter.pk]
    assert "secret" not in told.content.decode()
    resend = f"{OPERATIONS}resend/"
    assert api.post(resend, {"message": 10**6}, format="json").status_code == 400
    assert api.post(resend, {"message": letter.pk}, format="json").json() == {"count": 1}
    assert api.post(resend, {}, format="json").json() == {"count": 0}


@pytest.mark.parametrize("role", [User.Role.CSAM, User.Role.CSAM_LEAD])
def test_for_everybody_else_there_are_no_operations(role):
    api = api_of(factories.user(role))
    dead_letter()
    assert api.get(OPERATIONS).status_code == 404
    assert api.post(f"{OPERATIONS}resend/", {}, format="json").status_code == 404
    assert Message.objects.get().dead_at is not None
