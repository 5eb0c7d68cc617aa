"""An agreement over three years and three countries, in a browser: from draft to early end.

Every figure of the last statement is derived in the comments, by hand.
"""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Assignment, Contact, Customer, Location, User
from accounts.rules.calendar_days import add_months, local_date
from tests import factories
from tests.browser.builder import add_line, pay_with_the_allowance, pick, price, quantity
from tests.browser.steps import card, go, heading, settle, sign_in
from workorders.actions.lapses import lapse_entitlements

ZONE = "Asia/Shanghai"


@pytest.fixture
def today() -> date:
    """The day at the host location; nothing below minds when it turns while the story runs."""
    return local_date(timezone.now(), ZONE)


@pytest.fixture
def treyline(portal, today) -> Customer:
    """A customer of Mara Keller's: Shanghai with Paris and São Paulo, an exception, behind it."""
    customer = factories.customer(name="Treyline Optics", short_name="Treyline", currency="USD")
    host = factories.location(
        customer,
        name="Shanghai",
        role=Location.Role.HOST,
        country="CN",
        time_zone=ZONE,
        currency="CNY",
    )
    factories.contact(host, role=Contact.Role.ADMINISTRATOR)
    factories.location(
        customer, name="Paris", country="FR", time_zone="Europe/Paris", currency="EUR"
    )
    factories.location(
        customer,
        name="São Paulo",
        country="BR",
        time_zone="America/Sao_Paulo",
        currency="BRL",
        tax_exception=True,
    )
    Assignment.objects.create(
        user=User.objects.get(email="mara.keller@demo.example"),
        customer=customer,
        starts_on=today - timedelta(days=9),
    )
    return customer


def test_three_years_in_three_countries_up_to_an_early_end(visit, treyline, today):
    tab = visit(viewport={"width": 1440, "height": 900})
    sign_in(tab, "mara.keller")

    draft_the_order(tab, today)
    list_the_locations(tab)
    allot_the_allowance(tab)
    spend_the_first_year(tab)
    ask_for_a_workshop_at_the_exception(tab)
    spend_the_other_years(tab)
    order = execute_and_give_up_the_rest(tab)

    buy_for_sao_paulo_on_its_own_order(tab, today)

    open_tab(tab, order, "Credits")
    move_credits(tab)
    redeem_credits(tab)
    open_tab(tab, order, "Exchange")
    exchange_two_workshops(tab)
    open_tab(tab, order, "Amendments")
    amend_with_what_remained(tab, today)

    end_it_early(tab, order, today)
    lapse_entitlements(now=timezone.now() + timedelta(days=3))
    read_the_statement(tab, treyline, today)


# --- the agreement --------------------------------------------------------------------------


def draft_the_order(tab: Page, today: date) -> None:
    """36 months from 30 days ago: three contract years, whatever the calendar says."""
    start = today - timedelta(days=30)
    begin_a_draft(tab, "Support over three years", start, add_months(start, 36), "480000")
    tab.get_by_label("Multi-country support").check()
    make_the_draft(tab)


def begin_a_draft(tab: Page, title: str, start: date, after: date, base: str) -> None:
    go(tab, "Customers")
    tab.get_by_role("main").get_by_role("link", name="Treyline Optics").first.click()
    tab.get_by_role("link", name="Draft an order").click()
    tab.get_by_label("Title").fill(title)
    tab.get_by_label("Starts on").fill(start.isoformat())
    tab.get_by_label("Last day in force").fill((after - timedelta(days=1)).isoformat())
    tab.get_by_label("Currency").select_option("USD")
    tab.get_by_label("Base package price").fill(base)


def make_the_draft(tab: Page) -> None:
    tab.get_by_role("button", name="Make the draft").click()
    expect(heading(tab)).to_contain_text("Draft WO-")


