"""Invoices: what is billed and when, split so that the parts are the whole to the cent."""

import csv
import re
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.rules.money import Money
from tests import factories
from tests.workorders import scenes
from workorders.actions import charges, holdings, ledger, orders
from workorders.models import Entitlement
from workorders.queries.invoices import SPLITS, bill_of
from workorders.rules.billing_parts import Billed, billable_day, invoices_of, split_amount

BASE, DESIGNATED = 48_000_000, 4_800_000
db = pytest.mark.django_db


@pytest.fixture
def scene(at, now):
    at(now)
    return scenes.contoso()


def travel(scene, minor=123_457, on=date(2026, 3, 5), **fields):
    return charges.record_charge(
        order=scene.order,
        location=scene.detroit,
        kind="travel",
        amount=Money(minor, "EUR"),
        on=on,
        agreed_on=date(2026, 2, 1),
        text="Workshop on site",
        by=scene.csam,
        now=factories.NOW,
        **fields,
    )


def bill(scene, **options):
    return bill_of(scene.order, viewer=options.pop("viewer", scene.csam), **options)


def told(found):
    return {one.title: one.total.minor for one in found.invoices}


# --- the rules -----------------------------------------------------------------------------


@pytest.mark.clause("2.6-M20", "X-27")
@pytest.mark.parametrize(
    ("executed", "line", "day"),
    [
        (date(2025, 12, 15), None, date(2026, 1, 1)),
        (date(2026, 1, 9), None, date(2026, 1, 9)),
        (date(2025, 12, 15), date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 5, 2), date(2026, 4, 1), date(2026, 5, 2)),
    ],
)
def test_nothing_is_billed_before_it_is_agreed_or_can_be_used(executed, line, day):
    due = billable_day(executed_on=executed, order_start=date(2026, 1, 1), line_start=line)
    assert (due.result, due.clauses) == (day, ("2.6-M20",))


@pytest.mark.clause("2.6-M20", "2.6-M21")
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**12), 10**12),
            st.lists(st.tuples(st.integers(0, 5), st.integers(1, 99)), min_size=1, max_size=5),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_the_keys_the_invoices_add_up_to_the_items(rows):
    items = [Billed(Money(minor, "EUR"), tuple(weights)) for minor, weights in rows]
    invoices, total = invoices_of(items)
    whole = sum(minor for minor, _weights in rows)
    assert total.minor == sum(one.total.minor for one in invoices) == whole


@pytest.mark.clause("2.6-M21")
def test_what_is_taken_back_cancels_key_by_key():
    weights = (("a", 1), ("b", 1), ("c", 1))
    there, back = (split_amount(Billed(Money(n, "EUR"), weights)) for n in (100, -100))
    assert [part.minor for _key, part in there] == [34, 33, 33]
    assert [part.minor for _key, part in back] == [-34, -33, -33]


# --- the bill ------------------------------------------------------------------------------


@db
@pytest.mark.clause("2.6-M20", "2.6-M21", "2.2-F1")
def test_every_split_of_an_order_is_the_same_whole(scene):
    travel(scene)
    held = Entitlement.objects.get(
        order=scene.order, offering__code=scenes.DESIGNATED, location=scene.host
    )
    note = {"by": scene.csam, "now": factories.NOW, "subject_key": "booking:1"}
    holdings.reserve_units(entitlement=held, quantity=7 * 60, on=date(2026, 3, 2), **note)
    holdings.deliver_units(entitlement=held, quantity=7 * 60, on=date(2026, 3, 9), **note)
    bills = [bill(scene, split=split) for split in SPLITS]
    whole = scene.order.base_price_minor + DESIGNATED + 123_457
    assert {one.total.minor for one in bills} == {whole}
    assert {sum(part.total.minor for part in one.invoices) for one in bills} == {whole}
    # 7 of 240 hours of 48,000.00: 1,400.00 delivered in March, 46,600.00 still to come; the
    # visit was in March, too.
    assert told(bills[1])["March 2026"] == 140_000 + 123_457
    assert told(bills[1])["Not delivered yet"] == 4_660_000


@db
def test_a_line_is_split_by_the_quantities_of_its_locations(scene):
    draft = factories.draft(scene.customer, by=scene.csam, multi_country=True, base_price_minor=0)
    places = dict.fromkeys([scene.host, scene.detroit, scene.pune])
    orders.set_locations(order=draft, locations=places, by=scene.csam, now=factories.SIGNED)
    factories.line(
        draft,
        price_minor=1_000,
        allocations=[(scene.host, 1), (scene.detroit, 1), (scene.pune, 1)],
    )
    order = factories.executed(draft)
    found = bill_of(order, viewer=scene.csam, split="location")
    assert told(found) == {"Stuttgart": 334, "Detroit": 333, "Pune": 333}
    assert [part.is_whole for one in found.invoices for part in one.parts] == [False] * 3


@db
@pytest.mark.clause("2.2-F1")
def test_what_the_allowance_pays_for_is_on_no_invoice_of_its_own(scene):
    found = bill(scene)
    assert [item.line.offering.code for item in found.items if item.line] == [scenes.DESIGNATED]
    assert {line.funding for line in found.paid_otherwise} == {"flex"}


@db
def test_what_is_billable_later_can_be_left_out(scene):
    travel(scene, billable_on=date(2026, 12, 1))
    before, on = date(2026, 11, 30), date(2026, 12, 1)
    difference = bill(scene, until=on).total - bill(scene, until=before).total
    assert difference == Money(123_457, "EUR")
    assert bill(scene, until=date(2000, 1, 1)).invoices == ()


