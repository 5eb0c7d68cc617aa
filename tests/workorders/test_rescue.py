"""The rescue of an order: what lapses soon, its best exchange, and the honest empty state."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services.catalog.models import Availability
from tests import factories
from tests.workorders import scenes
from workorders.actions import holdings
from workorders.queries.rescue import rescue_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(at, now):
    at(now)
    return scenes.contoso()


def found(scene, now=factories.NOW, viewer=None):
    return rescue_of(scene.order, viewer=viewer or scene.csam, now=now)


@pytest.mark.clause("2.7-T22", "2.2-F6")
def test_what_lapses_within_half_a_year_is_named_with_its_best_exchange(scene):
    rows = found(scene)
    assert [(one.account.entitlement.offering.code, one.account.location.name) for one in rows][
        :2
    ] == [("proactive-credits", "Stuttgart"), ("proactive-credits", "Detroit")]
    workshops = next(
        one
        for one in rows
        if one.account.entitlement.offering.code == "workshops"
        and one.account.location == scene.host
    )
    # 2,000 of the ceiling of 52,000 are free: no custom work. No price is known of the rest.
    assert dict(workshops.barred)["over_cap"]
    best = workshops.choices[0]
    assert (best.offering.code, best.location) == (
        "reactive-support-management-additional",
        scene.host,
    )
    assert (best.proposal.price, best.proposal.latest) == (None, workshops.last_day)


def test_half_a_year_before_the_end_nothing_is_urgent(scene):
    assert found(scene, datetime(2026, 3, 1, 9, tzinfo=UTC)) == []


@pytest.mark.clause("2.8-C20")
def test_after_the_cut_off_nothing_can_be_rescued_and_it_says_why(scene, sign_in, at):
    after = datetime(2026, 12, 20, 9, tzinfo=UTC)
    at(after)
    for code in ("proactive-credits", "reactive-support-management-additional"):
        for country in ("DE", "US", "IN"):  # these two have no request deadline
            Availability.objects.create(offering_code=code, country=country, available=False)
    assert all(not one.choices for one in found(scene, after))
    assert all(dict(one.barred)["too_late"] for one in found(scene, after))
    page = sign_in(scene.csam).get(reverse("workorders:order-exchanges", args=[scene.order.pk]))
    assert "Nothing can be rescued" in page.content.decode()


@pytest.mark.clause("2.7-T21")
def test_what_isn_t_sold_in_the_country_isn_t_proposed_there(scene):
    for code in ("workshops", scenes.DESIGNATED):
        for country in ("DE", "US", "IN"):
            Availability.objects.create(offering_code=code, country=country, available=False)
    codes = {c.offering.code for one in found(scene) for c in one.choices}
    assert codes.isdisjoint({"workshops", scenes.DESIGNATED})


def test_a_proposal_starts_the_exchange_filled_in(scene, sign_in):
    client = sign_in(scene.csam)
    page = client.get(reverse("workorders:order-exchanges", args=[scene.order.pk]))
    address = page.context["rescue"][0][1][1]
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.context["quote"] is not None


def test_a_location_contact_sees_what_lapses_at_their_location(scene):
    places = {one.account.location for one in found(scene, viewer=scene.contact)}
    assert places == {scene.detroit}
    assert {
        choice.location for one in found(scene, viewer=scene.contact) for choice in one.choices
    } <= {scene.detroit}


def test_the_queries_don_t_grow_with_what_lapses(scene):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            found(scene)
        return len(captured)

    found(scene)
    few = queries()
    for _n in range(20):
        factories.holding(scene.order, location=scene.host)
    assert queries() == few


def test_what_was_exchanged_is_no_longer_lapsing(scene):
    rows = [one for one in found(scene) if one.account.entitlement.offering.code == "workshops"]
    entitlement = rows[0].account.entitlement
    asked = holdings.ask_exchange(
        order=scene.order,
        entitlement=entitlement,
        offering=factories.offering(scenes.DESIGNATED, scene.order.edition),
        location=entitlement.location,
        by=scene.csam,
        now=factories.NOW,
    )
    holdings.make_exchange(exchange=asked, consent_of="Iris", by=scene.csam, now=factories.NOW)
    assert entitlement not in [one.account.entitlement for one in found(scene)]