def list_the_locations(tab: Page) -> None:
    for place in ("Shanghai", "Paris", "São Paulo"):
        tab.get_by_label(place, exact=True).check()
    tab.get_by_label("CNY for one US dollar").fill("7.2")
    tab.get_by_label("EUR for one US dollar").fill("0.9")
    tab.get_by_label("BRL for one US dollar").fill("5.4")
    tab.get_by_role("button", name="Save the locations").click()
    settle(tab)
    expect(card(tab, "2. Locations")).to_contain_text("tax exception")


def allot_the_allowance(tab: Page) -> None:
    """180,000 a year: 20 % are 36,000, less than the 50,000 of the alternative."""
    for year in (1, 2, 3):
        tab.get_by_label(f"Allotment of contract year {year}").fill("180000")
    tab.get_by_role("button", name="Save the allowance").click()
    settle(tab)
    expect(card(tab, "Allowance, year 1")).to_contain_text("$50,000")


def spend_the_first_year(tab: Page) -> None:
    """500 credits for 45,000 and 8 workshops for 96,000: 141,000 of 180,000."""
    pick(tab, "Proactive Credits")
    pay_with_the_allowance(tab)
    quantity(tab, "Shanghai").fill("300")
    quantity(tab, "Paris").fill("200")
    price(tab).fill("45000")
    add_line(tab)
    pick(tab, "Workshops")
    pay_with_the_allowance(tab)
    quantity(tab, "Shanghai").fill("4")
    quantity(tab, "Paris").fill("4")
    price(tab).fill("96000")
    add_line(tab)


def ask_for_a_workshop_at_the_exception(tab: Page) -> None:
    pick(tab, "Workshops")
    pay_with_the_allowance(tab, 3)
    quantity(tab, "São Paulo").fill("10")
    price(tab).fill("120000")
    settle(tab)
    expect(card(tab, "4. Services")).to_contain_text("own work order")
    expect(card(tab, "4. Services").get_by_role("link", name="§2.6 M9").last).to_be_visible()


def spend_the_other_years(tab: Page) -> None:
    """The third: the same 10 workshops in Shanghai, 120,000 of 180,000. The second: all of it."""
    quantity(tab, "São Paulo").fill("")
    quantity(tab, "Shanghai").fill("10")
    settle(tab)
    add_line(tab)
    pick(tab, "Support Technology Advisor (STA)")
    pay_with_the_allowance(tab, 2)
    quantity(tab, "Paris").fill("2")
    price(tab).fill("180000")
    add_line(tab)
    expect(card(tab, "Check")).to_contain_text("Can be executed")


def execute_and_give_up_the_rest(tab: Page) -> str:
    """39,000 of year 1 and 60,000 of year 3 are used by no line. Answers with the address."""
    tab.get_by_role("link", name="Execute…").click()
    expect(card(tab, "Flex allowance")).to_contain_text("$99,000 is given up")
    tab.get_by_label("I have read what is granted").check()
    tab.get_by_role("button", name="Execute and give up US$99,000").click()
    expect(heading(tab)).to_contain_text("Work order WO-")
    expect(tab.get_by_role("main")).to_contain_text("In force")
    return tab.url


def buy_for_sao_paulo_on_its_own_order(tab: Page, today: date) -> None:
    """Under the base package of the host's order, with a currency rate of no concern."""
    start = today - timedelta(days=30)
    begin_a_draft(tab, "São Paulo's own", start, add_months(start, 36), "0")
    make_the_draft(tab)
    tab.get_by_label("Shanghai", exact=True).uncheck()
    tab.get_by_label("São Paulo", exact=True).check()
    tab.get_by_role("button", name="Save the locations").click()
    settle(tab)
    pick(tab, "Workshops")
    quantity(tab, "São Paulo").fill("2")
    price(tab).fill("26000")
    add_line(tab)
    expect(card(tab, "Check")).to_contain_text("Can be executed")
    tab.get_by_role("link", name="Execute…").click()
    tab.get_by_label("I have read what is granted").check()
    tab.get_by_role("button", name="Execute the work order").click()
    expect(tab.get_by_role("main")).to_contain_text("In force")


def open_tab(tab: Page, order: str, name: str) -> None:
    tab.goto(order)
    tab.get_by_role("navigation", name="Work order").get_by_role("link", name=name).click()
    settle(tab)


