"""Sections of the builder: saved, told when stale, nothing lost."""

import pytest

from accounts.models import Location
from tests import factories
from tests.workorders.builder.forms import HTMX, squeezed, term_of, url_of
from workorders.actions.orders import change_order
from workorders.models import FlexYear, OrderLocation

pytestmark = pytest.mark.django_db


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
