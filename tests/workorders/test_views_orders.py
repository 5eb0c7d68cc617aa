"""The list of work orders: filters, sorting, pages, the file."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.urls import reverse

from accounts.http.paging import key_page
from tests import factories
from tests.workorders import scenes
from workorders.models import WorkOrder
from workorders.queries.portfolio import in_state, over_last, with_zone
from workorders.queries.terms import state_of

pytestmark = pytest.mark.django_db
LIST = "/orders/"


@pytest.fixture
def portfolio(at, now):
    """Orders in every state of one CSAM, over two zones a day apart."""
    at(now)
    east = factories.host(time_zone="Pacific/Kiritimati", country="KI").customer
    west = factories.host(time_zone="Pacific/Pago_Pago", country="AS").customer
    csam = factories.csam(east, west)
    for customer in (east, west):
        for number, (starts, ends, signed) in enumerate(TERMS):
            order = factories.draft(
                customer, by=csam, starts_on=starts, ends_on=ends, number=f"{customer.pk}-{number}"
            )
            if signed:
                WorkOrder.objects.filter(pk=order.pk).update(
                    executed_at=factories.SIGNED, executed_by=csam
                )
    ended = WorkOrder.objects.filter(number__endswith="-2")
    ended.update(terminated_on=date(2026, 11, 22), termination_reason="sold")
    return csam


TERMS = (
    (date(2026, 1, 1), date(2026, 12, 31), False),
    (date(2026, 1, 1), date(2026, 11, 23), True),
    (date(2026, 1, 1), date(2026, 12, 31), True),
    (date(2026, 11, 24), date(2027, 11, 23), True),
    (date(2025, 1, 1), date(2025, 12, 31), True),
)


@pytest.mark.parametrize("moment", [datetime(2026, 11, 23, h, tzinfo=UTC) for h in (0, 9, 12, 23)])
@pytest.mark.parametrize("state", ["draft", "executed", "in_force", "expired", "terminated"])
def test_the_database_tells_states_apart_as_the_rule_does(portfolio, state, moment):
    orders = with_zone(WorkOrder.objects.select_related("customer"))
    found = set(in_state(orders, state, now=moment))
    assert found == {order for order in orders if state_of(order, now=moment) == state}


def test_filters_narrow_the_list(portfolio, sign_in):
    client = sign_in(portfolio)
    customer = portfolio.assignments.first().customer
    rows = client.get(LIST, {"customer": customer.pk, "state": "draft"}).context["rows"]
    assert [row.order.number for row in rows] == [f"{customer.pk}-0"]
    found = client.get(LIST, {"q": f"{customer.pk}-3"}).context["rows"]
    assert [row.order.number for row in found] == [f"{customer.pk}-3"]


def test_what_is_over_stands_last_until_asked_otherwise(portfolio, sign_in):
    rows = sign_in(portfolio).get(LIST).context["rows"]
    assert [row.order.number[-2:] for row in rows[-2:]] == ["-4", "-4"]
    numbers = [
        r.order.number for r in sign_in(portfolio).get(LIST, {"sort": "number"}).context["rows"]
    ]
    assert numbers == sorted(numbers)


def test_a_foreign_customer_is_no_choice(portfolio, sign_in):
    foreign = factories.host().customer
    answer = sign_in(portfolio).get(LIST, {"customer": foreign.pk})
    assert answer.context["rows"] == []
    assert list(answer.context["form"].errors) == ["customer"]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "x" * 101},
        {"state": "gone"},
        {"sort": "'; drop table"},
        {"customer": "９９９９９９９９９９９９９９９９９９９９９９"},
        {"after": "not a mark"},
        {"after": "WzEsMl0"},
        {"before": "eyJhIjoxfQ", "after": "x"},
        {"q": "‮ مرحبا 😀"},
    ],
)
def test_odd_queries_are_answered(portfolio, sign_in, query):
    assert sign_in(portfolio).get(LIST, query).status_code == 200


def test_the_fragment_is_part_of_the_page(portfolio, sign_in):
    client = sign_in(portfolio)
    page = client.get(LIST, {"state": "in_force"}).content.decode()
    fragment = client.get(
        LIST, {"state": "in_force"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert squeezed(fragment) in squeezed(page)
    assert fragment.strip().startswith('<div id="results">')


def squeezed(markup):
    return re.sub(r"\s+", " ", markup).strip()


def test_the_file_has_exactly_the_rows_that_are_shown(portfolio, sign_in):
    client = sign_in(portfolio)
    shown = client.get(LIST, {"sort": "number"}).context["rows"]
    answer = client.get(reverse("workorders:order-export"), {"sort": "number"})
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [row.order.number for row in shown]
    assert [line[3] for line in lines[1:]] == [str(row.state.word) for row in shown]


def test_a_title_like_a_formula_stays_text_in_the_file(portfolio, sign_in):
    WorkOrder.objects.filter(number__endswith="-0").update(title='=HYPERLINK("x")')
    answer = sign_in(portfolio).get(reverse("workorders:order-export"), {"state": "draft"})
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert {line[1] for line in lines[1:]} == {'\'=HYPERLINK("x")'}


def test_a_csam_without_customers_is_told_what_to_do(sign_in, csam):
    answer = sign_in(csam).get(LIST)
    assert "No work orders yet" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_needs_the_same_queries_for_one_row_and_thirty(
    sign_in, at, now, rows, django_assert_num_queries
):
    at(now)
    order = factories.draft()
    csam = order.created_by
    WorkOrder.objects.bulk_create(copies(order, rows - 1))
    client = sign_in(csam)
    client.get(LIST)
    with django_assert_num_queries(5):
        assert len(client.get(LIST).context["rows"]) == rows


def copies(order, count):
    for number in range(count):
        copy = WorkOrder.objects.get(pk=order.pk)
        copy.pk, copy.number = None, f"COPY-{number:03}"
        copy.ends_on = order.ends_on + timedelta(days=number % 3)
        yield copy


@pytest.mark.parametrize("keys", [("last_day", "pk"), ("-last_day", "-pk"), ("number", "pk")])
def test_pages_by_key_show_every_row_once_forwards_and_backwards(keys, now):
    order = factories.draft()
    WorkOrder.objects.bulk_create(copies(order, 22))
    orders = over_last(with_zone(WorkOrder.objects.all()), now=now)
    wanted = list(orders.order_by(*keys))
    page = key_page(orders, keys, size=5)
    seen, pages = list(page.rows), [page]
    while page.after:
        page = key_page(orders, keys, after=page.after, size=5)
        seen += page.rows
        pages.append(page)
    assert seen == wanted
    for earlier in reversed(pages[:-1]):
        page = key_page(orders, keys, before=page.before, size=5)
        assert page.rows == earlier.rows
    assert page.before == ""


def test_a_page_beyond_the_end_is_empty():
    assert key_page(WorkOrder.objects.none(), ("pk",)).has_others is False
    scenes.draft_order()
    only = key_page(WorkOrder.objects.all(), ("pk",))
    assert (only.before, only.after, len(only.rows)) == ("", "", 1)
