"""What cancelling would cost: the ledger's effect and the curve, before the click."""

from datetime import date

import pytest

from services.scheduling.queries.cancellations import curve, ledger_effect, quote
from tests import factories
from tests.scheduling.cancellations import EVENT, ahead, booked_with_credits, cancel, hours

pytestmark = pytest.mark.django_db


def effect(booking, days):
    rows, total = ledger_effect(quote(booking, now=ahead(days)))
    return {
        row.code: (row.before.count, row.change.count, row.after.count) for row in [*rows, total]
    }


def test_the_ledger_s_effect_is_told_before_and_adds_up():
    booking = factories.booking()
    assert effect(booking, 10) == {
        "reserved": (100_000, -100_000, 0),
        "charged": (0, 50_000, 50_000),
        "exchange": (0, 50_000, 50_000),
        "sum": (100_000, 0, 100_000),
    }
    assert effect(booking, 20) == {
        "reserved": (100_000, -100_000, 0),
        "charged": (0, 0, 0),
        "available": (300_000, 100_000, 400_000),
        "sum": (400_000, 0, 400_000),
    }


def test_after_the_cancellation_the_accounts_stand_as_was_told():
    held = factories.holding(factories.season())
    first, second = factories.booking(held), factories.booking(held)
    told = effect(first, 10)
    cancel(first, 10)
    assert effect(second, 10)["charged"][0] == told["charged"][2]
    assert effect(second, 10)["exchange"][0] == told["exchange"][2]
    assert effect(second, 10)["reserved"][0] == told["reserved"][2]


def test_hours_and_credits_are_told_in_their_own_measure():
    assert effect(factories.booking(hours(), quantity=61), 10) == {
        "reserved": (61, -61, 0),
        "charged": (0, 31, 31),
        "available": (2339, 30, 2369),
        "sum": (2400, 0, 2400),
    }
    booking, _lots = booked_with_credits()
    assert effect(booking, 8) == {
        "spent": (7, -7, 0),
        "charged": (0, 4, 4),
        "available": (18, 3, 21),
        "sum": (25, 0, 25),
    }
    assert str(quote(booking, now=ahead(8)).loss) == "4 credits"


def test_the_quote_says_until_when_what_returns_can_be_used():
    quoted = quote(factories.booking(), now=ahead(10))
    assert (quoted.request_by, quoted.use_by) == (date(2027, 5, 1), date(2027, 6, 30))


@pytest.mark.clause("2.7-T17", "2.7-T18", "2.7-T19")
def test_the_curve_runs_from_a_week_before_the_last_free_day_to_the_event():
    told = curve(factories.booking(), now=ahead(10))
    assert (told.today, told.last_free, told.event) == (
        date(2026, 12, 7),
        date(2026, 12, 3),
        EVENT,
    )
    assert [(day.lead_days, day.percent, day.loss.count) for day in told.days] == [
        *((lead, 0, 0) for lead in range(21, 13, -1)),
        *((lead, 50, 50_000) for lead in range(13, 5, -1)),
        *((lead, 100, 100_000) for lead in range(5, -1, -1)),
    ]
    assert [(band.days, band.leads, band.applies) for band in told.bands] == [
        ("until Thu 3 Dec", "14 or more", False),
        ("Fri 4 to Fri 11 Dec", "6 to 13", True),
        ("Sat 12 Dec or later", "5 or less", False),
    ]
