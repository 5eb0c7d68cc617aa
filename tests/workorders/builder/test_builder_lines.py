"""Lines of the builder: picked, added, changed, removed, shown in pages."""

import pytest

from tests import factories
from tests.workorders import scenes
from tests.workorders.builder.forms import HTMX, line_of, squeezed, term_of, url_of
from workorders.actions.orders import execute_order, remove_line
from workorders.models import LineAllocation, WorkOrderLine
from workorders.views import builder

pytestmark = pytest.mark.django_db


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


def test_a_long_draft_shows_its_lines_in_pages(draft, client, monkeypatch):
    monkeypatch.setattr(builder, "LINES_SHOWN", 2)
    for _n in range(3):
        factories.line(draft)
    first = client.get(url_of("order-edit", draft.pk))
    assert (len(first.context["rows"]), "1–2 of 3" in first.content.decode()) == (2, True)
    second = client.get(url_of("order-edit", draft.pk), {"page": 2})
    assert len(second.context["rows"]) == 1


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
