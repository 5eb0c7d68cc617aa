"""Drafting: the form, the next number, what is refused; deleting a draft."""

import pytest

from tests import factories
from tests.workorders.builder.forms import url_of
from workorders.actions.orders import change_order
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


def draft_data(of, **changes):
    return {
        "customer": of.pk,
        "number": "",
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "currency": "EUR",
        "base_price_minor": "120000.50",
        **changes,
    }


def test_a_draft_is_made_with_the_next_number_and_the_host(draft, client):
    answer = client.post("/orders/draft/", draft_data(draft.customer))
    made = WorkOrder.objects.latest("pk")
    assert answer["Location"] == f"/orders/{made.pk}/edit/"
    assert (made.number, made.base_price_minor, made.created_by) == (
        "WO-2027-0001",
        12_000_050,
        draft.created_by,
    )
    assert [row.location.name for row in made.order_locations.all()] == ["Stuttgart"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2026-12-31"}, "ends_on"),
        ({"starts_on": "31.12.2026"}, "starts_on"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
        ({"base_price_minor": "-5"}, "base_price_minor"),
        ({"base_price_minor": "1e99"}, "base_price_minor"),
        ({"base_price_minor": "NaN"}, "base_price_minor"),
        ({"base_price_minor": "1.005"}, "base_price_minor"),
        ({"units_per_usd": "0"}, "units_per_usd"),
        ({"units_per_usd": "1.123456789"}, "units_per_usd"),
        ({"currency": "XXX"}, "currency"),
        ({"number": "n" * 31}, "number"),
        ({"title": "nul\x00"}, "title"),
        ({"customer": "0"}, "customer"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_writes_nothing(draft, client, changes, field):
    answer = client.post("/orders/draft/", draft_data(draft.customer, **changes))
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert list(answer.context["form"].errors) == [field]
    assert WorkOrder.objects.count() == 1


def test_a_foreign_customer_can_t_be_chosen(draft, client):
    answer = client.post("/orders/draft/", draft_data(factories.customer()))
    assert list(answer.context["form"].errors) == ["customer"]
    assert WorkOrder.objects.count() == 1


def test_emoji_and_right_to_left_text_are_accepted(draft, client):
    client.post("/orders/draft/", draft_data(draft.customer, title="🛠 دعم 支持"))
    assert WorkOrder.objects.latest("pk").title == "🛠 دعم 支持"


def test_a_number_that_is_taken_is_refused_and_what_was_typed_stays(draft, client):
    data = draft_data(draft.customer, number=draft.number, title="Kept")
    answer = client.post("/orders/draft/", data)
    assert answer.context["form"].refusal.code == "number_taken"
    assert 'value="Kept"' in answer.content.decode()


def test_customers_don_t_draft(draft, sign_in):
    person = factories.customer_administrator(draft.customer)
    answer = sign_in(person).post("/orders/draft/", draft_data(draft.customer))
    assert (answer.status_code, WorkOrder.objects.count()) == (404, 1)


def test_a_draft_that_a_colleague_changed_is_not_deleted_unseen(draft, client):
    seen = draft.version
    change_order(order=draft, note="By a colleague", by=draft.created_by, now=factories.SIGNED)
    answer = client.post(url_of("order-delete", draft.pk), {"version": seen})
    assert (answer.status_code, WorkOrder.objects.count()) == (409, 1)
    draft.refresh_from_db()
    client.post(url_of("order-delete", draft.pk), {"version": draft.version})
    assert not WorkOrder.objects.exists()


def test_a_draft_is_deleted_after_a_look(draft, client):
    factories.line(draft)
    assert "Workshops" in client.get(url_of("order-delete", draft.pk)).content.decode()
    client.post(url_of("order-delete", draft.pk))
    assert not WorkOrder.objects.exists()


def test_the_draft_starts_with_the_customer_one_comes_from(draft, client):
    form = client.get("/orders/draft/", {"customer": draft.customer_id}).context["form"]
    assert (form["customer"].value(), form["currency"].value()) == (draft.customer_id, "EUR")
    foreign = client.get("/orders/draft/", {"customer": factories.customer().pk}).context["form"]
    assert foreign["customer"].value() is None
