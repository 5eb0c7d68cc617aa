"""The main story, in a browser: from signing in to the customer's view of what was agreed."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Assignment, Contact, Customer, Location, User
from tests import factories
from tests.browser.builder import add_line, pay_with_the_allowance, pick, price, quantity
from tests.browser.steps import card, go, heading, settle, sign_in, sign_out, working_day
from ussd_portal.demo.credentials import demo_password

TODAY = date.today()


@pytest.fixture
def lucerne(portal) -> Customer:
    """A customer of Mara Keller's without an agreement: Hamburg with Denver behind it."""
    customer = factories.customer(name="Lucerne Publishing", short_name="Lucerne", currency="EUR")
    host = factories.location(customer, name="Hamburg", role=Location.Role.HOST)
    factories.location(
        customer, name="Denver", country="US", time_zone="America/Denver", currency="USD"
    )
    mara = User.objects.get(email="mara.keller@demo.example")
    Assignment.objects.create(user=mara, customer=customer, starts_on=TODAY - timedelta(days=9))
    reader = factories.customer_administrator(
        customer, name="Ines Falk", email="ines.falk@demo.example", password=demo_password()
    )
    for role in (Contact.Role.ADMINISTRATOR, Contact.Role.REACTIVE):
        factories.contact(host, role=role, name=reader.name, email=reader.email, user=reader)
    return customer


def test_from_the_first_draft_to_what_the_customer_sees(visit, lucerne):
    tab = visit(viewport={"width": 1440, "height": 900})
    sign_in(tab, "mara.keller")
    expect(heading(tab)).to_have_text("Today")

    open_customer(tab, "Lucerne Publishing")
    draft_the_order(tab)
    list_both_locations(tab)
    allot_the_allowance(tab)
    ask_for_too_many_credits(tab)
    take_fewer_credits(tab)
    add_workshops(tab)
    add_faster_response(tab)
    execute_and_give_up_the_rest(tab)
    see_the_order(tab)

    book_a_workshop_in_denver(tab)
    cancel_it_for_half_the_fee(tab)
    find_the_charge_in_the_statement(tab)

    open_a_severity_a_incident(tab)
    record_the_first_response(tab)

    sign_out(tab)
    sign_in(tab, "ines.falk")
    see_what_the_customer_has(tab)
    read_it_in_chinese(tab)


# --- the agreement --------------------------------------------------------------------------


def open_customer(tab: Page, name: str) -> None:
    go(tab, "Customers")
    tab.get_by_role("main").get_by_role("link", name=name).first.click()
    expect(heading(tab)).to_have_text(name)
    expect(card(tab, "Agreements")).to_contain_text("No work order yet")


def draft_the_order(tab: Page) -> None:
    tab.get_by_role("link", name="Draft an order").click()
    tab.get_by_label("Title").fill("Support 2026")
    tab.get_by_label("Starts on").fill((TODAY - timedelta(days=30)).isoformat())
    tab.get_by_label("Last day in force").fill((TODAY + timedelta(days=334)).isoformat())
    tab.get_by_label("Currency").select_option("EUR")
    tab.get_by_label("Units per US dollar").fill("0.92")
    tab.get_by_label("Base package price").fill("480000")
    tab.get_by_label("Multi-country support").check()
    tab.get_by_role("button", name="Make the draft").click()
    expect(heading(tab)).to_contain_text("Draft WO-")


def list_both_locations(tab: Page) -> None:
    tab.get_by_label("Hamburg", exact=True).check()
    tab.get_by_label("Denver", exact=True).check()
    tab.get_by_role("button", name="Save the locations").click()
    settle(tab)


def allot_the_allowance(tab: Page) -> None:
    tab.get_by_label("Allotment of contract year 1").fill("260000")
    tab.get_by_role("button", name="Save the allowance").click()
    settle(tab)
    expect(card(tab, "Allowance, year 1")).to_contain_text("€52,000")


def ask_for_too_many_credits(tab: Page) -> None:
    """700 credits for €56,000 are more than the ceiling of €52,000: said while typing."""
    pick(tab, "Proactive Credits")
    pay_with_the_allowance(tab)
    quantity(tab, "Hamburg").fill("600")
    quantity(tab, "Denver").fill("100")
    price(tab).fill("56000")
    beside = tab.locator(".p-field", has=price(tab)).locator("xpath=following-sibling::*[1]")
    expect(beside).to_contain_text("ceiling")
    expect(beside.get_by_role("link", name="§2.2 F3")).to_be_visible()


def take_fewer_credits(tab: Page) -> None:
    quantity(tab, "Hamburg").fill("400")
    price(tab).fill("40000")
    settle(tab)
    add_line(tab)
    expect(tab.get_by_role("row", name="Proactive Credits")).to_contain_text("Fits")


def add_workshops(tab: Page) -> None:
    pick(tab, "Workshops")
    pay_with_the_allowance(tab)
    quantity(tab, "Hamburg").fill("10")
    quantity(tab, "Denver").fill("10")
    price(tab).fill("192000")
    add_line(tab)
    expect(tab.get_by_role("row", name="Workshops")).to_contain_text("€192,000")


def add_faster_response(tab: Page) -> None:
    pick(tab, "Unified Enhanced Response (UER)")
    quantity(tab, "Hamburg").fill("1")
    price(tab).fill("96000")
    add_line(tab)
    expect(card(tab, "Check")).to_contain_text("Can be executed")