# --- during the term ------------------------------------------------------------------------


def move_credits(tab: Page) -> None:
    """A credit is 600 CNY in Shanghai, at 7.2 83.33 USD, and 80 EUR in Paris, at 0.9 88.89 USD.

    The rate is (600 / 7.2) / (80 / 0.9) = 0.9375: of 100 credits 93.75 arrive, that is 94.
    """
    tab.get_by_role("link", name="Move between locations").click()
    tab.get_by_label("From").select_option("Shanghai")
    tab.get_by_label("To", exact=True).select_option("São Paulo")
    tab.get_by_label("Credits", exact=True).fill("100")
    quote = card(tab, "Quote")
    expect(quote.get_by_role("link", name="§2.6 M17").first).to_be_visible()
    tab.get_by_label("To", exact=True).select_option("Paris")
    expect(quote).to_contain_text("94 credits")
    tab.get_by_role("button", name="Move 100 credits").click()
    expect(card(tab, "Moved between locations")).to_contain_text("Shanghai → Paris")


def redeem_credits(tab: Page) -> None:
    """A chalk-talk worth 4,000 EUR at 80 EUR a credit: 50 credits of Paris."""
    tab.get_by_role("link", name="Redeem credits").click()
    tab.get_by_label("Credits of").select_option("Paris")
    form = card(tab, "Services to buy with credits")
    form.get_by_label("Service").first.select_option("Chalk-talks")
    form.get_by_label("Worth").first.fill("4000")
    tab.get_by_role("button", name="Redeem 50 credits").click()
    expect(card(tab, "Redeemed")).to_contain_text("Chalk-talks")


def exchange_two_workshops(tab: Page) -> None:
    """Two of Shanghai's at 12,000 for one architecture service of 20,000: 4,000 remain."""
    tab.get_by_role("link", name="Ask for an exchange").click()
    source = tab.get_by_label("Give up").locator("option", has_text="Workshops, Shanghai").first
    tab.get_by_label("Give up").select_option(source.get_attribute("value"))
    card(tab, "What for what").get_by_label("How many").first.fill("2")
    tab.get_by_label("For", exact=True).select_option("Architecture Services")
    card(tab, "What for what").get_by_label("How many").last.fill("1")
    tab.get_by_label("At", exact=True).select_option("Shanghai")
    tab.get_by_label("Current price of all").fill("20000")
    expect(card(tab, "Quote")).to_contain_text("$4,000")
    tab.get_by_role("button", name="Ask for this exchange").click()
    tab.get_by_label("Consent of the delivery resource").fill("Ren Abe")
    tab.get_by_label("Written agreement").fill("Letter 7")
    tab.get_by_role("button", name="Exchange US$20,000").click()
    expect(card(tab, "What was decided")).to_contain_text("$4,000")


def amend_with_what_remained(tab: Page, today: date) -> None:
    """A chalk-talk for Shanghai from tomorrow, 3,000 of the 4,000: never fresh allowance."""
    tab.get_by_label("First day").fill((today + timedelta(days=1)).isoformat())
    tab.get_by_label("Title").fill("One more talk")
    tab.get_by_role("button", name="Draft an amendment").click()
    expect(heading(tab)).to_contain_text("One more talk")
    pick(tab, "Chalk-talks")
    expect(tab.get_by_label("Flex allowance", exact=True)).to_have_count(0)
    tab.get_by_label("Exchange value", exact=True).check()
    quantity(tab, "Shanghai").fill("1")
    price(tab).fill("3000")
    add_line(tab)
    expect(card(tab, "Check")).to_contain_text("Can be executed")
    tab.get_by_role("link", name="Execute…").click()
    tab.get_by_label("I have read what is granted").check()
    tab.get_by_role("button", name="Execute").click()
    expect(heading(tab)).to_contain_text("Work order WO-")


# --- the end --------------------------------------------------------------------------------