@db
def test_units_given_back_are_not_delivered(scene):
    held = Entitlement.objects.get(
        order=scene.order, offering__code=scenes.DESIGNATED, location=scene.host
    )
    note = {"by": scene.csam, "now": factories.NOW, "subject_key": "booking:1"}
    holdings.reserve_units(entitlement=held, quantity=600, on=date(2026, 3, 2), **note)
    moved = holdings.deliver_units(entitlement=held, quantity=600, on=date(2026, 3, 9), **note)
    undone = {"on": date(2026, 4, 1), "by": scene.csam, "now": factories.NOW}
    ledger.reverse(moved, reason="not held", **undone)
    assert told(bill(scene, split="delivery"))["Not delivered yet"] == DESIGNATED


@db
def test_the_bill_takes_as_many_queries_for_one_charge_as_for_ten(
    scene, django_assert_max_num_queries
):
    travel(scene)
    with django_assert_max_num_queries(7):
        bill(scene, split="delivery")
    for _n in range(9):
        travel(scene)
    with django_assert_max_num_queries(7):
        bill(scene, split="delivery")


# --- page, files, API ----------------------------------------------------------------------


def address(scene, name="order-invoices"):
    return reverse(f"workorders:{name}", args=[scene.order.pk])


def squeezed(markup):
    return re.sub(r"\s+", " ", markup).strip()


@db
@pytest.mark.parametrize("split", SPLITS)
def test_the_fragment_of_a_split_is_part_of_the_reloaded_page(scene, sign_in, split):
    client = sign_in(scene.csam)
    page = client.get(address(scene), {"by": split}).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "invoices"}
    fragment = client.get(address(scene), {"by": split}, headers=headers).content.decode()
    assert squeezed(fragment) in squeezed(page)
    tab = client.get(address(scene), {"by": split}, headers={"HX-Request": "true"})
    assert squeezed(tab.content.decode()) in squeezed(page)


@db
def test_the_files_say_what_the_page_says(scene, sign_in):
    travel(scene)
    client = sign_in(scene.viewer)
    text = client.get(address(scene, "invoices-export"), {"by": "location"})
    lines = list(csv.reader(StringIO(text.content.decode("utf-8-sig"))))[1:]
    total = scene.order.base_price_minor + DESIGNATED + 123_457
    assert sum(round(float(line[4]) * 100) for line in lines) == total
    book = client.get(address(scene, "invoices-xlsx"), {"by": "location"})
    sheet = openpyxl.load_workbook(BytesIO(book.content)).active
    assert (sheet.freeze_panes, sheet.max_row) == ("A2", len(lines) + 2)
    assert sheet.cell(sheet.max_row, 5).value == total / 100
    chinese = client.get(address(scene, "invoices-export"), {"lang": "zh-hans"})
    assert chinese["Content-Disposition"].endswith('-family-zh.csv"')


@db
@pytest.mark.parametrize("query", [{"by": "moon"}, {"until": "soon"}])
def test_a_split_that_there_isn_t_is_told_beside_its_field(scene, sign_in, query):
    client = sign_in(scene.csam)
    answer = client.get(address(scene), query)
    assert list(answer.context["form"].errors) == list(query)
    assert client.get(address(scene, "invoices-export"), query).status_code == 302


@db
@pytest.mark.parametrize("name", ["order-invoices", "invoices-export", "order-lines-xlsx"])
def test_money_of_the_whole_order_isn_t_for_a_location_or_a_stranger(scene, sign_in, name):
    for person in (scene.contact, scene.stranger):
        assert sign_in(person).get(address(scene, name)).status_code == 404


@db
def test_the_documents_tab_offers_every_file_and_each_opens(scene, sign_in):
    client = sign_in(scene.viewer)
    page = client.get(address(scene, "order-documents")).content.decode()
    links = [
        one.replace("&amp;", "&") for one in re.findall(r'href="(/orders/[^"]+lang=[^"]+)"', page)
    ]
    assert len(links) == len(set(links)) >= 14
    for link in links:
        if ".pdf" not in link:
            assert (link, client.get(link).status_code) == (link, 200)


@db
def test_a_location_contact_has_the_statements_alone(scene, sign_in):
    page = sign_in(scene.contact).get(address(scene, "order-documents"))
    assert page.status_code == 200
    assert page.context["papers"] == []


@db
def test_the_order_as_a_table_adds_up_to_its_prices(scene, sign_in):
    text = sign_in(scene.csam).get(address(scene, "order-lines-export")).content.decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))[1:]
    prices = sum(line.price_minor for line in scene.order.lines.all())
    whole = prices + scene.order.base_price_minor
    assert sum(round(float(line[7]) * 100) for line in lines) == whole


@db
def test_the_api_tells_the_same_bill(scene):
    travel(scene)
    client = APIClient()
    client.force_authenticate(scene.viewer)
    path = f"/api/v1/orders/{scene.order.pk}/invoices/"
    answer = client.get(path, {"by": "location"}).json()
    found = bill(scene, split="location")
    assert answer["total"]["amount"] == found.total.decimal_text
    assert {one["key"]: one["total"]["amount"] for one in answer["invoices"]} == {
        one.key: one.total.decimal_text for one in found.invoices
    }
    assert client.get(path, {"by": "moon"}).status_code == 400
    client.force_authenticate(scene.contact)
    assert client.get(path).status_code == 404
