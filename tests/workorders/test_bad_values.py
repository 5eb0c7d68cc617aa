"""Bad values in every form and address that moves value: told, never an error, nothing written."""

import json

import pytest
from django.urls import reverse

from tests import factories
from tests.workorders import scenes
from workorders.models import Account, Charge, Entitlement, Exchange, Redemption, Transfer

pytestmark = pytest.mark.django_db
NUMBERS = (
    "-1",
    "0",
    "-0.01",
    "1e3",
    "9" * 30,
    "NaN",
    "Infinity",
    "1,5,0",
    "12\u202e34",
    "😀",
    "٣٫٥x",
)
DAYS = ("0001-01-01", "9999-12-31", "2020-02-30", "31.12.2026", "😀", "1999-01-01")
KEYS = ("0", "-1", "9" * 30, "x", "😀")


@pytest.fixture
def scene(at, now):
    at(now)
    return scenes.contoso()


def workshops(scene):
    return factories.offering("workshops", scene.order.edition)


def forms_of(scene) -> dict[str, tuple[str, dict, dict[str, tuple[str, ...]]]]:
    """Each form that moves value: its address, what is right, and what is wrong by field."""
    order = scene.order
    held = Entitlement.objects.get(order=order, offering__code="workshops", location=scene.host)
    source = Account.objects.get(entitlement=held, bucket="available")
    return {
        "move": (
            reverse("workorders:credits-move", args=[order.pk]),
            {"source": scene.host.pk, "target": scene.detroit.pk, "credits": "5", "received": "5"},
            {"credits": NUMBERS, "source": KEYS, "target": KEYS},
        ),
        "redeem": (
            reverse("workorders:credits-redeem", args=[order.pk]),
            {
                "location": scene.host.pk,
                "offering_0": workshops(scene).pk,
                "value_0": "2,500",
                "deducted": "31",
            },
            {"value_0": NUMBERS, "offering_0": KEYS, "location": KEYS},
        ),
        "exchange": (
            reverse("workorders:exchange-ask", args=[order.pk]),
            {
                "source": source.pk,
                "quantity": "2",
                "offering": factories.offering(scenes.DESIGNATED, order.edition).pk,
                "wanted_quantity": "1",
                "location": scene.host.pk,
                "price": "15,000",
                "note": "",
            },
            {
                "quantity": NUMBERS,
                "wanted_quantity": NUMBERS,
                "price": NUMBERS,
                "source": KEYS,
                "offering": KEYS,
                "location": KEYS,
                "note": ("x" * 5_000,),
            },
        ),
        "charge": (
            reverse("workorders:charge-record", args=[order.pk]),
            {
                "kind": "other",
                "location": scene.host.pk,
                "amount": "120.50",
                "on": "2026-11-20",
                "agreed_on": "2026-11-01",
                "text": "Travel",
            },
            {"amount": NUMBERS, "on": DAYS, "location": KEYS, "text": ("x" * 201, "")},
        ),
    }


def drafts_of(draft) -> dict[str, tuple[str, dict, dict[str, tuple[str, ...]]]]:
    """The forms of the builder, as `forms_of` has those of an executed order."""
    rows = {row.location.name: row.location for row in draft.order_locations.all()}
    host, pune = rows["Stuttgart"], rows["Pune"]
    term = {
        "number": draft.number,
        "title": "Ada 😀 \u05e9\u05dc\u05d5\u05dd",
        "starts_on": draft.starts_on.isoformat(),
        "ends_on": draft.ends_on.isoformat(),
        "currency": "EUR",
        "units_per_usd": "0.92",
        "base_price_minor": "500,000",
        "multi_country": "on",
    }
    line = {
        "unit": "each",
        f"quantity_{host.pk}": "4",
        "price": "38,400",
        "funding": "money",
        "flex_year": "",
    }
    return {
        "edit-term": (
            "",
            term,
            {
                "base_price_minor": (*NUMBERS[:1], *NUMBERS[2:]),
                "units_per_usd": NUMBERS,
                "starts_on": DAYS[:5],
                "ends_on": DAYS,
                "currency": ("XXX", "", "😀"),
                "title": ("x" * 161,),
                "number": ("x" * 31, ""),
            },
        ),
        "edit-places": ("", {f"listed_{pune.pk}": "on"}, {f"rate_{pune.pk}": NUMBERS}),
        "edit-allowance": ("", {}, {"year_1": (*NUMBERS[:1], *NUMBERS[2:])}),
        "line-add": (
            "?offering=workshops",
            line,
            {
                f"quantity_{host.pk}": (*NUMBERS[:1], *NUMBERS[2:]),
                "price": (*NUMBERS[:1], *NUMBERS[2:]),
                "unit": ("x", ""),
                "funding": ("x", ""),
                "flex_year": ("x", "-1", "9" * 30),
                "starts_on": (*DAYS[2:5],),
                "note": ("x" * 5_000,),
            },
        ),
    }


@pytest.mark.parametrize("name", ["edit-term", "edit-places", "edit-allowance", "line-add"])
def test_a_form_of_the_builder_tells_each_bad_value_and_keeps_the_draft(at, now, sign_in, name):
    at(now)
    draft = scenes.draft_order()[0]
    client = sign_in(draft.created_by)
    query, right, wrong = drafts_of(draft)[name]
    url = reverse(f"workorders:{name}", args=[draft.pk]) + query
    silent = []
    for field, values in wrong.items():
        for bad in values:
            answer = client.post(url, {**right, field: bad, "version": draft.version})
            seen = draft.version
            draft.refresh_from_db()
            if answer.status_code != 422 or draft.version != seen:
                silent.append((field, bad[:20], answer.status_code, seen, draft.version))
    assert silent == []
    right_answer = client.post(url, {**right, "version": draft.version})
    assert right_answer.status_code == 302


