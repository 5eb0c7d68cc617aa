"""The hours that UER includes, distributed by the host: action, page, API."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from tests.workorders import scenes
from workorders.actions.holdings import allocate_hours
from workorders.models import Account, Entitlement

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
UER = "unified-enhanced-response"


@pytest.fixture
def hours():
    """100 hours of the host, worth 20,000, in a draft's term with one more listed location."""
    host = factories.host()
    paris = factories.location(host.customer, name="Paris", country="FR")
    order = factories.season(host.customer, places=[paris], multi_country=True)
    held = factories.holding(
        order,
        offering=factories.offering(UER, order.edition),
        unit="minute",
        quantity=6000,
        value=Money(2_000_000, "EUR"),
        usable_from=order.starts_on,
    )
    held.paris = paris
    return held


def give(held, minutes=1500, **fields):
    values = {
        "target": held.paris,
        "by": held.order.created_by,
        "on": factories.NOW.date(),
        "now": factories.NOW,
    }
    return allocate_hours(entitlement=held, minutes=minutes, **{**values, **fields})


def balances(held):
    rows = Account.objects.filter(entitlement=held).exclude(balance=0)
    return dict(rows.values_list("bucket", "balance"))


@pytest.mark.clause("2.5-UE24", "2.6-M5", "2.5-UE20")
def test_the_host_gives_hours_and_the_books_balance(hours):
    given = give(hours)
    assert balances(hours) == {"issued": 6000, "available": 4500, "transferred": 1500}
    assert balances(given) == {"issued": 1500, "available": 1500}
    assert (given.location, given.value_minor) == (hours.paris, 500_000)
    assert (given.usable_until, given.funding) == (hours.usable_until, hours.funding)
    call_command("ledger", "verify", verbosity=0)


def test_the_same_key_gives_once(hours):
    administrator = factories.customer_administrator(hours.order.customer)
    first = give(hours, by=administrator, idempotency_key="k")
    again = give(hours, by=administrator, idempotency_key="k")
    assert (first.pk, balances(hours)["available"]) == (again.pk, 4500)


@pytest.mark.clause("2.5-UE24", "2.6-M5")
def test_what_cant_be_given_is_refused_and_nothing_moves(hours):
    elsewhere = factories.location(hours.order.customer, name="Oslo", country="NO")
    given = give(hours, 60)
    workshops = factories.holding(hours.order)
    workshops.paris = hours.paris
    given.paris = elsewhere
    viewer = factories.viewer(hours.order.customer)
    refused = [
        (lambda: give(hours, 5941), "insufficient_hours"),
        (lambda: give(hours, target=elsewhere), "location_not_listed"),
        (lambda: give(hours, target=hours.location), "same_location"),
        (lambda: give(given), "host_only"),
        (lambda: give(workshops, 1), "ineligible_service"),
        (lambda: give(hours, by=viewer), "host_administrator_required"),
        (lambda: give(hours, on=date(2027, 7, 1)), "order_ended"),
    ]
    for act, code in refused:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == code
    assert balances(hours) == {"issued": 6000, "available": 5940, "transferred": 60}
    with pytest.raises(ValueError, match="positive"):
        give(hours, 0)


def test_the_page_gives_hours_once_and_keeps_what_was_typed(hours, sign_in, at):
    at(factories.NOW)
    client = sign_in(factories.customer_administrator(hours.order.customer))
    page = client.get(reverse("workorders:entitlement-detail", args=[hours.pk]))
    assert "Give hours to a location" in page.content.decode()
    url = reverse("workorders:hours-allocate", args=[hours.pk])
    data = {"target": hours.paris.pk, "minutes": "25", "key": page.context["key"]}
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    assert balances(hours)["available"] == 4500
    refused = client.post(url, {**data, "minutes": "80", "key": "other"})
    assert refused.status_code in (409, 422)
    assert 'value="80"' in refused.content.decode()
    given = Entitlement.objects.get(location=hours.paris, offering=hours.offering)
    there = client.get(reverse("workorders:entitlement-detail", args=[given.pk]))
    assert "Give hours to a location" not in there.content.decode()
    assert (
        client.post(reverse("workorders:hours-allocate", args=[given.pk]), data).status_code == 404
    )


