"""The builder: sections, lines, live checks, stale edits, execution, nothing lost."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Location
from tests import factories
from tests.workorders import scenes
from workorders.actions.orders import change_order, execute_order, remove_line
from workorders.models import (
    FlexYear,
    LineAllocation,
    OrderLocation,
    Override,
    WorkOrder,
    WorkOrderLine,
)
from workorders.views import builder

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(at, now):
    at(now)
    return scenes.draft_order()[0]


@pytest.fixture
def client(draft, sign_in):
    return sign_in(draft.created_by)


def url_of(name, *args):
    return reverse(f"workorders:{name}", args=args)


def term_of(order, **changes):
    """What the term form posts when nothing is changed."""
    values = {
        "version": order.version,
        "number": order.number,
        "title": order.title,
        "starts_on": order.starts_on.isoformat(),
        "ends_on": order.ends_on.isoformat(),
        "currency": order.currency,
        "units_per_usd": "0.92",
        "base_price_minor": "500,000",
        "multi_country": "on",
        "note": "",
    }
    return {**values, **changes}


def line_of(order, **changes):
    """What the line form posts for four workshops at the host."""
    host = order.order_locations.get(location__role="host").location
    values = {
        "version": order.version,
        "unit": "each",
        f"quantity_{host.pk}": "4",
        "price": "38,400",
        "funding": "money",
        "flex_year": "",
    }
    return {**values, **changes}


def squeezed(markup):
    """Markup without what spaces and one-time tokens add."""
    return re.sub(
        r"\s+", " ", re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", markup)
    ).strip()


# --- drafting -------------------------------------------------------------------------------


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


# --- sections -------------------------------------------------------------------------------


def test_a_section_is_saved_and_the_page_reloaded_says_so(draft, client):
    answer = client.post(url_of("edit-term", draft.pk), term_of(draft, title="Renewal"))
    assert answer["Location"] == f"/orders/{draft.pk}/edit/#term"
    draft.refresh_from_db()
    assert draft.title == "Renewal"


def test_a_section_saved_by_htmx_is_the_section_of_the_reloaded_page(draft, client):
    data = term_of(draft, title="Renewal")
    fragment = client.post(url_of("edit-term", draft.pk), data, headers=HTMX).content.decode()
    page = squeezed(client.get(url_of("order-edit", draft.pk)).content.decode())
    section = squeezed(fragment[: fragment.index("</section>") + 10])
    assert section in page
    assert section.startswith('<section class="p-card" id="term"')
    assert 'id="version-places" value="' in fragment
    assert 'id="aside" hx-swap-oob="true"' in fragment


def test_two_people_editing_the_second_is_told_and_loses_nothing(draft, client):
    colleague = factories.csam(draft.customer, name="Jonas Weber")
    change_order(order=draft, by=colleague, now=factories.NOW, title="His title")
    seen = term_of(draft, title="My title")
    answer = client.post(url_of("edit-term", draft.pk), seen)
    page = answer.content.decode()
    assert (answer.status_code, answer.context["refusal"].code) == (409, "stale_edit")
    assert 'value="My title"' in page
    assert "Jonas Weber" in page
    assert "Changed: title" in page
    assert answer.context["term_form"].differences == [("Title", "His title")]
    draft.refresh_from_db()
    assert draft.title == "His title"
    again = client.post(
        url_of("edit-term", draft.pk),
        {**seen, "version": answer.context["term_form"]["version"].value()},
    )
    draft.refresh_from_db()
    assert (again.status_code, draft.title) == (302, "My title")


def test_the_second_is_told_by_htmx_as_well(draft, client):
    change_order(order=draft, by=draft.created_by, now=factories.NOW, title="Other")
    data = term_of(draft, title="Mine")
    answer = client.post(url_of("edit-term", draft.pk), data, headers=HTMX)
    assert answer.status_code == 409
    assert squeezed(answer.content.decode()).startswith('<section class="p-card" id="term"')
    assert 'value="Mine"' in answer.content.decode()


def test_locations_are_listed_with_their_rates(draft, client):
    rows = {row.location.name: row.location for row in draft.order_locations.all()}
    data = {
        "version": draft.version,
        f"listed_{rows['Stuttgart'].pk}": "on",
        f"listed_{rows['Pune'].pk}": "on",
        f"rate_{rows['Pune'].pk}": "84.25",
    }
    client.post(url_of("edit-places", draft.pk), data)
    found = OrderLocation.objects.filter(order=draft).values_list("location__name", "units_per_usd")
    assert {name: rate and str(rate) for name, rate in found} == {
        "Stuttgart": None,
        "Pune": "84.25000000",
    }


def test_a_location_in_use_stays_listed(draft, client):
    detroit = Location.objects.get(customer=draft.customer, name="Detroit")
    factories.line(draft, at=detroit)
    draft.refresh_from_db()
    answer = client.post(url_of("edit-places", draft.pk), {"version": draft.version})
    assert answer.context["refusal"].code == "location_in_use"
    assert OrderLocation.objects.filter(order=draft).count() == 3


def test_the_allowance_is_allotted_by_contract_year(draft, client):
    data = {"version": draft.version, "year_1": "100,000.50", "year_2": ""}
    client.post(url_of("edit-allowance", draft.pk), data)
    assert list(FlexYear.objects.values_list("number", "allotment_minor")) == [(1, 10_000_050)]


@pytest.mark.parametrize("amount", ["-1", "1,00", "one", "99999999999999999999", "1.001"])
def test_an_amount_that_isn_t_one_stays_in_its_field(draft, client, amount):
    data = {"version": draft.version, "year_1": amount, "year_2": "5"}
    answer = client.post(url_of("edit-allowance", draft.pk), data)
    assert list(answer.context["allowance_form"].errors) == ["year_1"]
    assert f'value="{amount}"' in answer.content.decode()
    assert FlexYear.objects.get(number=2).allotment_minor == 26_000_000


# --- lines ----------------------------------------------------------------------------------


def test_services_are_found_in_both_languages(draft, client):
    for question in ("workshop", "研讨会"):
        found = client.get(url_of("line-pick", draft.pk), {"q": question}).context["picker"][
            "found"
        ]
        assert [offering.code for offering in found] == ["workshops"]
    nothing = client.get(url_of("line-pick", draft.pk), {"q": "advisory"}).context["picker"][
        "found"
    ]
    assert list(nothing) == []


def test_a_line_is_added_with_its_quantities(draft, client):
    answer = client.post(url_of("line-add", draft.pk) + "?offering=workshops", line_of(draft))
    line = WorkOrderLine.objects.get(order=draft)
    assert answer["Location"] == f"/orders/{draft.pk}/edit/#lines"
    assert (line.price_minor, line.funding, line.unit) == (3_840_000, "money", "each")
    assert [(a.location.name, a.quantity) for a in line.allocations.all()] == [("Stuttgart", 4)]


def test_hours_are_typed_as_hours_and_kept_as_minutes(draft, client):
    host = draft.order_locations.get(location__role="host").location
    data = line_of(
        draft, unit="minute", **{f"quantity_{host.pk}": "7:20", "scope_product": "SQL\nSQL\n"}
    )
    client.post(url_of("line-add", draft.pk) + f"?offering={scenes.DESIGNATED}", data)
    line = WorkOrderLine.objects.get(order=draft)
    assert LineAllocation.objects.get(line=line).quantity == 440
    assert [scope.identifier for scope in line.scopes.all()] == ["SQL"]
    page = client.get(url_of("line-edit", draft.pk, line.pk)).content.decode()
    assert 'value="7:20"' in page


def test_a_line_is_changed_and_removed(draft, client):
    line = factories.line(draft)
    draft.refresh_from_db()
    client.post(url_of("line-edit", draft.pk, line.pk), line_of(draft, price="1"))
    line.refresh_from_db()
    assert line.price_minor == 100
    draft.refresh_from_db()
    client.post(url_of("line-remove", draft.pk, line.pk), {"version": draft.version})
    assert not WorkOrderLine.objects.exists()


def test_a_line_added_twice_by_a_double_click_is_there_once(draft, client):
    data = line_of(draft)
    url = url_of("line-add", draft.pk) + "?offering=workshops"
    client.post(url, data)
    second = client.post(url, data)
    assert (second.status_code, WorkOrderLine.objects.count()) == (409, 1)
    assert second.context["panel"].refusal.code == "stale_edit"


def test_a_line_that_a_colleague_removed_is_told_and_what_was_typed_stays(draft, client):
    line = factories.line(draft)
    draft.refresh_from_db()
    page = client.get(url_of("line-edit", draft.pk, line.pk))
    url = page.context["panel"].url
    remove_line(line=line, by=draft.created_by, now=factories.SIGNED)
    answer = client.post(url, line_of(draft, note="Mine"))
    assert (answer.status_code, answer.context["panel"].refusal.code) == (409, "stale_edit")
    assert 'value="Mine"' in answer.content.decode()
    assert not WorkOrderLine.objects.exists()
    draft.refresh_from_db()
    client.post(answer.context["panel"].url, line_of(draft, note="Mine"))
    assert WorkOrderLine.objects.get().note == "Mine"


def test_a_draft_that_a_colleague_changed_is_not_deleted_unseen(draft, client):
    seen = draft.version
    change_order(order=draft, note="By a colleague", by=draft.created_by, now=factories.SIGNED)
    answer = client.post(url_of("order-delete", draft.pk), {"version": seen})
    assert (answer.status_code, WorkOrder.objects.count()) == (409, 1)
    draft.refresh_from_db()
    client.post(url_of("order-delete", draft.pk), {"version": draft.version})
    assert not WorkOrder.objects.exists()


def test_a_long_draft_shows_its_lines_in_pages(draft, client, monkeypatch):
    monkeypatch.setattr(builder, "LINES_SHOWN", 2)
    for _n in range(3):
        factories.line(draft)
    first = client.get(url_of("order-edit", draft.pk))
    assert (len(first.context["rows"]), "1–2 of 3" in first.content.decode()) == (2, True)
    second = client.get(url_of("order-edit", draft.pk), {"page": 2})
    assert len(second.context["rows"]) == 1


def test_an_allocation_over_the_ceiling_shows_clause_and_figures_and_keeps_what_was_typed(
    draft, client
):
    host = draft.order_locations.get(location__role="host").location
    data = line_of(
        draft, unit="credit", price="60,000", funding="flex", flex_year="2", note="Kept",
        **{f"quantity_{host.pk}": "750"},
    )  # fmt: skip
    url = url_of("line-check", draft.pk) + "?offering=proactive-credits"
    answer = client.post(url, data)
    page = answer.content.decode()
    slot = answer.context["panel"].slots["price"]
    assert [(f.code, f.clauses, f.severity) for f in slot.findings] == [
        ("over_cap", ("2.2-F3",), "error")
    ]
    assert "still free under the ceiling €52,000 of €52,000." in page
    assert "§2.2 F3" in page
    assert 'value="60,000"' in page
    assert 'value="Kept"' in page
    assert not WorkOrderLine.objects.exists()


def test_the_check_while_typing_answers_for_each_field_and_saves_nothing(draft, client):
    url = url_of("line-check", draft.pk) + "?offering=workshops"
    data = line_of(draft, funding="flex", flex_year="2", price="300,000")
    fragment = client.post(url, data, headers=HTMX).content.decode()
    assert 'id="slot-price" class="p-slot" hx-swap-oob="true"' in fragment
    assert 'data-code="over_allotment"' in fragment
    assert "With this line, year 2 is €40,000 over its allowance." in fragment
    draft.refresh_from_db()
    assert (WorkOrderLine.objects.count(), draft.version) == (0, int(data["version"]))


def test_the_check_tells_typing_errors_in_their_slots(draft, client):
    url = url_of("line-check", draft.pk) + "?offering=workshops"
    answer = client.post(url, line_of(draft, price="a lot"))
    assert answer.context["panel"].slots["price"].errors == [
        "Write a number in figures, such as 12,500."
    ]


def test_the_saved_line_by_htmx_is_the_section_of_the_reloaded_page(draft, client):
    url = url_of("line-add", draft.pk) + "?offering=workshops"
    fragment = client.post(url, line_of(draft), headers=HTMX).content.decode()
    page = squeezed(client.get(url_of("order-edit", draft.pk)).content.decode())
    section = squeezed(fragment[: fragment.index("</section>") + 10])
    assert section in page
    assert '<div id="p-live" hx-swap-oob="innerHTML">Line added: Workshops.</div>' in fragment


def test_foreign_and_unknown_ids_are_not_found(draft, client):
    other = factories.draft()
    line = factories.line(other)
    for url in (
        url_of("line-edit", draft.pk, line.pk),
        url_of("line-edit", other.pk, line.pk),
        url_of("order-edit", other.pk),
        url_of("line-add", draft.pk) + "?offering=nothing",
        url_of("line-add", draft.pk) + "?offering=advisory-support",
    ):
        assert client.get(url).status_code == 404
    assert client.post(url_of("line-remove", draft.pk, line.pk)).status_code == 404
    assert client.post(url_of("edit-term", other.pk), term_of(other)).status_code == 404
    assert WorkOrderLine.objects.filter(order=other).exists()


def test_quantities_for_a_foreign_location_are_ignored(draft, client):
    foreign = factories.location()
    data = line_of(draft, **{f"quantity_{foreign.pk}": "5"})
    client.post(url_of("line-add", draft.pk) + "?offering=workshops", data)
    assert not LineAllocation.objects.filter(location=foreign).exists()


def test_a_refusal_is_overridden_with_a_written_reason(draft, client):
    detroit = Location.objects.get(customer=draft.customer, name="Detroit")
    line = factories.line(draft, "unified-enhanced-response", 1, unit="subscription", at=detroit)
    page = client.get(url_of("order-edit", draft.pk))
    assert 'data-code="host_only"' in page.content.decode()
    url = url_of("line-override", draft.pk)
    data = {"line": line.pk, "code": "host_only", "reason": ""}
    assert client.post(url, data).status_code == 422
    assert not Override.objects.exists()
    client.post(url, {**data, "reason": "Agreed with the regional lead"})
    written = Override.objects.get()
    assert (written.subject_key, written.by) == (f"line:{line.pk}", draft.created_by)
    assert (
        "Agreed with the regional lead"
        in client.get(url_of("order-edit", draft.pk)).content.decode()
    )


def test_what_is_not_on_the_closed_list_can_t_be_overridden(draft, client):
    line = factories.line(draft)
    data = {"line": line.pk, "code": "over_cap", "reason": "please"}
    answer = client.post(url_of("line-override", draft.pk), data)
    assert answer.context["refusal"].code == "not_overridable"
    assert not Override.objects.exists()


@pytest.mark.parametrize("lines", [1, 15])
def test_the_builder_needs_the_same_queries_for_one_line_and_many(
    draft, client, lines, django_assert_num_queries
):
    for _number in range(lines):
        factories.line(draft)
    url = url_of("order-edit", draft.pk)
    client.get(url)
    with django_assert_num_queries(57):
        assert len(client.get(url).context["rows"]) == lines


# --- execution and ends ---------------------------------------------------------------------


def test_execution_shows_what_is_granted_due_and_given_up(draft, client):
    factories.line(draft, price_minor=7_680_000, funding="flex", flex_year=2)
    answer = client.get(url_of("order-execute", draft.pk))
    page = answer.content.decode()
    assert "Execute and give up €433,200" in page
    assert [row["what"] for row in answer.context["deadlines"]] == [
        "last day to request proactive services",
        "work order expires",
        "flex allowance of the year lapses",
    ]


def test_execution_needs_the_confirmation(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    answer = client.post(url_of("order-execute", draft.pk), {"version": draft.version})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["confirmed"])
    draft.refresh_from_db()
    assert draft.is_draft


def test_execution_lands_on_the_order_and_a_second_click_changes_nothing(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    data = {"version": draft.version, "confirmed": "on"}
    first = client.post(url_of("order-execute", draft.pk), data, follow=True)
    assert "is executed and frozen with edition" in first.content.decode()
    draft.refresh_from_db()
    signed, granted = draft.executed_at, draft.entitlements.count()
    second = client.post(url_of("order-execute", draft.pk), data, follow=True)
    assert "The order is executed already." in second.content.decode()
    draft.refresh_from_db()
    assert (draft.executed_at, draft.entitlements.count()) == (signed, granted)


def test_the_key_of_a_form_executes_and_ends_one_order_alone(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    other = factories.draft(draft.customer, by=draft.created_by, number="WO-26-0002")
    page = client.get(url_of("order-execute", draft.pk)).content.decode()
    key = re.search(r'name="key" value="(\w+)"', page).group(1)
    data = {"version": draft.version, "confirmed": "on", "key": key}
    assert client.post(url_of("order-execute", draft.pk), data).status_code == 302
    reused = client.post(url_of("order-execute", other.pk), data | {"version": other.version})
    assert reused.status_code == 422
    assert reused.context["refusal"].code == "idempotency_key_reused"
    other.refresh_from_db()
    assert other.is_draft
    assert 'name="key"' in client.get(url_of("order-terminate", draft.pk)).content.decode()


def test_what_stands_against_execution_is_listed_with_its_clause(draft, client):
    factories.line(draft, "mcsap", 1, unit="subscription")
    answer = client.get(url_of("order-execute", draft.pk))
    assert [finding.code for finding in answer.context["plan"].errors] == ["subscription_required"]
    assert "§2.4 AP2" in answer.content.decode()
    draft.refresh_from_db()
    data = {"version": draft.version, "confirmed": "on"}
    assert client.post(url_of("order-execute", draft.pk), data).status_code == 422
    draft.refresh_from_db()
    assert draft.is_draft


def test_an_order_changed_since_it_was_shown_is_not_executed(draft, client):
    factories.line(draft)
    data = {"version": draft.version, "confirmed": "on"}
    answer = client.post(url_of("order-execute", draft.pk), data)
    assert (answer.status_code, answer.context["refusal"].code) == (409, "stale_edit")


def test_editing_after_execution_leads_to_the_order(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    data = term_of(draft)
    execute_order(order=draft, by=draft.created_by, now=factories.NOW)
    answer = client.post(url_of("edit-term", draft.pk), data)
    assert answer["Location"] == f"/orders/{draft.pk}/"
    by_htmx = client.post(url_of("edit-term", draft.pk), data, headers=HTMX)
    assert by_htmx["HX-Redirect"] == f"/orders/{draft.pk}/"


def test_a_draft_is_deleted_after_a_look(draft, client):
    factories.line(draft)
    assert "Workshops" in client.get(url_of("order-delete", draft.pk)).content.decode()
    client.post(url_of("order-delete", draft.pk))
    assert not WorkOrder.objects.exists()


def test_an_order_is_ended_early_with_a_reason(draft, client):
    factories.line(draft)
    draft.refresh_from_db()
    execute_order(order=draft, by=draft.created_by, now=factories.NOW)
    url = url_of("order-terminate", draft.pk)
    assert "€4,000" in client.get(url).content.decode()
    refused = client.post(url, {"on": "2026-11-22", "reason": "Sold"})
    assert (refused.status_code, refused.context["form"].refusal.code) == (422, "in_the_past")
    empty = client.post(url, {"on": "2026-12-31", "reason": " "})
    assert list(empty.context["form"].errors) == ["reason"]
    client.post(url, {"on": "2026-12-31", "reason": "Sold"})
    draft.refresh_from_db()
    assert (draft.terminated_on, draft.termination_reason) == (date(2026, 12, 31), "Sold")


# --- what only some services are asked ------------------------------------------------------


def test_mcsap_plus_asks_for_subscriptions_spend_and_the_note(draft, client):
    host = draft.order_locations.get(location__role="host").location
    data = line_of(
        draft,
        unit="subscription",
        scope_subscription="sub-1\nsub-2",
        excluded_subscription="sub-2\nsub-3",
        assessed_spend_usd_minor="70,000,000",
        plus_noted="on",
        **{f"quantity_{host.pk}": "1"},
    )
    client.post(url_of("line-add", draft.pk) + "?offering=mcsap-plus", data)
    line = WorkOrderLine.objects.get(order=draft)
    assert (line.assessed_spend_usd_minor, line.plus_noted) == (7_000_000_000, True)
    assert sorted((s.identifier, s.affiliate) for s in line.scopes.all()) == [
        ("sub-1", True),
        ("sub-2", True),
        ("sub-3", False),
    ]
    form = client.get(url_of("line-edit", draft.pk, line.pk)).context["panel"].form
    assert form["excluded_subscription"].value() == "sub-3"


def test_exhibit_zone_and_tenants_are_asked_where_they_matter(draft, client):
    url = url_of("line-add", draft.pk) + "?offering="
    asked = {
        code: set(client.get(url + code).context["panel"].form.fields)
        for code in ("mcsfs-plus", "reactive-support-management-additional", "workshops")
    }
    assert {"exhibit_reference", "scope_tenant"} <= asked["mcsfs-plus"]
    assert "agreed_time_zone" in asked["reactive-support-management-additional"]
    assert asked["workshops"].isdisjoint({"exhibit_reference", "agreed_time_zone", "scope_tenant"})


def test_a_saved_line_shows_what_stands_against_it_when_it_is_opened(draft, client):
    line = factories.line(draft, price_minor=90_000_000, funding="flex", flex_year=2)
    panel = client.get(url_of("line-edit", draft.pk, line.pk)).context["panel"]
    assert [finding.code for finding in panel.slots["price"].findings] == ["over_allotment"]
    assert panel.headroom == (
        "With this line, year 2 is €640,000 over its allowance."
        " Under the ceiling for credits and custom services €52,000 are free."
    )


def test_a_saved_line_is_checked_as_it_is_typed(draft, client):
    line = factories.line(draft, price_minor=90_000_000, funding="flex", flex_year=2)
    url = url_of("line-check", draft.pk) + f"?offering=workshops&line={line.pk}"
    data = line_of(draft, price="100", funding="flex", flex_year="2")
    slots = client.post(url, data).context["panel"].slots
    assert [f.severity for slot in slots.values() for f in slot.findings] == ["warning"]


def test_flex_without_its_year_is_told_beside_the_year(draft, client):
    url = url_of("line-check", draft.pk) + "?offering=workshops"
    panel = client.post(url, line_of(draft, funding="flex")).context["panel"]
    assert [finding.code for finding in panel.slots["flex_year"].findings] == ["year_required"]


def test_a_line_removed_from_an_old_page_is_refused(draft, client):
    line = factories.line(draft)
    url = url_of("line-remove", draft.pk, line.pk)
    answer = client.post(url, {"version": "1"}, headers=HTMX)
    assert answer.status_code == 409
    assert squeezed(answer.content.decode()).startswith('<section class="p-card" id="lines"')
    assert WorkOrderLine.objects.filter(pk=line.pk).exists()


def test_lines_of_an_executed_order_don_t_open(draft, client):
    line = factories.line(draft)
    draft.refresh_from_db()
    execute_order(order=draft, by=draft.created_by, now=factories.NOW)
    assert client.get(url_of("line-edit", draft.pk, line.pk)).status_code == 404
    assert client.get(url_of("order-delete", draft.pk))["Location"] == f"/orders/{draft.pk}/"


def test_the_draft_starts_with_the_customer_one_comes_from(draft, client):
    form = client.get("/orders/draft/", {"customer": draft.customer_id}).context["form"]
    assert (form["customer"].value(), form["currency"].value()) == (draft.customer_id, "EUR")
    foreign = client.get("/orders/draft/", {"customer": factories.customer().pk}).context["form"]
    assert foreign["customer"].value() is None
