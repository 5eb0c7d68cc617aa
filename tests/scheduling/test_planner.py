"""The planner over a customer's entitlements, bookings and calendars."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import LocationHoliday
from accounts.rules.money import Money
from services.scheduling.queries.planner import read_plan
from services.scheduling.queries.wishes import Pin, Wishes
from tests import factories
from workorders.actions import holdings

pytestmark = pytest.mark.django_db
NOW = factories.NOW
EVERY_DAY = Wishes(per_week=5)


@pytest.fixture
def held():
    """Four workshops until 30 June 2027, to be requested until 1 May."""
    return factories.season().entitlements.get()


@pytest.fixture
def person(held):
    return held.order.created_by


def days(made) -> list[date]:
    return [step.first_day for step in made.steps]


def planned(held, wishes=EVERY_DAY, *, now=NOW, by=None):
    return read_plan(by or held.order.created_by, held.order.customer, wishes, now=now)


def reasons(made) -> dict[str, int]:
    return {one.reason: one.quantity for one in made.left_out}


def test_what_is_left_is_planned_on_business_days_after_the_lead(held):
    LocationHoliday.objects.create(location=held.location, on=date(2026, 12, 8), name="Feast")

    made = planned(held)

    # 14 days after Monday 23 November; the 8th is a holiday there.
    assert days(made) == [date(2026, 12, day) for day in (7, 9, 10, 11)]
    assert [step.book_by for step in made.steps][:2] == [date(2026, 11, 23), date(2026, 11, 25)]
    assert made.steps[0].value == Money(100_000, "EUR")
    assert (made.left_out, made.decisions, made.enough_per_week) == ([], [], None)


def test_sessions_are_spread_over_the_weeks(held):
    made = planned(held, Wishes(per_week=1))

    assert days(made) == [date(2026, 12, day) for day in (9, 16, 23, 30)]


def test_standing_bookings_keep_their_days_and_count_towards_the_week(held):
    factories.booking(held)  # Thursday 17 December

    made = planned(held, Wishes(per_week=1))

    assert days(made) == [date(2026, 12, day) for day in (9, 23, 30)]


def test_what_lapses_first_is_planned_first(held):
    short = factories.holding(held.order, usable_until=date(2026, 12, 8), quantity=1)

    made = planned(held)

    assert made.steps[0].entitlement == short
    assert days(made)[0] == date(2026, 12, 7)


def test_the_last_day_for_requests_bounds_the_day_by_which_to_book(held):
    now = datetime(2027, 4, 20, 9, tzinfo=UTC)

    made = planned(held, Wishes(lead_days=45, per_week=1), now=now)

    # 45 days ahead of sessions in June lies in May; 1 May is the last day to request.
    assert {step.book_by for step in made.steps} <= {
        date(2027, 4, day) for day in range(20, 31)
    } | {date(2027, 5, 1)}
    assert made.steps[-1].book_by == date(2027, 5, 1)


def test_after_the_cut_off_only_what_was_asked_for_is_planned(held):
    factories.service_request(held, data_complete=True)

    made = planned(held, now=datetime(2027, 5, 2, 9, tzinfo=UTC))

    assert len(made.steps) == 1
    assert reasons(made) == {"past_cutoff": 3}
    assert made.left_out[0].clauses == ("2.8-C20",)
    assert made.left_out[0].value == Money(300_000, "EUR")


def test_a_plan_says_what_has_too_few_days_and_what_would_help(held):
    factories.holding(held.order, usable_until=date(2026, 12, 11), quantity=3, flex_year=1)

    made = planned(held, Wishes(per_week=2))

    assert reasons(made) == {"no_room": 1}
    assert made.left_out[0].clauses == ("2.2-F4",)
    assert made.enough_per_week == 3
    late = planned(held, Wishes(lead_days=30))
    assert reasons(late) == {"no_day": 3}
    assert late.enough_per_week is None


def test_hours_are_planned_in_days_of_eight_hours(held):
    hours = factories.holding(
        held.order,
        offering=factories.offering("enhanced-designated-engineering", held.order.edition),
        unit="minute",
        quantity=20 * 60,
        usable_until=date(2026, 12, 31),
    )

    steps = [step for step in planned(held).steps if step.entitlement == hours]

    assert [step.quantity for step in steps] == [480, 480, 240]


def test_seats_are_planned_as_one_session(held):
    seats = factories.holding(held.order, unit="attendee", quantity=20)

    [step] = [step for step in planned(held).steps if step.entitlement == seats]

    assert step.quantity == 20


def test_events_run_back_to_back_after_six_weeks(held):
    events = factories.holding(
        held.order,
        offering=factories.offering("azure-event-mcs", held.order.edition),
        unit="event",
        quantity=2,
    )

    steps = [step for step in planned(held).steps if step.entitlement == events]

    # 42 days after 23 November is 4 January; weekends are covered.
    assert [(step.first_day, step.last_day) for step in steps] == [
        (date(2027, 1, 4), date(2027, 1, 8)),
        (date(2027, 1, 9), date(2027, 1, 13)),
    ]


def test_an_event_without_time_for_its_notice_is_left_out_by_that_clause(held):
    factories.holding(
        held.order,
        offering=factories.offering("azure-event-mcs", held.order.edition),
        unit="event",
        quantity=1,
        usable_until=date(2027, 1, 7),
    )

    [left] = planned(held).left_out

    assert (left.reason, left.clauses) == ("notice", ("2.4-AE13",))


def test_longer_deliveries_take_as_many_business_days_as_asked_or_as_last_time(held):
    made = planned(held, Wishes(per_week=5, days={held.pk: 3}))
    assert [(step.first_day.day, step.last_day.day) for step in made.steps[:2]] == [
        (7, 9),
        (10, 14),
    ]

    starts = datetime(2027, 2, 1, 8, tzinfo=UTC)
    factories.booking(held, starts_at=starts, ends_at=starts + timedelta(days=1, hours=8))
    made = planned(held)
    assert [(step.first_day.day, step.last_day.day) for step in made.steps[:2]] == [
        (7, 8),
        (9, 10),
    ]


def test_credits_and_exchange_value_have_to_be_decided_first(held, person):
    factories.holding(
        held.order,
        offering=factories.offering("proactive-credits", held.order.edition),
        unit="credit",
        quantity=10,
    )
    holdings.add_exchange_value(
        order=held.order, location=held.location, value=Money(70_000, "EUR"), flex_year=None,
        by=person, on=NOW.date(), now=NOW, subject_key="x",
    )  # fmt: skip

    made = planned(held)

    assert len(made.steps) == 4
    assert sorted(item.account.unit for item in made.decisions) == ["EUR", "credit"]


def test_what_is_used_as_needed_is_not_booked(held):
    factories.holding(
        held.order, offering=factories.offering("advisory-support", held.order.edition)
    )

    assert reasons(planned(held)) == {"not_booked": 4}


# --- fixed deliveries -----------------------------------------------------------------------


def test_a_fixed_delivery_keeps_its_day_and_the_rest_goes_around_it(held):
    made = planned(held, Wishes(per_week=5, pins=(Pin(held.pk, date(2026, 12, 8)),)))

    assert sorted(days(made)) == [date(2026, 12, day) for day in (7, 8, 9, 10)]
    assert [step.first_day for step in made.steps if step.is_pinned] == [date(2026, 12, 8)]
    assert [one.refusal for one in made.pins] == [None]


def test_a_fixed_longer_delivery_skips_the_weekend(held):
    wishes = Wishes(per_week=5, pins=(Pin(held.pk, date(2026, 12, 11)),), days={held.pk: 2})

    [pinned] = [step for step in planned(held, wishes).steps if step.is_pinned]

    assert (pinned.first_day, pinned.last_day) == (date(2026, 12, 11), date(2026, 12, 14))


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 12, 12), "no_business_day"),
        (date(2026, 12, 17), "day_planned"),
        (date(2026, 11, 23), "in_the_past"),
        (date(2027, 7, 1), "too_late"),
    ],
)
def test_a_delivery_is_not_fixed_where_it_can_not_be(held, day, code):
    factories.booking(held)  # Thursday 17 December

    made = planned(held, Wishes(pins=(Pin(held.pk, day),)))

    assert [one.refusal.code for one in made.pins] == [code]
    assert len(made.steps) == 3


def test_no_more_is_fixed_than_is_left_and_nothing_too_early_or_unasked(held):
    later = factories.holding(held.order, usable_from=date(2027, 3, 1), quantity=1)
    pins = (
        Pin(later.pk, date(2026, 12, 8)),
        Pin(later.pk, date(2027, 3, 2)),
        Pin(later.pk, date(2027, 3, 3)),
        Pin(0, date(2027, 3, 3)),
    )

    made = planned(held, Wishes(pins=pins))

    codes = [one.refusal.code if one.refusal else "" for one in made.pins]
    assert codes == ["too_early", "", "insufficient_units", "insufficient_units"]
    late = planned(
        held,
        Wishes(pins=(Pin(held.pk, date(2027, 6, 1)),)),
        now=datetime(2027, 5, 2, 9, tzinfo=UTC),
    )
    assert [one.refusal.clauses for one in late.pins] == [("2.8-C20",)]


def test_a_fixed_event_takes_five_days(held):
    event = factories.holding(
        held.order,
        offering=factories.offering("azure-event-mcs", held.order.edition),
        unit="event",
        quantity=1,
    )

    made = planned(held, Wishes(pins=(Pin(event.pk, date(2026, 12, 12)),)))

    [step] = [step for step in made.steps if step.is_pinned]
    assert (step.first_day, step.last_day) == (date(2026, 12, 12), date(2026, 12, 16))


@pytest.mark.parametrize("rows", [1, 12])
def test_a_plan_costs_the_same_number_of_queries_for_any_number_of_rows(held, person, rows):
    for _number in range(rows):
        factories.holding(held.order)
    factories.booking(held)
    planned(held)

    with CaptureQueriesContext(connection) as queries:
        made = planned(held)

    assert len(made.planned) == rows + 1
    assert len(queries) == 11


# --- the page -------------------------------------------------------------------------------


@pytest.fixture
def address(held, at):
    at(NOW)
    return reverse("scheduling:planner-detail", args=[held.order.customer_id])


def test_a_step_leads_to_the_booking_form_filled_in(held, person, address, sign_in):
    client = sign_in(person)
    page = client.get(address, {"per_week": 5}).text
    link = (
        f"{reverse('scheduling:booking-create')}?customer={held.order.customer_id}"
        f"&amp;entitlement={held.pk}&amp;starts_on=2026-12-07&amp;starts_time=09%3A00"
        "&amp;ends_on=2026-12-07&amp;ends_time=17%3A30"
    )

    assert f'href="{link}"' in page
    form = client.get(link.replace("&amp;", "&")).text
    assert 'name="starts_on" value="2026-12-07"' in form
    assert 'name="ends_time" value="17:30"' in form


def test_a_customer_is_led_to_the_request_form(held, address, sign_in):
    client = sign_in(factories.customer_administrator(held.order.customer))
    page = client.get(address, {"per_week": 5}).text
    link = (
        f"{reverse('scheduling:request-create')}?customer={held.order.customer_id}"
        f"&amp;entitlement={held.pk}&amp;wanted_from=2026-12-07&amp;wanted_until=2026-12-11"
    )

    assert f'href="{link}"' in page
    assert 'name="wanted_until" value="2026-12-11"' in client.get(link.replace("&amp;", "&")).text


def test_the_fragment_is_part_of_the_page(held, person, address, sign_in):
    client = sign_in(person)
    query = {"per_week": 3, "fix": f"{held.pk}:2026-12-12", "days": f"{held.pk}:2"}
    swapped = client.get(address, query, headers={"HX-Request": "true"}).text.strip()

    assert swapped in client.get(address, query).text
    assert "That isn&#x27;t a business day of the location." in swapped


def test_fixing_one_more_keeps_those_fixed_before(held, person, address, sign_in):
    page = (
        sign_in(person)
        .get(
            address,
            {"fix": f"{held.pk}:2026-12-08", "fix_what": held.pk, "fix_on": "2026-12-09"},
        )
        .text
    )

    for day in ("08", "09"):
        assert f'name="fix" value="{held.pk}:2026-12-{day}"' in page
    half = sign_in(person).get(address, {"fix_what": held.pk}).text
    assert "Enter the day." in half
    other = sign_in(person).get(address, {"fix_on": "2026-12-09"}).text
    assert "Choose the service." in other


def test_the_date_of_a_step_can_be_kept(held, person, address, sign_in):
    page = sign_in(person).get(address, {"per_week": 5}).text

    assert f'href="?lead_days=14&amp;per_week=5&amp;fix={held.pk}%3A2026-12-07"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"lead_days": "-1"},
        {"lead_days": "x", "per_week": "99"},
        {"fix": "1:2026-13-45"},
        {"fix": "x", "days": "1:0"},
        {"fix_what": "0", "fix_on": "0000-00-00"},
    ],
)
def test_nonsense_is_read_as_nothing(person, address, sign_in, query):
    assert sign_in(person).get(address, query).status_code == 200


def test_strangers_and_viewers_find_no_planner(held, address, sign_in):
    stranger = factories.customer_administrator(factories.host().customer)
    assert sign_in(stranger).get(address).status_code == 404
    assert sign_in(factories.viewer(held.order.customer)).get(address).status_code == 404


def test_nothing_left_says_so(at, sign_in):
    at(NOW)
    place = factories.host()
    person = factories.csam(place.customer)
    page = sign_in(person).get(reverse("scheduling:planner-detail", args=[place.customer_id])).text

    assert "Nothing is left to plan" in page