def test_a_viewer_and_a_stranger_give_nothing(hours, sign_in, at):
    at(factories.NOW)
    url = reverse("workorders:hours-allocate", args=[hours.pk])
    api = reverse("api:entitlement-allocate", args=[hours.pk])
    data = {"target": hours.paris.pk, "minutes": 60}
    viewer = sign_in(factories.viewer(hours.order.customer))
    assert viewer.post(url, data).status_code == 404
    answer = viewer.post(api, data, content_type="application/json")
    assert answer.json()["code"] == "host_administrator_required"
    stranger = sign_in(factories.customer_administrator(factories.host().customer))
    assert stranger.post(url, data).status_code == 404
    assert stranger.post(api, data, content_type="application/json").status_code == 404
    assert balances(hours)["available"] == 6000


def test_the_api_gives_hours_under_a_key(hours, sign_in, at):
    at(factories.NOW)
    client = sign_in(hours.order.created_by)
    api = reverse("api:entitlement-allocate", args=[hours.pk])
    answers = [
        client.post(
            api,
            {"target": hours.paris.pk, "minutes": minutes},
            content_type="application/json",
            headers={"Idempotency-Key": "one"},
        )
        for minutes in (1500, 1500, 1501)
    ]
    assert [one.status_code for one in answers] == [201, 201, 422]
    assert answers[0].json() == answers[1].json()
    assert balances(hours)["available"] == 4500


@pytest.mark.clause("2.5-ED12", "2.5-ED8", "X-40")
def test_an_engineer_goes_to_exactly_one_location_on_the_pages(at, now, sign_in):
    at(now)
    draft = scenes.draft_order()[0]
    client = sign_in(draft.created_by)
    host, detroit, _pune = (row.location for row in draft.order_locations.order_by("pk"))
    code = "enhanced-designated-engineering"
    line = {
        "version": draft.version,
        "unit": "each",
        f"quantity_{host.pk}": "1",
        f"quantity_{detroit.pk}": "1",
        "price": "38,400",
        "funding": "money",
        "exhibit_reference": "E-1",
    }
    client.post(reverse("workorders:line-add", args=[draft.pk]) + f"?offering={code}", line)
    draft.refresh_from_db()
    page = client.get(reverse("workorders:order-edit", args=[draft.pk])).content.decode()
    assert "This service goes to exactly one location." in page
    assert f"Named are: {host}, {detroit}." in page
    assert "§2.5 ED12" in page
    refused = client.post(
        reverse("workorders:order-execute", args=[draft.pk]),
        {"version": draft.version, "confirmed": "on"},
    )
    assert refused.status_code == 422
    assert f"Named are: {host}, {detroit}." in refused.content.decode()
    edit = reverse("workorders:line-edit", args=[draft.pk, draft.lines.get().pk])
    client.post(edit, {**line, "version": draft.version, f"quantity_{host.pk}": ""})
    page = client.get(reverse("workorders:order-edit", args=[draft.pk])).content.decode()
    assert "This service goes to exactly one location." not in page


@pytest.mark.clause("2.5-UE22")
def test_uer_is_bought_for_the_host_and_says_so_by_name(at, now, sign_in):
    at(now)
    draft = scenes.draft_order()[0]
    detroit = draft.order_locations.get(location__name="Detroit").location
    factories.line(draft, UER, 1, unit="subscription", at=detroit)
    client = sign_in(draft.created_by)
    page = client.get(reverse("workorders:order-edit", args=[draft.pk])).content.decode()
    assert "Detroit isn&#x27;t the host." in page
    found = client.get(reverse("api:order-findings", args=[draft.pk])).json()
    (one,) = [row for row in found if row["code"] == "host_only"]
    assert (one["figures"], one["clauses"]) == ({"location": "Detroit"}, ["2.5-UE22"])
