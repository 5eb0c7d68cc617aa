"""The workspace: Today, customers, their home, search; who finds what there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from services.scheduling.models import Booking
from tests import factories
from ussd_portal.queries import holdings
from ussd_portal.queries.customer_home import read_customer_home
from ussd_portal.queries.risk import risk_rows
from ussd_portal.queries.today import read_today
from workorders.actions import orders
from workorders.actions.deadlines import set_deadline
from workorders.actions.holdings import redeem_credits
from workorders.queries.risk import value_at_risk

pytestmark = pytest.mark.django_db

# No more for any number of customers: the whole day is read at once.
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _now(at, now):
    at(now)


def agreement(by: User):
    """A customer of the CSAM with four workshops until June 2027."""
    place = factories.host()
    factories.assignment(user=by, customer=place.customer)
    return factories.season(place.customer, by=by)


def test_the_days_left_to_request_are_counted_at_the_host(csam, at, sign_in):
    order = agreement(csam)
    reader = factories.viewer(order.customer, time_zone="America/New_York")
    # The last day to request is 1 May: Berlin has begun 28 April, New York hasn't.
    at(datetime(2027, 4, 27, 23, 30, tzinfo=UTC))

    page = " ".join(sign_in(reader).get("/").text.split())

    assert "2027, in 3 days" in page


# --- Today ----------------------------------------------------------------------------------


@pytest.mark.parametrize("customers", [1, 12])
def test_today_costs_the_same_for_any_number_of_customers(
    csam, now, customers, django_assert_max_num_queries
):
    for _number in range(customers):
        agreement(csam)

    with django_assert_max_num_queries(MOST_QUERIES):
        day = read_today(csam, now=now, today=now.date())

    assert len(day.portfolio) == customers


def test_what_is_left_is_at_risk_until_it_is_booked(csam, now):
    order = agreement(csam)
    entitlement = order.entitlements.get()

    before = risk_rows(value_at_risk(csam, now=now), today=now.date())
    factories.booking(entitlement, quantity=1)
    after = risk_rows(value_at_risk(csam, now=now), today=now.date())

    assert [row.left for row in before] == [Money(400_000, "EUR")]
    assert [row.left for row in after] == [Money(300_000, "EUR")]
    assert before[0].lapses_on == date(2027, 6, 30)
    assert before[0].request_until == date(2027, 5, 1)
    # 4,000 euros at 0.92 to the dollar are 4,347.83 dollars.
    assert before[0].dollars == Money(434_783, "USD")


def test_pace_sets_use_and_bookings_against_the_contract_year(csam, now):
    order = agreement(csam)
    factories.booking(order.entitlements.get(), quantity=1)
    held = holdings.standings_by_order([order], viewer=csam)[order.pk]

    pace = holdings.pace_of(order, held, today=now.date())

    # 1 July to 23 November 2026 are 146 of 365 days.
    assert (pace.elapsed, pace.used, pace.booked, pace.left) == (40, 0, 25, 75)


def test_what_credits_bought_is_left_until_it_is_used(csam, now):
    order = agreement(csam)
    place = order.order_locations.get().location
    factories.credit_value(place.country, 10_000, currency="EUR")
    factories.holding(
        order, offering=factories.offering("proactive-credits", order.edition), unit="credit",
        quantity=100, value=Money(1_000_000, "EUR"),
    )  # fmt: skip
    chosen = [(factories.offering("workshops", order.edition), Money(300_000, "EUR"))]
    redeem_credits(
        order=order, location=place, lines=chosen, approved_on=now.date(), by=csam, now=now
    )

    home = read_customer_home(csam, now=now, today=now.date())

    # Granted: four workshops for 4,000 and 100 credits for 10,000. 30 credits became a workshop
    # worth 3,000 that nobody has used yet: everything is left.
    assert (home.worth.granted.minor, home.worth.used.minor, home.worth.left.minor) == (
        1_400_000,
        0,
        1_400_000,
    )
    assert home.worth.left.minor == sum(one.value.minor for one in value_at_risk(csam, now=now))
    assert home.pace.used == 0


def test_pace_and_home_count_the_orders_own_currency(csam, now):
    order = agreement(csam)
    factories.booking(order.entitlements.get(), quantity=1)
    factories.holding(order, quantity=2, value=Money(9_000_000, "JPY"))

    home = read_customer_home(csam, now=now, today=now.date())

    assert (home.pace.used, home.pace.booked) == (0, 25)
    assert (home.worth.granted, home.worth.booked) == (Money(400_000, "EUR"), Money(100_000, "EUR"))
    assert home.is_mixed


def test_an_amendment_counts_with_its_order_and_leads_nothing(csam, now):
    order = agreement(csam)
    factories.booking(order.entitlements.get(), quantity=1)
    more = orders.draft_amendment(order=order, by=csam, now=now)
    factories.line(more, quantity=1)
    factories.executed(more, now=now)

    row = read_today(csam, now=now, today=now.date()).portfolio[0]
    home = read_customer_home(csam, now=now, today=now.date())

    assert (row.order, home.order) == (order, order)
    # One of five workshops is booked, over the 40 percent of the term that are gone.
    assert (row.pace.elapsed, row.pace.booked) == (40, 20)
    assert [(each.total.granted, each.total.left) for each in home.rows] == [(5, 4)]
    assert home.worth.left == Money(400_000, "EUR")


def test_a_waiting_request_stands_in_the_queue_and_among_the_figures(csam, now):
    order = agreement(csam)
    factories.service_request(order.entitlements.get())

    day = read_today(csam, now=now, today=now.date())

    assert day.figures.requests == 1
    assert [item.kind for item in day.queue.rows] == ["request"]


def test_deadlines_within_seven_days_reach_from_today_over_the_week_end(csam, now, sign_in):
    customer = agreement(csam).customer
    sunday = now.replace(day=29)
    for days in (-1, 0, 6, 7):
        last = sunday.date() + timedelta(days=days)
        set_deadline(
            customer=customer, kind="mcsap_intake", subject_key=f"line:{days}", owner="customer",
            zone="Europe/Berlin", due=Explained(last, (), (), ("2.4-AP10",)), now=now,
        )  # fmt: skip

    figures = read_today(csam, now=sunday, today=sunday.date()).figures
    shown = sign_in(csam).get(
        reverse("workorders:deadline-list"),
        {"status": "open", "since": figures.week_start, "until": figures.week_end},
    )

    assert (figures.week_start, figures.week_end) == (date(2026, 11, 29), date(2026, 12, 5))
    assert figures.deadlines == len(shown.context["rows"]) == 2


def test_the_last_free_day_to_cancel_shows_what_the_next_day_costs(csam, now):
    order = agreement(csam)
    starts = now.replace(hour=8, minute=0) + timedelta(days=14)
    booking = factories.booking(
        order.entitlements.get(),
        starts_at=starts,
        ends_at=starts + timedelta(hours=6),
        title="Identity",
        now=now - timedelta(days=3),
    )

    [item] = read_today(csam, now=now, today=now.date(), kind="deadline").queue.rows

    assert item.title == "Identity on 7 Dec: last free day to cancel"
    assert item.detail == "From the next day cancelling costs 50\N{NO-BREAK SPACE}%, €500"
    assert item.url == reverse("scheduling:booking-detail", args=[booking.pk])
    assert item.clause == "2.7-T17"


def test_the_queue_filters_by_customer_and_the_fragment_is_the_page_s_own(csam, sign_in):
    first, second = agreement(csam), agreement(csam)
    factories.service_request(first.entitlements.get())
    factories.service_request(second.entitlements.get())
    client = sign_in(csam)
    url = f"/?customer={first.customer_id}"

    page = client.get(url)
    fragment = client.get(url, headers={"HX-Request": "true"})

    assert len(page.context["day"].queue.rows) == 1
    assert fragment.text.strip() in page.text


def test_a_csam_without_customers_sees_an_honest_empty_page(csam, sign_in):
    page = sign_in(csam).get("/")

    assert "No customer is assigned to you" in page.text
    assert "Nothing needs an action" in page.text


def test_the_export_holds_every_row_and_keeps_formulas_from_running(csam, sign_in):
    order = agreement(csam)
    order.customer.name = "=HYPERLINK(1)"
    order.customer.save()
    factories.service_request(order.entitlements.get())

    answer = sign_in(csam).get(reverse("queue-export"))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "'=HYPERLINK(1)" in answer.content.decode()


def test_the_export_is_for_account_managers_alone(sign_in):
    place = factories.host()

    answer = sign_in(factories.customer_administrator(place.customer)).get(reverse("queue-export"))

    assert answer.status_code == 404


# --- homes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", [User.Role.CATALOGUE_ADMINISTRATOR, User.Role.SYSTEM_ADMINISTRATOR]
)
def test_administrators_start_in_the_administration(role, sign_in):
    answer = sign_in(factories.user(role)).get("/")

    assert answer.headers["Location"] == reverse("admin:index")


def test_a_customer_sees_what_it_has_and_what_will_lapse(csam, sign_in):
    order = agreement(csam)
    client = sign_in(factories.customer_administrator(order.customer))

    home = client.get("/").context["home"]

    assert home.customer == order.customer
    assert [(row.offering.code, row.total.left) for row in home.lapsing] == [("workshops", 4)]
    assert home.worth.left == Money(400_000, "EUR")
    assert home.request_until == date(2027, 5, 1)


def test_a_location_contact_sees_nothing_of_other_locations(csam, sign_in):
    order = agreement(csam)
    elsewhere = factories.location(order.customer)

    home = sign_in(factories.location_contact(elsewhere)).get("/").context["home"]

    assert home.rows == []


def test_somebody_without_a_customer_is_told_so(sign_in):
    page = sign_in(factories.user(User.Role.CUSTOMER_VIEWER)).get("/")

    assert "No customer is linked to you" in page.text


# --- customers and search -------------------------------------------------------------------


def test_a_customer_s_page_is_a_404_for_strangers(csam, sign_in):
    order = agreement(csam)

    mine = sign_in(csam).get(reverse("customer-detail", args=[order.customer_id]))
    foreign = sign_in(factories.csam()).get(reverse("customer-detail", args=[order.customer_id]))

    assert mine.status_code == 200
    assert foreign.status_code == 404


@pytest.mark.parametrize("customers", [1, 30])
def test_the_list_of_customers_costs_the_same_at_any_length(
    csam, sign_in, customers, django_assert_max_num_queries
):
    for _number in range(customers):
        place = factories.host()
        factories.assignment(user=csam, customer=place.customer)
    client = sign_in(csam)

    with django_assert_max_num_queries(14):
        page = client.get(reverse("customer-list"))

    assert len(page.context["rows"]) == min(customers, 25)


def test_customers_are_found_by_their_locations(csam, sign_in):
    order = agreement(csam)
    place = order.order_locations.get().location
    other = factories.host()
    factories.assignment(user=csam, customer=other.customer)

    page = sign_in(csam).get(reverse("customer-list"), {"q": place.name})

    assert list(page.context["page_obj"]) == [order.customer]


def test_the_list_of_customers_found_in_place_equals_the_page_reloaded(csam, sign_in):
    order = agreement(csam)
    client = sign_in(csam)

    for words in ("", order.customer.name, "nobody has this name"):
        page = client.get(reverse("customer-list"), {"q": words})
        part = client.get(reverse("customer-list"), {"q": words}, headers={"HX-Request": "true"})
        assert part.text.strip() in page.text
        assert "<html" not in part.text


def test_the_list_of_customers_names_health_and_the_next_deadline(csam, sign_in):
    order = agreement(csam)

    [row] = sign_in(csam).get(reverse("customer-list")).context["rows"]

    assert (row.customer, row.health, row.reason) == (order.customer, "risk", ("behind", 40))
    assert row.next_deadline.due_on == date(2027, 5, 1)


def test_a_lead_adds_customers_and_assigns_from_the_list(csam, sign_in):
    place = factories.host()
    lead = factories.lead(place.customer.team)
    factories.assignment(user=csam, customer=place.customer)
    assign = reverse("accounts:assignment-list", args=[place.customer_id])

    of_lead = sign_in(lead).get(reverse("customer-list")).text
    of_csam = sign_in(csam).get(reverse("customer-list")).text

    for url in (reverse("accounts:customer-create"), assign):
        assert (f'href="{url}"' in of_lead, f'href="{url}"' in of_csam) == (True, False)
    assert assign in sign_in(lead).get(reverse("customer-detail", args=[place.customer_id])).text


def test_an_empty_list_of_customers_says_what_to_do(csam, sign_in):
    lead = factories.lead(factories.team())
    of_csam = sign_in(csam).get(reverse("customer-list")).text
    nothing = sign_in(csam).get(reverse("customer-list"), {"q": "x"}).text
    of_lead = sign_in(lead).get(reverse("customer-list")).text

    assert "No customer is assigned to you" in of_csam
    assert "No customer matches" in nothing
    assert "No customer yet" in of_lead


def test_search_finds_orders_bookings_and_services_but_nothing_foreign(csam, sign_in):
    order = agreement(csam)
    booking = factories.booking(order.entitlements.get(), title="Quorum")
    url = reverse("search")

    assert list(sign_in(csam).get(url, {"q": order.number}).context["found"]["orders"]) == [order]
    assert list(sign_in(csam).get(url, {"q": "quorum"}).context["found"]["bookings"]) == [booking]
    found = sign_in(factories.csam()).get(url, {"q": order.number}).context["found"]
    assert list(found["orders"]) == []
    services = sign_in(csam).get(url, {"q": "workshop"}).context["found"]["offerings"]
    assert "workshops" in [one.code for one in services]


@pytest.mark.parametrize("words", ["", "\x00", "%", "' OR 1=1 --", "💥", "‮abc", "x" * 5000])
def test_search_takes_any_words(csam, sign_in, words):
    answer = sign_in(csam).get(reverse("search"), {"q": words})

    assert answer.status_code in (200, 400)
    assert Booking.objects.count() == 0
