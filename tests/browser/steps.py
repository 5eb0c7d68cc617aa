"""What people do in every story, in the words of the page."""

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from services.scheduling.models import Booking
from ussd_portal.demo.credentials import address, demo_password

UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling"


def sign_in(tab: Page, person: str) -> None:
    """Through the form, as somebody of the demo: `sign_in(tab, "mara.keller")`."""
    tab.goto("/accounts/login/")
    sign_in_here(tab, person)


def sign_in_here(tab: Page, person: str) -> None:
    """Where the form stands in the way of another page."""
    tab.get_by_label("Email").fill(person if "@" in person else address(person))
    tab.get_by_label("Password").fill(demo_password())
    tab.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(tab).not_to_have_url(re.compile("/accounts/"))


def sign_out(tab: Page) -> None:
    """By the menu under one's name."""
    tab.get_by_role("banner").locator("summary").click()
    tab.get_by_role("button", name="Sign out").click()


def go(tab: Page, name: str) -> None:
    """By the main navigation."""
    tab.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
    expect(heading(tab)).to_be_visible()


def heading(tab: Page) -> Locator:
    """The one heading that names the page."""
    return tab.get_by_role("heading", level=1)


def card(tab: Page, title: str) -> Locator:
    """The part of the page under that heading."""
    return tab.get_by_role("region", name=title)


def settle(tab: Page) -> None:
    """Wait until every fragment asked for has arrived."""
    tab.wait_for_load_state("networkidle")
    expect(tab.locator(UNDER_WAY)).to_have_count(0)


def working_day(earliest: date) -> date:
    """The first day from Monday to Friday, not before `earliest`."""
    return next(day for n in range(7) if (day := earliest + timedelta(days=n)).isoweekday() <= 5)


def next_booking() -> Booking:
    """A planned delivery, far enough ahead that moving it is free."""
    return (
        Booking.objects.standing()
        .filter(
            starts_at__date__gt=date.today() + timedelta(days=15),
            entitlement__unit="each",
        )
        .earliest("starts_at")
    )
