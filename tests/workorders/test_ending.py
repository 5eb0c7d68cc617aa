"""Early termination: what ends with the order, told before the click and the same after it."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.rules.money import Money
from services.catalog.queries import facts_of
from tests import factories
from workorders.actions import lapses, orders
from workorders.actions.holdings.value import add_exchange_value
from workorders.actions.orders.recalculation import recalculate_order_dates
from workorders.models import Deadline, Entitlement, WorkOrder
from workorders.queries.dependants import dependants_of
from workorders.queries.ending import ending_of, termination_of
from workorders.queries.ledger import verify_ledger
from workorders.queries.risk import paces
from workorders.queries.terms import state_of
from workorders.rules.term import Period, co_terminated

pytestmark = pytest.mark.django_db
# The order of `season` runs from 1 July 2026 to 30 June 2027; today is 23 November 2026.
LAST = date(2026, 12, 31)
ENROLLED = [orders.Scope("subscription", "6f0c-production")]


@pytest.fixture
def edition():
    return factories.published_edition(
        factories.small_edition_data(*factories.SOLD, *factories.SCHEDULED)
    )


@pytest.fixture
def order(edition):
    return factories.season()


def by(order, now=factories.NOW):
    return {"by": order.created_by, "now": now}


def terminate(order, on=LAST, now=factories.NOW):
    return orders.terminate_order(order=order, on=on, reason="Merged", **by(order, now))


def amended(order, starts_on=date(2026, 11, 23), **fields):
    draft = orders.draft_amendment(order=order, starts_on=starts_on, **by(order))
    factories.line(draft, **fields)
    return orders.execute_order(order=draft, **by(order))


def after(order):
    order.refresh_from_db()
    return ending_of(order, order.terminated_on, done_at=termination_of(order))


def told(ending):
    """All figures of an ending, to be compared."""
    return {
        "value": (ending.value_left, ending.value_booked, ending.value_of_bookings),
        "services": [(one.line.pk, one.fate) for one in ending.services],
        "holdings": [
            (one.order.pk, one.entitlement and one.entitlement.pk, one.left, one.booked)
            for one in ending.holdings
        ],
        "bookings": [
            (one.deadline.subject_key, one.quantity, one.value) for one in ending.bookings
        ],
        "deadlines": sorted(
            (one.deadline.kind, one.deadline.subject_key, one.deadline.due_on, one.moved_to)
            for one in ending.deadlines
        ),
        "others": [one.number for one in (*ending.amendments, *ending.dependants)],
        "included": ending.included,
    }


# --- the rule -------------------------------------------------------------------------------


@pytest.mark.clause("2.3-OT4", "2.5-ED9", "2.5-RD11", "2.4-AW4", "2.1-B1", "0-C16")
@pytest.mark.parametrize(
    ("code", "clause"),
    [
        ("designated-engineering", "2.3-OT4"),
        ("enhanced-designated-engineering", "2.5-ED9"),
        ("workshops", "2.1-B1"),
    ],
)
def test_a_service_ends_with_its_agreement_by_its_own_clause(edition, code, clause):
    facts = facts_of(factories.offering(code, edition))
    fate = co_terminated(facts, own_end=date(2027, 6, 30), base_end=LAST)
    assert (fate.result, fate.clauses) == ("ended", (clause,))


@pytest.mark.clause("2.4-AP46")
def test_mcsap_with_an_end_of_its_own_is_suspended_unless_another_base_covers_it(edition):
    facts = facts_of(factories.offering("mcsap", edition))
    own_end = date(2027, 6, 30)
    assert co_terminated(facts, own_end=own_end, base_end=LAST).result == "suspended"
    renewal = [Period(date(2027, 1, 1), date(2027, 12, 31))]
    kept = co_terminated(facts, own_end=own_end, base_end=LAST, renewals=renewal)
    assert (kept.result, kept.clauses) == ("active", ("2.4-AP46",))
    assert co_terminated(facts, own_end=None, base_end=LAST).result == "ended"
    assert co_terminated(facts, own_end=LAST, base_end=LAST).result == "ended"


# --- the radius -----------------------------------------------------------------------------


@pytest.mark.clause("2.7-T10", "0-C16")
def test_the_radius_counts_services_value_bookings_and_deadlines(order):
    held = Entitlement.objects.get(order=order)
    factories.booking(held)
    later = {
        "starts_at": datetime(2027, 1, 14, 8, tzinfo=UTC),
        "ends_at": datetime(2027, 1, 14, 16, tzinfo=UTC),
    }
    factories.booking(held, **later)
    ending = ending_of(order, LAST)
    # Four workshops for 4,000: one booked for 17 December, one for 14 January, two left.
    assert ending.value_left == [Money(200_000, "EUR")]
    assert ending.value_booked == [Money(200_000, "EUR")]
    assert ending.value_of_bookings == [Money(100_000, "EUR")]
    assert [one.line.offering.code for one in ending.services] == ["workshops"]
    assert ending.services[0].fate.result == "ended"
    assert [one.deadline.due_on for one in ending.bookings] == [date(2027, 1, 14)]
    # 60 days before 31 December is 1 November: already over, and still what the dates say.
    assert sorted((one.deadline.kind, one.moved_to) for one in ending.deadlines) == [
        ("expiry", LAST),
        ("request_cutoff", date(2026, 11, 1)),
    ]


def test_what_is_told_before_the_click_is_told_after_it(order):
    held = Entitlement.objects.get(order=order)
    for month in (12, 1):
        year = 2026 if month == 12 else 2027
        factories.booking(
            held,
            starts_at=datetime(year, month, 14, 8, tzinfo=UTC),
            ends_at=datetime(year, month, 14, 16, tzinfo=UTC),
        )
    amended(order, quantity=2)
    amended(order, starts_on=date(2027, 2, 1), quantity=1)
    add_exchange_value(
        order=order,
        location=held.location,
        value=Money(5_000, "EUR"),
        on=date(2026, 11, 23),
        flex_year=None,
        subject_key="x",
        **by(order),
    )
    before = told(ending_of(order, LAST))
    # 2 of 4 workshops, 2 and 1 of the amendments, each 1,000; and 50 of exchange value.
    assert before["value"][0] == [Money(505_000, "EUR")]
    assert before["others"] == [f"{order.number}/A1", f"{order.number}/A2"]
    terminate(order)
    assert told(after(order)) == before
    lapses.lapse_entitlements(now=datetime(2027, 1, 1, 12, tzinfo=UTC))
    assert told(after(order)) == before
    assert verify_ledger().in_order


def test_a_line_that_was_over_by_then_isnt_told(edition):
    draft = factories.draft(starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))
    factories.line(draft, ends_on=date(2026, 9, 30))
    order = factories.executed(draft)
    ending = ending_of(order, LAST)
    assert (ending.services, ending.holdings, ending.value_left) == ((), (), [])


def test_standing_services_are_told_as_services_not_as_value(edition):
    draft = factories.draft(starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))
    factories.line(draft, "mcsap", 1, unit="subscription", scopes=ENROLLED)
    order = factories.executed(draft)
    ending = ending_of(order, LAST)
    assert [one.line.offering.code for one in ending.services] == ["mcsap"]
    assert ending.value_left == []


# --- what goes along ------------------------------------------------------------------------


@pytest.mark.clause("2.1-B8", "0-C16")
def test_amendments_end_with_the_order(order):
    first = amended(order)
    second = amended(order, starts_on=date(2027, 2, 1))
    terminate(order)
    for amendment in (first, second):
        amendment.refresh_from_db()
        assert (amendment.terminated_on, amendment.termination_reason) == (LAST, "Merged")
        assert state_of(amendment, now=datetime(2027, 1, 1, 9, tzinfo=UTC)) == "terminated"
    assert Entitlement.objects.get(order=first).usable_until == LAST
    waiting = Deadline.objects.open()
    assert sorted(waiting.filter(order=first).values_list("kind", "due_on")) == [
        ("expiry", LAST),
        ("request_cutoff", date(2026, 11, 1)),
    ]
    assert not waiting.filter(order=second).exists()


def test_a_draft_of_an_amendment_ends_earlier_as_well(order):
    near = orders.draft_amendment(order=order, **by(order))
    far = orders.draft_amendment(order=order, starts_on=date(2027, 2, 1), **by(order))
    terminate(order)
    near.refresh_from_db()
    far.refresh_from_db()
    assert (near.ends_on, near.version) == (LAST, 2)
    assert (far.ends_on, far.version) == (date(2027, 6, 30), 1)


def test_an_amendment_can_be_ended_alone(order):
    amendment = amended(order)
    terminate(amendment)
    order.refresh_from_db()
    assert order.terminated_on is None
    assert after(amendment).amendments == ()


@pytest.mark.clause("2.1-B1")
def test_services_of_other_orders_end_with_the_base_package_that_carries_them(order):
    other = factories.draft(
        order.customer,
        by=order.created_by,
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 6, 30),
        base_price_minor=0,
    )
    factories.line(other, quantity=3)
    factories.executed(other)
    assert dependants_of(order, LAST) == [other]
    ending = ending_of(order, LAST)
    assert ending.value_left == [Money(700_000, "EUR")]
    before = told(ending)
    terminate(order)
    assert told(after(order)) == before
    assert Entitlement.objects.get(order=other).usable_until == LAST
    other.refresh_from_db()
    assert other.terminated_on is None
    assert dependants_of(other, LAST) == []


@pytest.fixture
def dependent(order):
    """An order of the same customer that sells workshops for the allowance, and UER."""
    other = factories.draft(
        order.customer,
        by=order.created_by,
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 8, 31),
        base_price_minor=0,
    )
    orders.set_flex_years(order=other, allotments={1: 300_000}, **by(order))
    factories.line(other, quantity=3, funding="flex", flex_year=1)
    return factories.executed(other)


def dates(order):
    """The standing dates of an order by kind."""
    rows = Deadline.objects.current().filter(order=order).order_by("due_on")
    return [(row.kind, row.due_on) for row in rows]


@pytest.mark.clause("2.1-B1", "2.2-F4", "0-C16")
def test_dates_of_orders_under_the_ended_base_package_move_or_fall(order, dependent):
    booking = factories.booking(
        factories.holding(dependent, usable_until=date(2027, 8, 31)),
        starts_at=datetime(2027, 2, 1, 8, tzinfo=UTC),
        ends_at=datetime(2027, 2, 1, 16, tzinfo=UTC),
    )
    count = Deadline.objects.count()
    before = told(ending_of(order, LAST))
    assert (f"order:{dependent.pk}", date(2027, 7, 2), None) in [
        row[1:] for row in before["deadlines"]
    ]
    terminate(order)
    assert told(after(order)) == before
    kept = dates(dependent)
    # Its own expiry stays; the allowance is used by the end of the base package.
    assert [row for row in kept if row[1] > LAST] == [("expiry", date(2027, 8, 31))]
    assert ("contract_year_end", LAST) in kept
    assert not Deadline.objects.current().filter(
        subject_key=f"booking:{booking.pk}", due_on__gt=LAST
    )
    # Nothing is deleted: what moved or fell stays as history.
    assert Deadline.objects.count() > count
    recalculate_order_dates(customer=order.customer, now=factories.NOW)
    assert dates(dependent) == kept
    # Ending it as well brings nothing back.
    orders.terminate_order(order=dependent, on=date(2027, 3, 31), reason="Merged", **by(order))
    assert ("contract_year_end", LAST) in dates(dependent)


@pytest.mark.clause("2.1-B1", "2.1-B8")
def test_amendments_of_such_an_order_lose_their_services_too(order, dependent):
    change = amended(dependent, quantity=2)
    assert dependants_of(order, LAST) == [dependent, change]
    terminate(order)
    assert Entitlement.objects.get(order=change).usable_until == LAST
    change.refresh_from_db()
    assert change.terminated_on is None


@pytest.mark.clause("2.1-B1", "2.4-AP46")
def test_drafts_that_amend_such_an_order_end_earlier_unless_theirs_is_suspended(order, dependent):
    ended, suspended = (orders.draft_amendment(order=dependent, **by(order)) for _ in range(2))
    factories.line(ended)
    factories.line(suspended, "mcsap", 1, unit="subscription", scopes=ENROLLED)
    terminate(order)
    for draft in (ended, suspended):
        draft.refresh_from_db()
    assert (ended.ends_on, suspended.ends_on) == (LAST, dependent.ends_on)


def test_the_page_and_the_api_tell_of_such_dates(order, dependent, client):
    page = client.get(
        reverse("workorders:order-terminate", args=[order.pk]), {"on": LAST.isoformat()}
    ).content.decode()
    assert dependent.number in page
    told = client.get(f"/api/v1/orders/{order.pk}/ending/?on={LAST}").json()
    moved = [one for one in told["deadlines"] if one["order"] == dependent.pk]
    assert {one["moved_to"] for one in moved} == {None, LAST.isoformat()}


def test_orders_under_a_base_package_of_their_own_go_on(order):
    draft = factories.draft(
        order.customer,
        by=order.created_by,
        starts_on=date(2026, 8, 1),
        ends_on=date(2027, 7, 31),
    )
    second = factories.executed(draft)
    third = factories.draft(
        order.customer,
        by=order.created_by,
        starts_on=date(2026, 9, 1),
        ends_on=date(2027, 6, 30),
        base_price_minor=0,
    )
    factories.line(third)
    factories.executed(third)
    assert dependants_of(order, LAST) == []
    assert dependants_of(second, LAST) == [third]


# --- pages and API --------------------------------------------------------------------------


def url_of(name, *args):
    return reverse(f"workorders:{name}", args=args)


@pytest.fixture
def client(order, sign_in, at, now):
    at(now)
    return sign_in(order.created_by)


def test_the_page_tells_the_radius_of_the_day_that_is_typed(order, client):
    url = url_of("order-terminate", order.pk)
    amended(order, starts_on=date(2027, 2, 1))
    page = client.get(url, {"on": "2026-12-31", "reason": "Merged"}).content.decode()
    assert "€8,000" in page
    assert "Merged" in page
    swapped = client.get(url, {"on": "2026-12-31"}, headers={"HX-Request": "true"})
    fragment = swapped.content.decode()
    assert fragment.strip().startswith('<div id="radius"')
    assert fragment.strip() in page
    for day in ("2027-06-30", "2026-11-22"):
        assert b"Nothing ends early on that day" in client.get(url, {"on": day}).content
    assert client.get(url, {"on": "soon"}).status_code == 200


def test_an_amendment_that_never_begins_is_still_read(order, client):
    amendment = amended(order, starts_on=date(2027, 2, 1))
    terminate(order, on=date(2027, 1, 31))
    for name in ("order-detail", "order-deadlines", "order-history", "order-ended"):
        assert client.get(url_of(name, amendment.pk)).status_code == 200
    amendment.refresh_from_db()
    (pace,) = paces([amendment], now=factories.NOW)
    assert pace.term_percent == 0


def test_ending_leads_to_the_same_figures(order, client):
    url = url_of("order-terminate", order.pk)
    assert client.get(url_of("order-ended", order.pk)).status_code == 404
    before = client.get(url, {"on": "2026-12-31"}).context["ending"]
    done = client.post(url, {"on": "2026-12-31", "reason": "Merged"})
    assert done.url == url_of("order-ended", order.pk)
    shown = client.get(done.url)
    assert told(shown.context["ending"]) == told(before)
    assert b"Merged" in shown.content
    page = client.get(url_of("order-detail", order.pk)).content.decode()
    assert f'href="{done.url}"' in page


def test_a_refused_end_still_shows_what_would_end(order, client):
    url = url_of("order-terminate", order.pk)
    refused = client.post(url, {"on": "2026-12-31", "reason": " "})
    assert refused.status_code == 422
    assert refused.context["ending"].on == LAST
    assert client.post(url, {"on": "2027-06-30", "reason": "x"}).context["ending"] is None


def test_customers_and_strangers_dont_see_the_radius(order, sign_in):
    for person in (factories.customer_administrator(order.customer), factories.csam()):
        client = sign_in(person)
        for url in (
            url_of("order-terminate", order.pk),
            url_of("order-ended", order.pk),
            f"/api/v1/orders/{order.pk}/ending/",
        ):
            assert client.get(url).status_code == 404


def test_the_api_tells_the_radius(order, client):
    url = f"/api/v1/orders/{order.pk}/ending/"
    before = client.get(url, {"on": "2026-12-31"}).json()
    assert before["value_left"] == [{"amount": "4000.00", "currency": "EUR"}]
    assert before["services"][0] | {"line": 0, "order": 0} == {
        "order": 0,
        "line": 0,
        "offering": "workshops",
        "own_end": None,
        "state_after": "ended",
        "clauses": ["2.1-B1"],
    }
    assert [row["moved_to"] for row in before["deadlines"]] == ["2026-11-01", "2026-12-31"]
    terminate(order)
    assert client.get(url).json() == before
    assert client.get(url, {"on": "x"}).status_code == 400


def test_the_radius_costs_as_many_queries_for_thirty_lines_as_for_one(order):
    with CaptureQueriesContext(connection) as one:
        ending_of(WorkOrder.objects.get(pk=order.pk), LAST)
    draft = factories.draft(starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30))
    for _number in range(30):
        factories.line(draft)
    wide = factories.executed(draft)
    with CaptureQueriesContext(connection) as many:
        ending = ending_of(WorkOrder.objects.get(pk=wide.pk), LAST)
    assert len(ending.services) == 30
    assert len(many) == len(one)


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("2027-06-30", "not_earlier"),
        ("2027-07-01", "not_earlier"),
        ("2026-11-22", "in_the_past"),
    ],
)
def test_the_api_tells_no_radius_of_a_day_on_which_the_order_cannot_end(order, client, on, code):
    told = client.get(f"/api/v1/orders/{order.pk}/ending/", {"on": on})

    assert (told.status_code, told.json()["code"]) == (422, code)


def test_the_api_tells_no_radius_of_an_order_that_is_over(order, sign_in, at):
    at(datetime(2027, 7, 1, 9, tzinfo=UTC))

    told = sign_in(order.created_by).get(f"/api/v1/orders/{order.pk}/ending/")

    assert (told.status_code, told.json()["code"]) == (422, "order_ended")
