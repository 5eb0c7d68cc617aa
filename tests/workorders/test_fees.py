"""Fees on lines, as they are typed and saved; totals that add up however they are split."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from tests.contract import usd
from tests.workorders import scenes
from workorders.actions import orders
from workorders.actions.orders import Scope, check_order
from workorders.models import SpendTier, WorkOrderLine
from workorders.queries.fees import order_totals
from workorders.rules.fees import Tier

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 12, 20, 9, tzinfo=UTC)
TODAY = date(2025, 12, 20)
ENROLLED = [Scope("subscription", "shop-prod")]
TABLE = [Tier(usd("10000000.00"), Decimal(2)), Tier(None, Decimal("1.5"))]


@pytest.fixture
def draft(at):
    at(NOW)
    return factories.draft()


@pytest.fixture
def client(draft, sign_in):
    return sign_in(draft.created_by)


def mission_critical(draft, code="mcsap", *, price_minor=0, **fields):
    """A line with a tier table: 2 % of ten million dollars, 1.5 % of the rest."""
    fields = {"tiers": TABLE, "assessed_spend_usd_minor": 1_200_000_000, **fields}
    return factories.line(
        draft, code, 1, unit="subscription", scopes=ENROLLED, price_minor=price_minor, **fields
    )


def codes(draft, severity="warning"):
    found = check_order(draft, TODAY)
    ignored = ("ask_representative",)
    return [one.code for one in found if one.severity == severity and one.code not in ignored]


# --- the fee of a line ----------------------------------------------------------------------


@pytest.mark.clause("2.4-AP4")
def test_a_line_without_a_price_takes_the_fee_by_its_tiers(draft):
    # 200,000 + 30,000 USD at 0.92 are 211,600 EUR, and the platform price.
    line = mission_critical(draft, platform_price_minor=5_000_000)
    assert line.price_minor == 26_160_000
    assert [(row.up_to_usd_minor, row.percent) for row in line.tiers.all()] == [
        (1_000_000_000, Decimal("2.0000")),
        (None, Decimal("1.5000")),
    ]
    assert codes(draft) == []


@pytest.mark.clause("2.4-AP4")
def test_another_price_than_the_fee_is_kept_and_noted(draft):
    mission_critical(draft, price_minor=20_000_000)
    (finding,) = [one for one in check_order(draft, TODAY) if one.code == "fee_differs"]
    assert finding.figures == {"fee": Money(21_160_000, "EUR"), "price": Money(20_000_000, "EUR")}


@pytest.mark.clause("2.4-AP4")
def test_tiers_stay_unless_they_are_given(draft):
    line = mission_critical(draft)
    orders.change_line(line=line, note="As agreed", by=draft.created_by, now=NOW)
    assert line.tiers.count() == 2
    orders.change_line(line=line, tiers=[], by=draft.created_by, now=NOW)
    assert line.tiers.count() == 0


@pytest.mark.clause("2.4-AP4")
@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"assessed_spend_usd_minor": None}, "spend_required", "assessed_spend_usd_minor"),
        ({"tiers": TABLE[:1]}, "spend_beyond_tiers", "tiers"),
    ],
)
def test_a_fee_that_cannot_be_told_stands_against_the_order(draft, fields, code, field):
    mission_critical(draft, price_minor=1, **fields)
    (finding,) = [one for one in check_order(draft, TODAY) if one.severity == "error"]
    assert (finding.code, finding.field) == (code, field)


@pytest.mark.clause("2.4-AP4")
@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"tiers": [*reversed(TABLE)]}, "tier_limit_required", "tiers"),
        ({"tiers": [Tier(usd("1.00"), Decimal(101))]}, "tier_percent_invalid", "tiers"),
        ({"tiers": [Tier(usd(f"{n}.00"), Decimal(1)) for n in range(1, 14)]}, "too_many_tiers", "tiers"),
        ({"platform_price_minor": -1}, "amount_invalid", "platform_price_minor"),
        ({"floor_price_minor": -1}, "amount_invalid", "floor_price_minor"),
        ({"assessed_spend_usd_minor": -1}, "amount_invalid", "assessed_spend_usd_minor"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_writes_nothing(draft, fields, code, field):
    with pytest.raises(Refused) as caught:
        mission_critical(draft, **fields)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not WorkOrderLine.objects.exists()
    assert not SpendTier.objects.exists()


@pytest.mark.clause("2.4-AP6")
def test_who_pays_the_floor_price_pays_it_at_least(draft):
    plus = {"floor_price_paid": True, "plus_noted": True}
    line = mission_critical(draft, "mcsap-plus", floor_price_minor=90_000_000, **plus)
    assert line.price_minor == 90_000_000
    orders.change_line(line=line, price_minor=89_999_999, by=draft.created_by, now=NOW)
    assert "below_floor_price" in codes(draft, "error")
    orders.change_line(line=line, floor_price_minor=None, by=draft.created_by, now=NOW)
    assert "floor_price_expected" in codes(draft)


@pytest.mark.clause("2.4-AP6")
def test_a_floor_price_that_is_not_elected_does_not_count(draft):
    line = mission_critical(draft, "mcsap-plus", floor_price_minor=90_000_000, plus_noted=True)
    assert line.price_minor == 21_160_000


# --- the panel ------------------------------------------------------------------------------


def typed(draft, **changes):
    """What the panel posts for an MCSAP line with two tiers."""
    host = draft.order_locations.get().location
    values = {
        "version": draft.version,
        "unit": "subscription",
        f"quantity_{host.pk}": "1",
        "price": "",
        "funding": "money",
        "flex_year": "",
        "scope_subscription": "shop-prod",
        "assessed_spend_usd_minor": "12,000,000",
        "tier_1_up_to": "10,000,000",
        "tier_1_percent": "2",
        "tier_2_percent": "1.5 %",
    }
    return {**values, **changes}


def check_url(draft, code="mcsap"):
    return reverse("workorders:line-check", args=[draft.pk]) + f"?offering={code}"


def add_url(draft, code="mcsap"):
    return reverse("workorders:line-add", args=[draft.pk]) + f"?offering={code}"


@pytest.mark.clause("2.4-AP4")
def test_the_fee_is_shown_with_its_proof_while_one_types(draft, client):
    answer = client.post(check_url(draft), typed(draft), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "Fee by the tier table: " in page
    assert "211,600" in page
    assert "Spend within the tier" in page
    assert not WorkOrderLine.objects.exists()


@pytest.mark.clause("2.4-AP4")
def test_the_line_is_saved_with_its_appendix_data(draft, client):
    client.post(add_url(draft), typed(draft, platform_price_minor="50,000"))
    line = WorkOrderLine.objects.get()
    assert (line.price_minor, line.platform_price_minor, line.assessed_spend_usd_minor) == (
        26_160_000,
        5_000_000,
        1_200_000_000,
    )
    page = client.get(reverse("workorders:line-edit", args=[draft.pk, line.pk])).content.decode()
    assert 'name="tier_1_up_to" value="10000000"' in page
    assert 'name="tier_2_percent" value="1.5"' in page


@pytest.mark.clause("2.4-AP4")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tier_1_percent": ""}, "Tier 1 has a limit and no percent."),
        ({"tier_1_percent": "101"}, "A percentage is at most 100."),
        ({"tier_1_percent": "2.00001"}, "At most four decimal places."),
        ({"tier_1_percent": "-1"}, "This can&#x27;t be negative."),
        ({"tier_1_percent": "much"}, "Write a number in figures"),
        ({"tier_1_up_to": "9" * 39}, "more than the portal can book"),
        ({"tier_1_up_to": "0"}, "more than zero"),
        ({"tier_2_up_to": "5"}, "rise above the one before it"),
        ({"tier_1_up_to": ""}, "only the last one goes without"),
        ({"assessed_spend_usd_minor": "x"}, "Write a number in figures"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_writes_nothing(draft, client, changes, words):
    answer = client.post(add_url(draft), typed(draft, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not WorkOrderLine.objects.exists()


def test_other_services_are_asked_for_no_tiers(draft, client):
    assert "tier_1_up_to" not in client.get(add_url(draft, "workshops")).content.decode()


# --- totals ---------------------------------------------------------------------------------


def amounts(parts):
    return {part.label: part.amount.minor for part in parts}


@pytest.mark.clause("2.6-M20")
def test_every_split_adds_up_to_the_total():
    scene = scenes.contoso(executed=False)
    factories.line(
        scene.order,
        price_minor=1_000_001,
        allocations=[(scene.host, 1), (scene.detroit, 1), (scene.pune, 1)],
    )
    totals = order_totals(scene.order)
    assert totals.total.minor == 50_000_000 + 17_480_000 + 1_000_001
    for _title, parts in totals.splits:
        assert sum(part.amount.minor for part in parts) == totals.total.minor


@pytest.mark.clause("2.6-M4", "2.6-M20")
def test_a_line_is_split_by_its_quantities_and_the_rest_stays_with_the_order():
    scene = scenes.contoso(executed=False)
    # 4,000,000 as 300:120:80, 7,680,000 as 4:2:2, 1,000,000 and 4,800,000 at the host.
    assert amounts(order_totals(scene.order).by_location) == {
        "All designated locations": 50_000_000,
        "Stuttgart": 2_400_000 + 3_840_000 + 1_000_000 + 4_800_000,
        "Detroit": 960_000 + 1_920_000,
        "Pune": 640_000 + 1_920_000,
    }


@pytest.mark.clause("2.2-F4")
def test_allowance_counts_in_its_year_and_money_by_days():
    order, _csam = scenes.draft_order(base_price_minor=73_000)  # 730 days: 365 each
    factories.line(order, funding="flex", flex_year=2, price_minor=500)
    factories.line(order, price_minor=100, starts_on=date(2026, 2, 1))
    assert amounts(order_totals(order).by_year) == {
        "Year 1": 36_500,
        "Year 2": 36_500 + 500 + 100,
    }


def test_families_are_named_and_the_base_package_is_one():
    order, _csam = scenes.draft_order(base_price_minor=73_000)
    factories.line(order, price_minor=100)
    factories.line(order, price_minor=11)
    assert amounts(order_totals(order).by_family) == {"Base package": 73_000, "Education": 111}


def test_own_dates_outside_the_term_lose_no_cent(draft):
    factories.line(draft, price_minor=100, starts_on=date(2030, 1, 1))
    totals = order_totals(draft)
    assert sum(part.amount.minor for part in totals.by_year) == totals.total.minor


@pytest.mark.clause("2.6-M9")
def test_a_tax_exception_is_noted_and_not_computed(sign_in, at):
    at(NOW)
    draft = factories.draft()
    place = factories.location(draft.customer, name="São Paulo", country="BR", tax_exception=True)
    orders.set_locations(order=draft, locations={place: None}, by=draft.created_by, now=NOW)
    totals = order_totals(draft)
    assert [part.label for part in totals.by_location if part.tax_noted] == ["São Paulo"]
    page = sign_in(draft.created_by).get(reverse("workorders:order-edit", args=[draft.pk]))
    assert "its taxes are noted, not computed" in page.content.decode()


def test_the_order_page_shows_the_total_to_all_but_location_contacts(sign_in, at):
    at(datetime(2025, 3, 1, 9, tzinfo=UTC))
    scene = scenes.contoso()
    url = reverse("workorders:order-detail", args=[scene.order.pk])
    seen = {
        name: 'id="totals"' in sign_in(person).get(url).content.decode()
        for name, person in scene.people.items()
    }
    assert seen == {
        "csam": True,
        "lead": True,
        "administrator": True,
        "viewer": True,
        "contact": False,
    }


# --- the API --------------------------------------------------------------------------------


def api_of(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.mark.clause("2.4-AP4")
def test_the_api_takes_tiers_and_tells_the_fee(draft):
    host = draft.order_locations.get().location
    body = {
        "order": draft.pk,
        "offering": "mcsap",
        "unit": "subscription",
        "funding": "money",
        "platform_price": "50000.00",
        "assessed_spend_usd_minor": 1_200_000_000,
        "tiers": [{"up_to_usd_minor": 1_000_000_000, "percent": "2"}, {"percent": "1.5"}],
        "allocations": [{"location": host.pk, "quantity": 1}],
        "scopes": [{"kind": "subscription", "identifier": "shop-prod"}],
    }
    answer = api_of(draft.created_by).post("/api/v1/lines/", body, format="json")
    told = answer.json()
    assert answer.status_code == 201
    assert told["price"] == {"amount": "261600.00", "currency": "EUR"}
    assert told["fee"]["result"] == told["price"]
    assert told["tiers"] == [
        {"up_to_usd_minor": 1_000_000_000, "percent": "2.0000"},
        {"up_to_usd_minor": None, "percent": "1.5000"},
    ]


@pytest.mark.parametrize(
    ("tiers", "status"),
    [
        ([{"percent": "101"}], 400),
        ([{"percent": "x"}], 400),
        ([{"up_to_usd_minor": 0, "percent": "1"}], 400),
        ([{"percent": "1"}, {"percent": "2"}], 422),
        ("none", 400),
    ],
)
def test_the_api_refuses_bad_tiers(draft, tiers, status):
    body = {
        "order": draft.pk,
        "offering": "mcsap",
        "unit": "subscription",
        "funding": "money",
        "tiers": tiers,
    }
    answer = api_of(draft.created_by).post("/api/v1/lines/", body, format="json")
    assert answer.status_code == status
    assert not WorkOrderLine.objects.exists()


def test_the_api_tells_totals_to_those_who_may_see_them(at):
    at(datetime(2025, 3, 1, 9, tzinfo=UTC))
    scene = scenes.contoso()
    path = f"/api/v1/orders/{scene.order.pk}/totals/"
    told = api_of(scene.csam).get(path).json()
    assert told["total"] == {"amount": "674800.00", "currency": "EUR"}
    assert {row["label"] for row in told["by_year"]} == {"Year 1", "Year 2"}
    assert api_of(scene.contact).get(path).status_code == 404
    assert api_of(scene.stranger).get(path).status_code == 404