@pytest.mark.clause("2.5-UE24")
def test_hours_are_given_in_figures_or_not_at_all(at, sign_in):
    at(factories.NOW)
    order = factories.season(multi_country=True)
    paris = factories.location(order.customer, name="Paris", country="FR")
    held = factories.holding(
        order,
        offering=factories.offering("unified-enhanced-response", order.edition),
        unit="minute",
        quantity=6000,
        usable_from=order.starts_on,
    )
    client = sign_in(order.created_by)
    page = reverse("workorders:hours-allocate", args=[held.pk])
    api = reverse("api:entitlement-allocate", args=[held.pk])
    before = Transfer.objects.count()
    for bad in NUMBERS:
        answer = client.post(page, {"target": paris.pk, "minutes": bad, "key": bad[:9]})
        assert answer.status_code == 422, bad
        body = json.dumps({"target": paris.pk, "minutes": bad})
        answer = client.post(api, body, content_type="application/json")
        assert answer.status_code in (400, 422), bad
    unlisted = client.post(page, {"target": paris.pk, "minutes": "5", "key": "k"})
    assert unlisted.status_code == 422
    answer = client.post(
        api, json.dumps({"target": paris.pk, "minutes": 60}), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "location_not_listed")
    assert Transfer.objects.count() == before


@pytest.mark.clause("2.6-M8", "2.6-M15")
def test_an_unlisted_location_is_named_and_takes_nothing(scene, sign_in):
    oslo = factories.location(scene.order.customer, name="Oslo", country="NO")
    factories.credit_value("NO", 10_000)
    client = sign_in(scene.csam)
    before = written()
    body = {"source": scene.host.pk, "target": oslo.pk, "credits": "5"}
    answer = client.post(
        f"/api/v1/orders/{scene.order.pk}/credits/transfer/", json.dumps(body), "application/json"
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (
        422,
        "location_not_listed",
        "target",
    )
    assert "It is Oslo." in problem["detail"]
    assert problem["figures"] == {"location": "Oslo"}
    page = client.post(reverse("workorders:credits-move", args=[scene.order.pk]), body)
    assert page.status_code == 422
    assert written() == before


def written():
    """How many rows each act would add to."""
    return [one.objects.count() for one in (Transfer, Redemption, Exchange, Charge)]


@pytest.mark.parametrize("name", ["move", "redeem", "exchange", "charge"])
def test_a_form_tells_each_bad_value_and_writes_nothing(scene, sign_in, name):
    client = sign_in(scene.csam)
    url, right, wrong = forms_of(scene)[name]
    before = written()
    silent = []
    for field, values in wrong.items():
        for number, bad in enumerate(values):
            data = {**right, field: bad, "key": f"{field}-{number}"}
            answer = client.post(url, data)
            told = answer.status_code in (400, 404, 409, 422)
            if not told or written() != before:
                silent.append((field, bad[:20], answer.status_code, written()))
                before = written()
    assert silent == []


def addresses_of(scene) -> dict[str, tuple[str, dict, dict[str, tuple]]]:
    """Each address of the API that moves value, as `forms_of` has the forms."""
    order = scene.order
    numbers = (-1, 0, 1.5, 10**30, "-1", "NaN", "x", None, [], {}, True, "😀")
    root = f"/api/v1/orders/{order.pk}"
    line = {"offering": "workshops", "value": "2500.00", "currency": "EUR"}
    lines = [
        [{**line, name: bad}]
        for name, values in {
            "value": (*numbers, "1e999"),
            "currency": ("USD", "XXX", "eur ", "", 5, None),
            "offering": ("nothing", "", "😀", 5, None, "proactive-credits"),
        }.items()
        for bad in values
    ]
    return {
        "move": (
            f"{root}/credits/transfer/",
            {"source": scene.host.pk, "target": scene.detroit.pk, "credits": "5"},
            {"credits": numbers, "source": (0, -1, 10**30, "x"), "approved_on": DAYS},
        ),
        "redeem": (
            f"{root}/credits/redeem/",
            {"location": scene.host.pk, "lines": [line]},
            {
                "lines": (*lines, [], None, "x"),
                "location": (0, -1, 10**30, "x"),
                "approved_on": DAYS,
            },
        ),
        "charge": (
            f"{root}/charges/",
            {
                "kind": "other",
                "location": scene.host.pk,
                "amount": "120.50",
                "currency": "EUR",
                "on": "2026-11-20",
                "text": "Travel",
            },
            {
                "amount": numbers,
                "currency": ("USD", "XXX", "", 5),
                "on": DAYS,
                "text": ("x" * 201,),
            },
        ),
    }


@pytest.mark.parametrize("name", ["move", "redeem", "charge"])
def test_an_address_tells_each_bad_value_and_writes_nothing(scene, sign_in, name):
    client = sign_in(scene.csam)
    url, right, wrong = addresses_of(scene)[name]
    before = written()
    silent = []
    for field, values in wrong.items():
        for bad in values:
            body = json.dumps({**right, field: bad})
            answer = client.post(url, body, content_type="application/json")
            problem = answer.json()
            told = answer.status_code in (400, 404, 409, 422) and problem["code"]
            if not told or written() != before:
                silent.append((field, str(bad)[:60], answer.status_code, problem))
                before = written()
    assert silent == []
