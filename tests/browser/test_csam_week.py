"""A CSAM's week, in a browser: from a request near the cut-off to the reminders of Friday.

The week is that of Monday 3 March 2025, before anything of the demo is due. Every figure is
derived in the comments, by hand.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.actions.outbox import drain
from accounts.models import Customer, Location, User
from tests import factories
from tests.browser.mailbox import Mailbox
from tests.browser.steps import card, go, heading, settle, sign_in, sign_in_here, sign_out
from ussd_portal.demo.credentials import demo_password
from workorders.actions import orders
from workorders.actions.reminders import announce_deadlines

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (
    datetime(2025, 3, day, 8, 30, tzinfo=UTC) for day in range(3, 8)
)
SIGNED = datetime(2024, 4, 15, 9, 0, tzinfo=UTC)
HANA, NOOR, LEAD = (f"{name}@wingtip.example" for name in ("hana.lind", "noor", "lead"))


@pytest.fixture
def wingtip(portal, at) -> Customer:
    """Hana Lind's only customer, in Berlin, with an order that ends on Saturday 10 May 2025.

    60 days before that is Tuesday 11 March: the last day for requests.
    """
    at(MONDAY)
    team = factories.team()
    factories.lead(team, email=LEAD)
    customer = factories.customer(name="Wingtip Toys", short_name="Wingtip", team=team)
    place = factories.host(customer, name="Berlin")
    hana = factories.csam(customer, name="Hana Lind", email=HANA, password=demo_password())
    factories.customer_administrator(
        customer, name="Noor Aziz", email=NOOR, password=demo_password()
    )
    sell_to(place, by=hana)
    return customer


def sell_to(place: Location, *, by: User) -> None:
    """Three workshops at 9,600, ten seats at 150 and four Azure events at 10,000."""
    known = {"by": by, "now": SIGNED}
    order = orders.draft_order(
        customer=place.customer,
        starts_on=date(2024, 5, 11),
        ends_on=date(2025, 5, 10),
        base_price_minor=50_000_000,
        units_per_usd=Decimal("0.92"),
        **known,
    )
    for code, unit, quantity, price in (
        ("workshops", "each", 3, 28_800),
        ("workshops", "attendee", 10, 1_500),
        ("azure-event-mcs", "event", 4, 40_000),
    ):
        orders.add_line(
            order=order,
            offering=factories.offering(code, order.edition),
            unit=unit,
            funding="money",
            price_minor=price * 100,
            allocations=[(place, quantity)],
            **known,
        )
    orders.execute_order(order=order, **known)


@pytest.fixture
def mailbox(settings, portal) -> Iterator[Mailbox]:
    """What the outbox sends arrives here, with links to this portal."""
    box = Mailbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.server.port
    settings.BASE_URL = portal
    box.server.start()
    yield box
    box.server.stop()


def test_a_week_from_a_request_near_the_cut_off_to_the_link_in_a_reminder(
    visit, wingtip, mailbox, at
):
    tab = visit(viewport={"width": 1440, "height": 900})

    sign_in(tab, NOOR)
    ask_for_a_workshop(tab)
    sign_out(tab)
    sign_in(tab, HANA)
    book_what_was_asked_for(tab)

    at(TUESDAY)
    sign_in(tab, HANA)
    move_it_for_half_the_fee(tab)

    at(WEDNESDAY)
    sign_in(tab, HANA)
    book_a_workshop_by_seat(tab)
    find_it_short_of_seats_and_cancel_it(tab)

    at(THURSDAY)
    sign_in(tab, HANA)
    reference = plan_an_event(tab, wingtip)

    at(FRIDAY)
    send_what_is_due(mailbox)
    read_what_lapses(mailbox)
    follow_the_link_of_the_reminder(tab, mailbox, reference)


# --- Monday ---------------------------------------------------------------------------------


def ask_for_a_workshop(tab: Page) -> None:
    """Eight days before the last day, which is said while one asks."""
    tab.goto("/schedule/requests/new/")
    choose(tab, "What you would like", "Workshops, Berlin: 3 ")
    until_when = tab.get_by_role("complementary", name="Until when")
    expect(until_when).to_contain_text("Tue 11 Mar 2025")
    expect(until_when.get_by_role("link", name="§2.8 C20").first).to_be_visible()
    tab.get_by_label("Between").fill("2025-03-10")
    tab.get_by_label("and", exact=True).fill("2025-03-21")
    tab.get_by_label("What it is for").fill("Warehouse robots")
    settle(tab)
    tab.get_by_role("button", name="Send the request").click()
    expect(heading(tab)).to_have_text("Workshops, Berlin")
    expect(card(tab, "What is asked for")).to_contain_text("Waiting")


def book_what_was_asked_for(tab: Page) -> None:
    """For Thursday of the week after, ten days ahead."""
    row = card(tab, "Needs an action").get_by_role("row", name="Request: Workshops, Berlin")
    row.get_by_role("link", name="Answer request").click()
    tab.get_by_role("link", name="Book it").click()
    tab.get_by_label("Title").fill("Warehouse robots")
    tab.get_by_label("Begins on").fill("2025-03-13")
    tab.get_by_label("at", exact=True).first.fill("09:00")
    tab.get_by_label("at", exact=True).last.fill("16:00")
    tab.get_by_label("at", exact=True).last.blur()
    settle(tab)
    tab.get_by_role("button", name="Book the service").click()
    expect(heading(tab)).to_have_text("Warehouse robots, Berlin")


# --- Tuesday --------------------------------------------------------------------------------


def move_it_for_half_the_fee(tab: Page) -> None:
    """Nine days ahead: half of the 9,600 that one of three workshops for 28,800 is worth."""
    go(tab, "Schedule")
    tab.get_by_role("main").get_by_role("link", name="Warehouse robots").first.click()
    tab.get_by_role("link", name="Move the booking").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("Moving it today costs €4,800, half of the fee: 9 days ahead")
    effect = dialog.get_by_role("row", name="Exchange value to use")
    expect(effect).to_contain_text("+€4,800")
    expect(dialog).to_contain_text("What is returned (€4,800) must be requested by Tue 11 Mar")
    for field in ("Begins on", "Ends on"):
        dialog.get_by_label(field).fill("2025-03-20")
    dialog.get_by_label("Reason, shown to the customer").fill("The robots come later")
    dialog.get_by_role("button", name="Move and give up €4,800").click()
    expect(tab.get_by_role("status")).to_contain_text("The booking has a new date.")
    expect(card(tab, "Booking")).to_contain_text("Thu 20 Mar")


# --- Wednesday ------------------------------------------------------------------------------


def book_a_workshop_by_seat(tab: Page) -> None:
    """Five of the ten seats, if at least three people come."""
    tab.goto("/schedule/new/")
    choose(tab, "From", "Workshops, Berlin: 10 ")
    tab.get_by_label("Title").fill("Safe forklifts")
    tab.get_by_label("Seats").fill("5")
    tab.get_by_label("Minimum enrolment").fill("3")
    tab.get_by_label("Begins on").fill("2025-03-25")
    tab.get_by_label("at", exact=True).first.fill("10:00")
    tab.get_by_label("at", exact=True).last.fill("15:00")
    tab.get_by_label("at", exact=True).last.blur()
    settle(tab)
    tab.get_by_role("button", name="Book the service").click()
    expect(heading(tab)).to_have_text("Safe forklifts, Berlin")


def find_it_short_of_seats_and_cancel_it(tab: Page) -> None:
    """One attendee of at least three; Microsoft's decision costs the customer nothing."""
    attendees = card(tab, "Attendees")
    attendees.get_by_label("Full name").fill("Ada Berg")
    attendees.get_by_label("E-mail").fill("ada@wingtip.example")
    attendees.get_by_role("button", name="Add", exact=True).click()
    settle(tab)
    expect(attendees).to_contain_text("1 / 5 seats taken")
    expect(attendees).to_contain_text("Minimum 3, 2 more are needed")
    expect(attendees).to_contain_text("Below the minimum")

    attendees.get_by_role("link", name="Decide").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Cancel it for low enrolment").check()
    dialog.get_by_label("Reason, shown to the customer").fill("One came of three")
    dialog.locator("footer").get_by_role("button").click()
    expect(tab.get_by_role("main")).to_contain_text("Cancelled")
    released = card(tab, "Movements in the ledger").get_by_role("row", name="Released")
    expect(released).to_contain_text("5 seats")
    expect(tab.get_by_role("main")).not_to_contain_text("Kept as cancellation charge")


