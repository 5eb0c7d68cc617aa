"""One outage by phone and by portal: two targets with their reasons, and the year replayed."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Contact, Customer
from tests import factories
from tests.browser.steps import card, settle, sign_in
from tests.incidents.scenes import ARR, UER, hold
from ussd_portal.demo.credentials import demo_password

TODAY = date.today()


@pytest.fixture
def adventure(portal) -> Customer:
    """A customer with the base package, rapid response and enhanced response."""
    place = factories.host(factories.customer(name="Adventure Freight", short_name="Adventure"))
    order = factories.draft(
        place.customer, starts_on=TODAY - timedelta(days=90), ends_on=TODAY + timedelta(days=270)
    )
    factories.line(order)
    factories.executed(order)
    for programme in (ARR, UER):
        hold(order, programme)
    reader = factories.customer_administrator(
        place.customer, name="Aiko Brandt", email="aiko@demo.example", password=demo_password()
    )
    factories.contact(
        place, role=Contact.Role.REACTIVE, name=reader.name, email=reader.email, user=reader
    )
    return place.customer


@pytest.mark.clause("0-C14", "2.5-AR2", "2.5-UE3")
def test_phone_and_portal_bring_two_targets_and_the_replay_shows_a_third(visit, adventure):
    tab = visit(viewport={"width": 1440, "height": 900})
    sign_in(tab, "aiko@demo.example")

    fill_in(tab, channel="phone")
    answer = tab.get_by_role("complementary", name="What will apply")
    expect(answer).to_contain_text("30 minutes")
    expect(answer).to_contain_text("Has to be submitted by portal")
    tab.get_by_role("button", name="Open the incident").click()
    expect(card(tab, "Why this target applies")).to_contain_text("Unified Enhanced Response (UER)")

    fill_in(tab, channel="portal")
    expect(answer).to_contain_text("15 minutes")
    expect(answer).to_contain_text("Slower than Azure Rapid Response (ARR)")
    tab.get_by_role("button", name="Open the incident").click()
    why = card(tab, "Why this target applies")
    why.get_by_role("link", name="Azure Rapid Response (ARR)").click()
    expect(tab.locator("#severity-A")).to_contain_text("applies to the incident")
    expect(tab.locator("#severity-A-target-azure_component")).to_contain_text("15 minutes")

    tab.goto(f"/incidents/replay/{adventure.pk}/")
    saved = card(tab, "Response minutes saved").get_by_role("row")
    expect(saved.filter(has_text="Mission critical, Azure platform")).to_contain_text("15 minutes")
    expect(saved.filter(has_text="Mission critical, Azure platform")).to_contain_text("1 of 2")


def fill_in(tab: Page, *, channel: str) -> None:
    """The form of an outage of virtual machines at severity A."""
    tab.goto("/incidents/new/")
    tab.get_by_label("Product or component").fill("Azure Virtual Machines")
    tab.locator("[name=severity][value=A]").check()
    tab.get_by_label("Business impact").fill("No truck leaves the yard.")
    tab.get_by_label("Title").fill("Dispatch servers are gone")
    tab.get_by_label("Submitted by").select_option(channel)
    settle(tab)
