"""The offering page says what its reader, or the reader's customers, hold of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from services.catalog.models import Offering
from tests import factories
from ussd_portal.queries.offering_holders import held_of
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture(autouse=True)
def _clock(at):
    at(NOW)


@pytest.fixture
def order() -> WorkOrder:
    """An order in force whose host holds four workshops."""
    return factories.executed()


def page_of(client, code: str = "workshops") -> str:
    """The page of an offering."""
    response = client.get(reverse("catalog:offering-detail", args=[code]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_customer_reads_what_it_holds_and_asks_for_it(sign_in, order):
    client = sign_in(factories.customer_administrator(order.customer))
    entitlement = order.entitlements.get()
    page = page_of(client)
    assert "What you hold of it" in page
    assert "1 entitlement in force" in page
    assert "4 deliveries" in page
    assert '<time datetime="2026-12-31">' in page
    for url in (
        reverse("workorders:entitlement-detail", args=[entitlement.pk]),
        reverse("workorders:order-detail", args=[order.pk]),
        f"{reverse('scheduling:request-create')}?entitlement={entitlement.pk}",
    ):
        assert f'href="{url}"' in page
        assert client.get(url).status_code == 200


def test_a_csam_reads_which_customers_hold_it_and_books(sign_in, order):
    client = sign_in(factories.csam(order.customer))
    page = page_of(client)
    assert "Customers who hold it" in page
    assert order.customer.name in page
    entitlement = order.entitlements.get()
    booking = reverse("scheduling:booking-create")
    link = f"{booking}?customer={order.customer_id}&amp;entitlement={entitlement.pk}"
    assert f'href="{link}"' in page
    assert client.get(link.replace("&amp;", "&")).status_code == 200


def test_a_viewer_reads_and_asks_for_nothing(sign_in, order):
    page = page_of(sign_in(factories.viewer(order.customer)))
    assert "4 deliveries" in page
    assert (
        reverse("scheduling:request-create") not in page.split('id="held"')[1].split("</table>")[0]
    )


def test_nobody_reads_what_others_hold(sign_in, order):
    elsewhere = factories.location_contact(factories.location(order.customer))
    stranger = factories.customer_administrator(factories.host().customer)
    for person in (elsewhere, stranger):
        page = page_of(sign_in(person))
        assert "You hold none of it now" in page
        assert "4 deliveries" not in page
    assert "None of your customers holds it now" in page_of(sign_in(factories.csam()))


@pytest.mark.parametrize("role", ["catalogue_administrator", "system_administrator"])
def test_who_has_no_customers_has_no_such_card(sign_in, order, role):
    page = page_of(sign_in(factories.user(role)))
    assert 'id="held"' not in page


def test_what_comes_with_every_base_package_is_said_so(sign_in, order):
    data = factories.edition_data()
    included = {row["code"] for row in data["offerings"] if row["mark"] == "included"}
    code = Offering.objects.filter(code__in=included).values_list("code", flat=True).first()
    client = sign_in(factories.customer_administrator(order.customer))
    assert "Comes with every base package" in page_of(client, code)


@pytest.mark.clause("2.7-T10", "0-C13")
@pytest.mark.parametrize(
    ("now", "count"),
    [
        (datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC), 0),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), 1),  # midnight in Berlin
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), 0),
    ],
)
def test_in_force_is_what_can_be_used_today_at_the_host(order, now, count):
    viewer = factories.csam(order.customer)
    assert len(held_of(["workshops"], viewer=viewer, now=now)) == count


@pytest.mark.clause("2.7-T10")
def test_a_terminated_order_gives_nothing_more(order):
    viewer = factories.csam(order.customer)
    WorkOrder.objects.filter(pk=order.pk).update(terminated_on=date(2026, 11, 22))
    assert held_of(["workshops"], viewer=viewer, now=NOW) == []
    assert len(held_of(["workshops"], viewer=viewer, now=NOW - timedelta(days=1))) == 1


def test_a_long_list_folds_and_costs_no_more_queries(sign_in, order, django_assert_max_num_queries):
    client = sign_in(factories.csam(order.customer))
    counts = []
    for more in (0, 29):
        for _ in range(more):
            place = factories.location(order.customer)
            order.order_locations.create(location=place)
            factories.holding(order, location=place)
        page_of(client)  # warms what is kept
        with django_assert_max_num_queries(30) as captured:
            page = page_of(client)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert "30 entitlements in force" in page
    assert "22 more" in page