# --- Thursday -------------------------------------------------------------------------------


def plan_an_event(tab: Page, customer: Customer) -> str:
    """Ten days are two windows; for two solutions four events, all of them. The reference.

    Six weeks before Tuesday 22 April is Tuesday 11 March: to be confirmed by then.
    """
    tab.goto(f"/schedule/events/new/?customer={customer.pk}")
    tab.get_by_label("First day of the activity").fill("2025-04-22")
    tab.get_by_label("Last day", exact=True).fill("2025-05-01")
    tab.get_by_label("Azure solutions").fill("Shop\nWarehouse")
    tab.get_by_label("What it is for").fill("Spring fair")
    tab.get_by_label("What it is for").blur()
    settle(tab)
    takes = card(tab, "What this event takes")
    expect(takes).to_contain_text("4 events, €40,000")
    expect(takes).to_contain_text("Tue 11 Mar")
    windows = card(tab, "Windows").get_by_role("row")
    expect(windows.nth(1)).to_contain_text("Sat 26 Apr")
    expect(windows.nth(2)).to_contain_text("Sun 27 Apr")
    tab.get_by_role("button", name="Book the event").click()
    expect(heading(tab)).to_contain_text("Spring fair")
    return tab.get_by_role("navigation", name="Breadcrumb").locator("[aria-current]").inner_text()


