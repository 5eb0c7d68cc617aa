"""Agreements in the API: the same actions, rights and refusals as the pages."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests import factories
from workorders.actions import orders
from workorders.models import Account, Deadline, Entitlement, Redemption, Transfer, WorkOrder

pytestmark = pytest.mark.django_db
IN_FEBRUARY = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def host():
    return factories.host()


@pytest.fixture
def manager(host):
    return factories.csam(host.customer)


@pytest.fixture
def api(manager, at):
    at(IN_FEBRUARY)
    return client_of(manager)


def client_of(person):
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def order(host, manager):
    order = factories.draft(host.customer, by=manager)
    factories.line(order)
    return factories.executed(order)


def post(api, path, data=None, key="", status=200):
    headers = {"Idempotency-Key": key} if key else {}
    answer = api.post(f"/api/v1/{path}", data or {}, format="json", headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def read(api, path, expected=200, **query):
    answer = api.get(f"/api/v1/{path}", query)
    assert answer.status_code == expected, answer.content
    return answer.json()


def test_an_order_is_drafted_filled_checked_and_executed(api, host, manager, at):
    factories.published_edition(factories.small_edition_data(*factories.SOLD))
    draft = post(
        api,
        "orders/",
        {
            "customer": host.customer.pk,
            "starts_on": "2026-03-01",
            "ends_on": "2027-02-28",
            "base_price": "500000.00",
            "units_per_usd": "0.92",
        },
        status=201,
    )
    assert (draft["state"], draft["version"], draft["base_price"]) == (
        "draft",
        1,
        {"amount": "500000.00", "currency": "EUR"},
    )
    path = f"orders/{draft['id']}/"
    years = api.put(
        f"/api/v1/{path}flex-years/",
        {"flex_years": [{"number": 1, "allotment": "20000.00"}], "version": 1},
        format="json",
    ).json()
    assert years["flex_years"] == [
        {"number": 1, "allotment": {"amount": "20000.00", "currency": "EUR"}}
    ]
    line = post(
        api,
        "lines/",
        {
            "order": draft["id"],
            "offering": "workshops",
            "unit": "each",
            "funding": "flex",
            "flex_year": 1,
            "price": "30000.00",
            "allocations": [{"location": host.pk, "quantity": 5}],
        },
        status=201,
    )
    refused = post(api, f"{path}execute/", status=422)
    assert (refused["code"], refused["figures"]["reasons"]) == (
        "order_refused",
        ["over_allotment"],
    )
    found = read(api, f"{path}findings/")
    assert [(one["code"], one["line"]) for one in found if one["severity"] == "error"] == [
        ("over_allotment", line["id"])
    ]
    changed = api.patch(f"/api/v1/lines/{line['id']}/", {"price": "15000.00"}, format="json")
    assert changed.json()["price"] == {"amount": "15000.00", "currency": "EUR"}
    preview = read(api, f"{path}preview/")
    assert (preview["forfeited"], [g["quantity"] for g in preview["grants"]]) == (
        {"amount": "5000.00", "currency": "EUR"},
        [5],
    )
    executed = post(api, f"{path}execute/", key="once")
    assert (executed["state"], executed["version"]) == ("executed", 5)
    assert post(api, f"{path}execute/", key="once") == executed
    assert post(api, f"{path}execute/", status=409)["code"] == "already_executed"


def test_a_stale_edit_tells_what_changed_and_by_whom(api, host, manager):
    order = factories.draft(host.customer, by=manager)
    path = f"/api/v1/orders/{order.pk}/"
    assert api.patch(path, {"title": "One", "version": 1}, format="json").status_code == 200
    answer = api.patch(path, {"title": "Two", "version": 1}, format="json")
    assert answer.status_code == 409
    figures = answer.json()["figures"]
    assert (figures["changed_by"], figures["changes"], figures["current"]) == (
        manager.name,
        ["changed: title"],
        2,
    )
    order.refresh_from_db()
    assert order.title == "One"


def test_strangers_find_nothing(order, at):
    at(IN_FEBRUARY)
    stranger = client_of(factories.csam(factories.host().customer))
    entitlement = Entitlement.objects.get(order=order)
    for path in (
        f"orders/{order.pk}/",
        f"orders/{order.pk}/statement/",
        f"orders/{order.pk}/credits/",
        f"lines/{order.lines.get().pk}/",
        f"entitlements/{entitlement.pk}/",
        f"ledger/accounts/{Account.objects.first().pk}/",
        f"ledger/transfers/{Transfer.objects.first().pk}/",
        f"deadlines/{Deadline.objects.first().pk}/",
    ):
        assert read(stranger, path, 404)["code"] == "not_found"
    for path in ("execute", "terminate"):
        post(stranger, f"orders/{order.pk}/{path}/", status=404)
    post(stranger, f"deadlines/{Deadline.objects.first().pk}/meet/", status=404)
    post(stranger, "lines/", {"order": order.pk}, status=404)
    assert all(
        read(stranger, path)["results"] == []
        for path in ("orders/", "lines/", "entitlements/", "ledger/accounts/", "deadlines/")
    )


def test_without_a_token_nothing_is_told(order):
    assert APIClient().get("/api/v1/orders/").status_code == 401


def test_a_customer_sees_executed_orders_and_changes_none(order, host, at):
    at(IN_FEBRUARY)
    administrator = client_of(factories.customer_administrator(host.customer))
    drafted = factories.draft(host.customer)
    assert [one["id"] for one in read(administrator, "orders/")["results"]] == [order.pk]
    read(administrator, f"orders/{drafted.pk}/", 404)
    answer = administrator.patch(f"/api/v1/orders/{order.pk}/", {"title": "x"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "not_allowed")


def test_lists_filter_and_page(api, order):
    rows = read(api, "ledger/transfers/", order=order.pk, kind="grant")["results"]
    assert [(row["amount"], row["from_bucket"], row["to_bucket"]) for row in rows] == [
        (4, "issued", "available")
    ]
    assert read(api, "orders/", state="in_force")["results"][0]["id"] == order.pk
    assert read(api, "orders/", state="draft")["results"] == []
    assert read(api, "orders/", in_force_on="2026-12-31")["results"] != []
    assert read(api, "orders/", in_force_on="2027-01-01")["results"] == []
    assert read(api, "entitlements/", left="true")["results"][0]["balances"]["available"] == 4
    assert read(api, "entitlements/", left="false")["results"] == []
    page = read(api, "deadlines/", page_size=1)
    assert (page["results"][0]["kind"], page["results"][0]["status"]) == ("request_cutoff", "open")
    assert read(api, "deadlines/", status="passed")["results"] == []
    assert "status" in api.get("/api/v1/deadlines/?status=sometime").json()["fields"]


def test_a_deadline_is_waived_with_a_reason_and_snoozed(api, order):
    deadline = Deadline.objects.get(order=order, kind="request_cutoff")
    path = f"deadlines/{deadline.pk}"
    later = post(api, f"{path}/snooze/", {"until": "2026-03-01T09:00:00Z", "reason": "Holidays"})
    assert later["snoozed_reason"] == "Holidays"
    post(api, f"{path}/waive/", {"reason": " "}, status=400)
    waived = post(api, f"{path}/waive/", {"reason": "Agreed by mail"}, key="w")
    assert (waived["status"], waived["waived_reason"]) == ("waived", "Agreed by mail")
    assert post(api, f"{path}/meet/", status=422)["code"] == "deadline_waived"


def test_what_a_draft_cant_say_names_its_field(api, host, manager):
    draft = factories.draft(host.customer, by=manager)
    path = f"/api/v1/orders/{draft.pk}/"
    year, place = {"number": 1, "allotment": "100.00"}, {"location": host.pk}
    for where, body, field in (
        ("", {"currency": "XXX"}, "currency"),
        ("flex-years/", {"flex_years": [year, {**year, "allotment": "200.00"}]}, "flex_years"),
        ("locations/", {"locations": [place, {**place, "units_per_usd": "1.1"}]}, "locations"),
    ):
        answer = (api.put if where else api.patch)(f"{path}{where}", body, format="json")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    draft.refresh_from_db()
    assert (draft.version, draft.currency) == (1, "EUR")


def test_credits_are_quoted_redeemed_once_and_moved(api, host, manager):
    paris = factories.location(host.customer, name="Paris", country="FR")
    order = factories.draft(host.customer, by=manager, multi_country=True)
    orders.set_locations(
        order=order, locations={host: None, paris: None}, by=manager, now=factories.SIGNED
    )
    factories.line(order, "proactive-credits", 30, price_minor=3_000_000, at=host)
    factories.executed(order)
    factories.credit_value("DE", 100_000)
    factories.credit_value("FR", 80_000)
    path = f"orders/{order.pk}/credits/"
    body = {
        "location": host.pk,
        "lines": [{"offering": "workshops", "value": "12400.00", "currency": "EUR"}],
    }
    first = post(api, f"{path}redeem/", body, key="r", status=201)
    assert post(api, f"{path}redeem/", body, key="r", status=201) == first
    assert (first[0]["credits"], Redemption.objects.count()) == (12, 1)
    other = post(api, f"{path}redeem/", {**body, "location": paris.pk}, key="r", status=422)
    assert other["code"] == "idempotency_key_reused"
    short = post(api, f"{path}redeem/", {**body, "location": paris.pk}, status=409)
    assert (short["code"], short["figures"]["left"]) == ("insufficient_credits", 0)
    tomorrow = {"approved_on": "2026-02-03"}
    early = post(api, f"{path}redeem/", {**body, **tomorrow}, status=422)
    assert (early["code"], early["field"]) == ("in_the_future", "approved_on")
    question = {"source": host.pk, "target": paris.pk, "credits": "9"}
    assert post(api, f"{path}transfer/", {**question, **tomorrow}, status=422) == early
    quote = read(api, f"{path}quote/", **question)
    moved = post(api, f"{path}transfer/", question, status=201)
    assert (quote["debited"], quote["received"]) == (moved["debited"], moved["received"]) == (9, 11)
    half = post(api, f"{path}transfer/", {**question, "credits": "2.5"}, status=422)
    assert half["code"] == "whole_credits_only"
    assert [(one["location"]["name"], one["usable"]) for one in read(api, path)] == [
        (host.name, 9),
        ("Paris", 11),
    ]


def test_a_statement_of_a_past_day_has_what_stood_there(api, order):
    made = read(api, f"orders/{order.pk}/statement/", as_of="2025-12-31")
    assert [(s["offering"], s["closing"]) for s in made["sections"]] == [
        ("workshops", {"issued": 4, "available": 4})
    ]
    assert read(api, f"orders/{order.pk}/statement/", as_of="2025-12-01")["sections"] == []
    assert "as_of" in api.get(f"/api/v1/orders/{order.pk}/statement/?as_of=no").json()["fields"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("orders/", {"starts_on": "31.12.2026"}, "starts_on"),
        ("orders/", {"customer": 10**30}, "customer"),
        ("orders/", {"base_price": 5}, "base_price"),
        ("orders/", {"title": "x" * 161}, "title"),
    ],
)
def test_bad_input_names_its_field(api, path, body, field):
    answer = post(api, path, body, status=400)
    assert answer["code"] == "invalid_input"
    assert field in answer["fields"]
    assert WorkOrder.objects.count() == 0


def test_lists_cost_the_same_with_one_and_with_thirty_rows(api, host, manager):
    order = factories.draft(host.customer, by=manager)
    factories.line(order)
    factories.executed(order)
    paths = ("orders/", "lines/", "entitlements/", "ledger/transfers/", "deadlines/")

    def measure():
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as seen:
                read(api, path)
            found[path] = len(seen)
        return found

    counts = measure()
    more = factories.draft(host.customer, by=manager)
    for _n in range(29):
        factories.line(more, price_minor=1)
        factories.draft(host.customer, by=manager)
    factories.executed(more)
    assert measure() == counts
    assert max(counts.values()) <= 8


def test_locations_are_listed_and_lines_and_drafts_removed(api, host, manager):
    draft = factories.draft(host.customer, by=manager)
    paris = factories.location(host.customer, name="Paris")
    answer = api.put(
        f"/api/v1/orders/{draft.pk}/locations/",
        {"locations": [{"location": paris.pk, "units_per_usd": "0.92"}], "version": 1},
        format="json",
    )
    assert answer.json()["locations"] == [
        {
            "location": {"id": paris.pk, "name": "Paris", "role": "downstream", "country": "DE"},
            "units_per_usd": "0.92000000",
        }
    ]
    line = factories.line(draft, at=paris)
    stale = api.delete(f"/api/v1/lines/{line.pk}/?version=1")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_edit")
    assert api.delete(f"/api/v1/lines/{line.pk}/?version=3").status_code == 204
    assert api.delete(f"/api/v1/orders/{draft.pk}/?version=4").status_code == 204
    read(api, f"orders/{draft.pk}/", 404)


def test_locations_of_other_customers_are_no_input(api, host, manager):
    draft = factories.draft(host.customer, by=manager)
    stranger = factories.host()
    body = {"locations": [{"location": stranger.pk}]}
    answer = api.put(f"/api/v1/orders/{draft.pk}/locations/", body, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["locations"])
    line = {
        "order": draft.pk,
        "offering": "workshops",
        "unit": "each",
        "funding": "money",
        "allocations": [{"location": stranger.pk, "quantity": 1}],
    }
    assert list(post(api, "lines/", line, status=400)["fields"]) == ["allocations"]
    assert list(post(api, "lines/", {**line, "offering": "x", "allocations": []}, status=400)[
        "fields"
    ]) == ["offering"]  # fmt: skip


def test_an_order_ends_early(api, order):
    path = f"orders/{order.pk}/terminate/"
    past = post(api, path, {"on": "2026-02-01", "reason": "Merged"}, status=422)
    assert past["code"] == "in_the_past"
    ended = post(api, path, {"on": "2026-02-28", "reason": "Merged"}, key="t")
    assert (ended["state"], ended["terminated_on"]) == ("in_force", "2026-02-28")


def test_intake_and_overrides_are_recorded_on_the_line(api, host, manager):
    draft = factories.draft(host.customer, by=manager)
    scopes = [{"kind": "subscription", "identifier": "6f0c"}]
    line = post(
        api,
        "lines/",
        {
            "order": draft.pk,
            "offering": "mcsap",
            "unit": "subscription",
            "funding": "money",
            "price": "1000.00",
            "scopes": scopes,
            "allocations": [{"location": host.pk, "quantity": 1}],
        },
        key="l",
        status=201,
    )
    assert line["scopes"] == [{**scopes[0], "affiliate": True}]
    path = f"lines/{line['id']}/"
    made = post(api, f"{path}overrides/", {"code": "host_only", "reason": "Asked"}, status=201)
    assert made == {"code": "host_only", "reason": "Asked"}
    refused = post(api, f"{path}overrides/", {"code": "over_cap", "reason": "x"}, status=422)
    assert (refused["code"], refused["figures"]) == (
        "not_overridable",
        {"code_refused": "over_cap"},
    )
    post(api, f"orders/{draft.pk}/execute/")
    done = post(api, f"{path}intake/", {"at": "2026-01-20T09:00:00Z"}, key="i")
    assert done["intake_completed_at"] == "2026-01-20T09:00:00Z"
    assert read(api, "deadlines/", kind="mcsap_intake", status="met")["results"] != []


def test_lines_of_orders_that_dont_exist_arent_found(api, host):
    for number in (0, -1, 10**30, "1", True, None):
        post(api, "lines/", {"order": number}, status=404)


@pytest.mark.parametrize("price", ["12.345", "1e3x", "NaN", "9" * 30, "-1"])
def test_amounts_that_are_none_write_nothing(api, host, manager, price):
    draft = factories.draft(host.customer, by=manager)
    answer = api.patch(f"/api/v1/orders/{draft.pk}/", {"base_price": price}, format="json")
    assert answer.status_code in {400, 422}
    draft.refresh_from_db()
    assert draft.version == 1
