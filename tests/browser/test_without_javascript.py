"""Without JavaScript everything still works, a page at a time."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import card, heading, sign_in, working_day

DAY = working_day(date.today() + timedelta(days=30))


@pytest.fixture
def tab(visit) -> Page:
    """A tab of a browser that runs no scripts, with Mara Keller signed in."""
    plain = visit(java_script_enabled=False)
    sign_in(plain, "mara.keller")
    return plain


def test_today_is_filtered_by_its_button(tab):
    tab.get_by_label("Customer", exact=True).select_option("Contoso Motors")
    card(tab, "Needs an action").get_by_role("button", name="Show").click()
    assert set(tab.locator("#queue-card tbody th").all_inner_texts()) == {"Contoso Motors"}


def test_the_catalogue_is_searched(tab):
    tab.goto("/catalogue/")
    box = tab.get_by_role("main").get_by_role("searchbox")
    box.fill("研讨会")
    box.press("Enter")
    expect(tab.get_by_role("main").get_by_role("link", name="Workshops")).to_be_visible()


def test_a_workshop_is_booked_and_cancelled(tab):
    tab.goto("/schedule/new/")
    tab.get_by_label("Customer", exact=True).select_option("Contoso Motors")
    tab.get_by_role("button", name="Continue").click()
    choice = tab.get_by_label("From").locator("option", has_text="Workshops, Stuttgart").last
    tab.get_by_label("From").select_option(choice.get_attribute("value"))
    tab.get_by_role("button", name="Continue").click()
    tab.get_by_label("Title").fill("On paper")
    tab.get_by_label("Begins on").fill(DAY.isoformat())
    tab.get_by_label("at", exact=True).first.fill("13:00")
    tab.get_by_label("at", exact=True).last.fill("16:00")
    tab.get_by_role("button", name="Book the service").click()
    expect(heading(tab)).to_have_text("On paper, Stuttgart")

    tab.get_by_role("link", name="Cancel the booking").click()
    expect(tab.get_by_role("main")).to_contain_text("Cancelling today costs nothing")
    tab.get_by_label("Reason, shown to the customer").fill("The room is taken")
    tab.get_by_role("button", name="Cancel at no cost").click()
    expect(tab.get_by_role("status")).to_contain_text("The booking is cancelled.")