# --- Friday ---------------------------------------------------------------------------------


def send_what_is_due(mailbox: Mailbox) -> None:
    """Three days before Tuesday 11 March is a Saturday: brought forward to Friday, 08:00."""
    announce_deadlines(now=FRIDAY)
    while drain(now=FRIDAY):
        pass
    people = {HANA, NOOR, LEAD, "ada@wingtip.example"}
    assert {mail["To"] for mail in mailbox.mails} <= people


def read_what_lapses(mailbox: Mailbox) -> None:
    """A workshop, 9,600, all ten seats, 1,500, and what the move gave back: half of 9,600.

    The events are booked. 9,600 + 1,500 + 4,800 = 15,900.
    """
    text = mailbox.of(HANA, "Wingtip: last day to request proactive services")
    assert "Until Tue 11 Mar 2025, 23:59:59 CET (in 4 days)." in text
    assert "Left and not booked, lost after that: €15,900." in text


def follow_the_link_of_the_reminder(tab: Page, mailbox: Mailbox, reference: str) -> None:
    """Through signing in to the date, from there to the event, where it is done."""
    about = f"Wingtip: written confirmation of the Azure event (Spring fair · Shop · {reference})"
    (link,) = re.findall(r"https?://\S+", mailbox.of(HANA, about))
    tab.goto(link)
    sign_in_here(tab, HANA)
    expect(heading(tab)).to_have_text("Written confirmation of the Azure event")
    due = tab.url
    tab.get_by_role("link", name="Confirm event").click()
    tab.get_by_role("link", name="Record the confirmation").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Confirmed in writing on").fill("2025-03-07")
    dialog.get_by_role("button", name="Record the confirmation").click()
    expect(tab.get_by_role("status")).to_contain_text("The confirmation is recorded.")
    expect(card(tab, "Written confirmation")).to_contain_text("Fri 7 Mar 2025")
    tab.goto(due)
    expect(card(tab, "Due")).to_contain_text("Met Fri 7 Mar 2025, 09:30 CET, Hana Lind")


def choose(tab: Page, field: str, begins: str) -> None:
    """An option by how it begins."""
    option = tab.get_by_label(field, exact=True).locator(
        "option", has_text=re.compile(f"^{begins}")
    )
    tab.get_by_label(field, exact=True).select_option(option.get_attribute("value"))
    settle(tab)
