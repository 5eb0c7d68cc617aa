"""Addresses that a page doesn't understand: the usual is shown, and it is said."""

import pytest
from django.urls import reverse

from accounts.http.addresses import CODE
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in):
    return sign_in(factories.booking().order.created_by)


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("workorders:deadline-list", "after=zzz"),
        ("workorders:deadline-list", "view=nope"),
        ("workorders:deadline-list", "view=month&month=99-99"),
        ("workorders:order-list", "before=zzz"),
        ("scheduling:booking-list", "after=zzz"),
        ("scheduling:booking-list", "view=nope"),
        ("scheduling:booking-list", "view=week&day=2026-02-30"),
        ("scheduling:request-list", "after=e30"),
        ("incidents:incident-list", "page=99"),
        ("catalog:offering-list", "page=-1"),
        ("accounts:inbox", "page=x"),
    ],
)
def test_what_is_passed_over_is_named_with_its_code(client, name, odd):
    answer = client.get(f"{reverse(name)}?{odd}")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert f'data-code="{CODE}"' in page
    assert f"“{odd.rpartition('&')[2]}”" in page


def test_a_fragment_and_an_address_that_is_understood_say_nothing(client):
    address = reverse("workorders:deadline-list")
    client.get(f"{address}?after=zzz", headers={"HX-Request": "true"})

    assert CODE not in client.get(f"{address}?view=month&month=2026-12").content.decode()


def test_what_is_wrong_with_a_field_bears_its_code(client):
    page = client.get(f"{reverse('scheduling:booking-list')}?since=never").content.decode()

    assert 'data-code="invalid"' in page
