"""An offering that isn't sold any more: draft, execution, file, credits and exchange refuse it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.catalog.models import Availability
from tests import factories
from tests.workorders import scenes
from workorders.models import WorkOrder, WorkOrderLine
from workorders.queries.credits import redemption_quote
from workorders.queries.offered import check_sold

pytestmark = pytest.mark.django_db
WORDS = "Workshops isn’t sold in Germany, or not any more."


@pytest.fixture
def draft(at, now):
    at(now)
    return scenes.draft_order()[0]


@pytest.fixture
def withdrawn(draft):
    """Workshops, sold in Germany until the day before the order begins."""
    return Availability.objects.create(
        offering_code="workshops",
        country="DE",
        available=True,
        valid_to=draft.starts_on - timedelta(days=1),
    )


def told(page):
    return page.content.decode().replace("&#x27;", "'").replace("'", "’")


@pytest.mark.clause("1-A5", "2.7-T21")
def test_a_line_of_a_withdrawn_service_is_named_with_what_to_do(draft, withdrawn, sign_in):
    factories.line(draft, price_minor=100)
    client = sign_in(draft.created_by)
    page = told(client.get(reverse("workorders:order-edit", args=[draft.pk])))
    assert 'data-code="not_available"' in page
    assert WORDS in page
    assert "Choose another service or location" in page


@pytest.mark.clause("1-A5", "2.7-T21")
def test_an_order_with_a_withdrawn_service_is_not_executed(draft, withdrawn, sign_in):
    factories.line(draft, price_minor=100)
    client = sign_in(draft.created_by)
    draft.refresh_from_db()
    url = reverse("workorders:order-execute", args=[draft.pk])
    page = client.post(url, {"version": draft.version, "confirmed": "on", "key": "k"})
    assert page.status_code == 422
    assert WORDS in told(page)
    api = reverse("api:order-execute", args=[draft.pk])
    answer = client.post(api, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "order_refused")
    assert "not_available" in answer.json()["figures"]["reasons"]
    assert "“Workshops” · " in answer.json()["detail"]
    assert WORDS in answer.json()["detail"].replace("'", "’")
    assert WorkOrder.objects.get().executed_at is None


@pytest.mark.clause("1-A5")
def test_the_api_names_the_withdrawn_service_by_code_and_in_words(draft, withdrawn, sign_in):
    factories.line(draft, price_minor=100)
    client = sign_in(draft.created_by)
    answer = client.get(reverse("api:order-findings", args=[draft.pk])).json()
    (one,) = [row for row in answer if row["code"] == "not_available"]
    assert one["figures"] == {"offering": "workshops", "country": "DE"}
    assert one["clauses"] == ["1-A5", "2.7-T21"]


@pytest.mark.clause("1-A5", "2.7-T21")
def test_what_is_sold_until_a_day_is_withdrawn_after_it(draft):
    service = factories.offering("workshops", draft.edition)
    host = draft.order_locations.get(location__role="host").location
    row = Availability.objects.create(
        offering_code="workshops", country="DE", available=True, valid_to=date(2025, 6, 30)
    )
    check_sold(service, host, date(2025, 6, 30))
    with pytest.raises(Refused, match="not_available"):
        check_sold(service, host, date(2025, 7, 1))
    Availability.objects.filter(pk=row.pk).update(valid_from=date(2025, 3, 1))
    with pytest.raises(Refused, match="not_available"):
        check_sold(service, host, date(2025, 2, 28))
    Availability.objects.filter(pk=row.pk).update(available=False)
    check_sold(service, host, date(2025, 7, 1))


@pytest.mark.clause("1-A5", "2.3-PC4")
def test_credits_buy_no_withdrawn_service():
    scene = scenes.contoso()
    Availability.objects.create(offering_code="workshops", country="DE", available=False)
    service = factories.offering("workshops", scene.order.edition)
    with pytest.raises(Refused) as refused:
        redemption_quote(
            scene.order,
            location=scene.host,
            lines=[(service, Money(100_000, "EUR"))],
            on=factories.NOW.date(),
        )
    assert refused.value.code == "not_available"
    assert refusal_words(refused.value).detail.replace("'", "’") == WORDS
    assert WorkOrderLine.objects.exists()