def execute_and_give_up_the_rest(tab: Page) -> None:
    """€260,000 less €40,000 and €192,000: what no line uses is given up, and said before."""
    tab.get_by_role("link", name="Execute…").click()
    expect(card(tab, "Flex allowance")).to_contain_text("€28,000 is given up")
    tab.get_by_label("I have read what is granted").check()
    tab.get_by_role("button", name="Execute and give up €28,000").click()


def see_the_order(tab: Page) -> None:
    expect(heading(tab)).to_contain_text("Work order WO-")
    expect(tab.get_by_role("main")).to_contain_text("In force")
    expect(card(tab, "Term").get_by_role("img")).to_be_visible()
    workshops = card(tab, "Entitlements").get_by_role("row", name="Workshops")
    expect(workshops).to_contain_text("€192,000")
    expect(card(tab, "Flex allowance").get_by_role("img")).to_be_visible()


# --- a workshop -----------------------------------------------------------------------------


def book_a_workshop_in_denver(tab: Page) -> None:
    tab.get_by_role("link", name="Plan bookings").click()
    choice = tab.get_by_label("From").locator("option", has_text="Workshops, Denver")
    tab.get_by_label("From").select_option(choice.get_attribute("value"))
    expect(card(tab, "When and where")).to_contain_text("America/Denver")
    tab.get_by_label("Title").fill("Cloud operations")
    tab.get_by_label("Begins on").fill(working_day(TODAY + timedelta(days=8)).isoformat())
    tab.get_by_label("at", exact=True).first.fill("09:00")
    tab.get_by_label("at", exact=True).last.fill("16:00")
    tab.get_by_label("at", exact=True).last.blur()
    settle(tab)
    tab.get_by_role("button", name="Book the service").click()
    expect(heading(tab)).to_have_text("Cloud operations, Denver")
    expect(card(tab, "Booking")).to_contain_text("09:00 to 16:00 M")


def cancel_it_for_half_the_fee(tab: Page) -> None:
    """A workshop is worth €9,600; eight to ten days ahead half of that is kept."""
    tab.get_by_role("link", name="Cancel the booking").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Cancel this booking?")).to_be_focused()
    expect(dialog).to_contain_text("Cancelling today costs €4,800, half of the fee")
    dialog.get_by_label("Reason, shown to the customer").fill("The trainer is ill")
    dialog.get_by_role("checkbox", name="agrees that €4,800 is kept").check()
    dialog.get_by_role("button", name="Cancel and give up €4,800").click()
    expect(tab.get_by_role("status")).to_contain_text("The booking is cancelled.")
    expect(card(tab, "Movements in the ledger")).to_contain_text("€4,800")


def find_the_charge_in_the_statement(tab: Page) -> None:
    tab.get_by_role("link", name="WO-").first.click()
    tab.get_by_role("link", name="Statement").click()
    expect(heading(tab)).to_contain_text("Statement of work order")
    expect(tab.get_by_role("main")).to_contain_text("The trainer is ill")


# --- an incident ----------------------------------------------------------------------------


def open_a_severity_a_incident(tab: Page) -> None:
    open_incident_form(tab)
    tab.get_by_label("Product or component").fill("Windows Server")
    tab.get_by_role("radio", name="A critical system runs with serious loss").check()
    tab.get_by_label("Business impact").fill("Presses stand still, 90 people are idle.")
    tab.get_by_label("Title").fill("Print cluster is down")
    tab.get_by_label("Description").fill("The cluster lost its quorum after an update.")
    tab.get_by_label("Submitted by").select_option("phone")
    answer = tab.get_by_role("complementary", name="What will apply")
    expect(answer).to_contain_text("First response until")
    expect(answer.get_by_role("link", name="App. A")).not_to_have_count(0)
    settle(tab)
    tab.get_by_role("button", name="Open the incident").click()
    expect(heading(tab)).to_have_text("Print cluster is down")
    expect(card(tab, "Clocks")).to_contain_text("Microsoft: first response")
    why = card(tab, "Why this target applies")
    expect(why).to_contain_text("Sets the target")
    expect(why.get_by_role("row", name="Base support")).to_contain_text("Lost")


def open_incident_form(tab: Page) -> None:
    go(tab, "Customers")
    tab.get_by_role("main").get_by_role("link", name="Lucerne Publishing").first.click()
    tab.get_by_role("link", name="Open an incident").click()
    tab.get_by_label("Location of the contact").select_option("Hamburg")
    settle(tab)
    tab.get_by_label("Contact optional").select_option(label="Ines Falk, reactive support contact")


def record_the_first_response(tab: Page) -> None:
    tab.get_by_role("link", name="Record first response").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Engineer").fill("Ada Okafor")
    dialog.get_by_label("What was said").fill("We look at the quorum now.")
    dialog.get_by_role("button", name="Record").click()
    expect(tab.get_by_role("link", name="Record first response")).to_have_count(0)
    expect(card(tab, "Clocks")).to_contain_text("Met")
    expect(card(tab, "Updates")).to_contain_text("We look at the quorum now.")


# --- the customer ---------------------------------------------------------------------------


def see_what_the_customer_has(tab: Page) -> None:
    expect(heading(tab)).to_have_text("Lucerne Publishing")
    have = card(tab, "What we have and have used")
    expect(have.get_by_role("row", name="Workshops")).to_contain_text("20")
    expect(card(tab, "Open incidents")).to_contain_text("Print cluster is down")
    tab.get_by_role("link", name="Statement").click()
    expect(tab.get_by_role("main")).to_contain_text("Workshops")


def read_it_in_chinese(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_role("button", name="中文").click()
    expect(tab.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(tab.get_by_role("main")).to_contain_text("研讨会")
    expect(tab.get_by_role("main")).to_contain_text("主动信用积分")
