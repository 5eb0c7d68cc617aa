"""What people do in the order builder, in the words of the page."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import card, settle


def pick(tab: Page, service: str) -> None:
    """Open the form of a line for this service."""
    tab.get_by_label("Add a service").fill(service)
    tab.locator("#line-panel").get_by_role("link", name=service, exact=True).click()
    expect(tab.get_by_role("heading", name=f"Add: {service}")).to_be_visible()


def pay_with_the_allowance(tab: Page, year: int = 1) -> None:
    """By the allotment of that contract year."""
    tab.get_by_label("Flex allowance", exact=True).check()
    tab.get_by_label("Contract year", exact=True).select_option(f"Year {year}")


def quantity(tab: Page, place: str) -> Locator:
    """The field for how many go there."""
    return card(tab, "4. Services").get_by_label(place, exact=True)


def price(tab: Page) -> Locator:
    """The field for the price."""
    return tab.get_by_label("Price of the whole line")


def add_line(tab: Page) -> None:
    """Save what was typed as a line."""
    tab.get_by_role("button", name="Add the line").click()
    settle(tab)