def end_it_early(tab: Page, order: str, today: date) -> None:
    """What ends with tomorrow, in dollars, before the click:

    credits 200 x 90 + 150 x 90 in their first lots, and the 94 with the value of the 100: 9,000;
    workshops of year 1 at 12,000: 2 + 4, of year 3: 10; the two advisors 180,000; the
    architecture service 20,000; exchange value 1,000; the amendment's talk 3,000; São Paulo's
    workshops 26,000: together 462,500. And the talk bought with credits, 4,000 euros.
    """
    tab.goto(order)
    tab.get_by_role("link", name="End early…").click()
    tab.get_by_label("Last day in force").fill((today + timedelta(days=1)).isoformat())
    tab.get_by_label("Reason").fill("The business is sold")
    settle(tab)
    radius = tab.locator("#radius")
    expect(radius).to_contain_text("US$462,500, €4,000")
    concerned = card(tab, "Other work orders concerned")
    expect(concerned).to_contain_text("One more talk")
    expect(concerned).to_contain_text("São Paulo's own")
    tab.get_by_role("button", name="End the order early").click()
    expect(tab.get_by_role("status")).to_contain_text("The end of the order is recorded")


def read_the_statement(tab: Page, customer: Customer, today: date) -> None:
    """All work orders as of two days after the end: everything that came is accounted for.

    Columns: what, where, unit, movements, opening, added, taken, closing.
    """
    tab.goto(f"/orders/statements/{customer.pk}/?as_of={today + timedelta(days=3)}")
    rows = tab.get_by_role("table").first.locator("tbody tr:not(.p-grp)")
    told = [tuple(row.locator("th,td").all_inner_texts()) for row in rows.all()]
    nothing, all_of_it = "US$0", "US$180,000"
    assert told == [
        # Allotted 180,000; committed 45,000 + 96,000 in one act; forfeited 39,000.
        (
            "Flex allowance, contract year 1",
            "–",
            "USD",
            "3",
            nothing,
            all_of_it,
            all_of_it,
            nothing,
        ),
        # Allotted and committed 180,000; nothing to forfeit.
        (
            "Flex allowance, contract year 2",
            "–",
            "USD",
            "2",
            nothing,
            all_of_it,
            all_of_it,
            nothing,
        ),
        # Allotted 180,000; committed 120,000; forfeited 60,000.
        (
            "Flex allowance, contract year 3",
            "–",
            "USD",
            "3",
            nothing,
            all_of_it,
            all_of_it,
            nothing,
        ),
        # Come by the exchange, lapsed.
        ("Architecture Services", "Shanghai", "delivery", "2", "0", "1", "1", "0"),
        # Bought with 50 credits, lapsed.
        ("Chalk-talks", "Paris", "delivery", "2", "0", "1", "1", "0"),
        # Granted 4 of year 1 and 10 of year 3; 2 exchanged; 2 and 10 lapsed.
        ("Workshops", "Shanghai", "delivery", "5", "0", "14", "14", "0"),
        ("Workshops", "Paris", "delivery", "2", "0", "4", "4", "0"),
        ("Support Technology Advisor (STA)", "Paris", "delivery", "2", "0", "2", "2", "0"),
        # Granted 300; 100 moved; 200 lapsed.
        ("Proactive Credits", "Shanghai", "credit", "3", "0", "300", "300", "0"),
        # Granted 200, received 94; 50 redeemed of the first lot; 150 and 94 lapsed.
        ("Proactive Credits", "Paris", "credit", "5", "0", "294", "294", "0"),
        # 24,000 given up for 20,000: 4,000 remain; the amendment takes 3,000; 1,000 lapse.
        (
            "Exchange value, contract year 1",
            "Shanghai",
            "USD",
            "3",
            nothing,
            "US$4,000",
            "US$4,000",
            nothing,
        ),
        # Its own order ends with the base package of the host's.
        ("Workshops", "São Paulo", "delivery", "2", "0", "2", "2", "0"),
        # Of the amendment.
        ("Chalk-talks", "Shanghai", "delivery", "2", "0", "1", "1", "0"),
    ]
