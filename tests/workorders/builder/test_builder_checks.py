"""What stands against a line: told while typing, on opening, and overridden."""

import pytest

from accounts.models import Location
from tests import factories
from tests.workorders.builder.forms import HTMX, line_of, url_of
from workorders.models import Override, WorkOrderLine

pytestmark = pytest.mark.django_db


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
