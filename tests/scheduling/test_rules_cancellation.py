from datetime import date, timedelta

import pytest

from accounts.rules.money import Money
from services.catalog.rules.terms import CancellationTerms, CancellationTier
from services.scheduling.rules.cancellation import (
    Band,
    CurveDay,
    cancellation_bands,
    cancellation_charge,
    cancellation_curve,
    last_free_day,
    units_kept,
)

TERMS = CancellationTerms(
    (
        CancellationTier(14, 0, "2.7-T17"),
        CancellationTier(6, 50, "2.7-T18"),
        CancellationTier(None, 100, "2.7-T19"),
    )
)
EVENT = date(2025, 5, 20)
FEE = Money.of("10000", "USD")


def charge(lead: int, *, fee: Money = FEE, terms: CancellationTerms = TERMS, by="customer"):
    cancelled_on = EVENT - timedelta(days=lead)
    return cancellation_charge(terms, fee=fee, starts_on=EVENT, cancelled_on=cancelled_on, by=by)


@pytest.mark.clause("2.7-T17", "2.7-T18", "2.7-T19", "0-C1")
@pytest.mark.parametrize(
    ("lead", "percent", "due"),
    [(20, 0, "0"), (14, 0, "0"), (13, 50, "5000"), (6, 50, "5000"), (5, 100, "10000"),
     (0, 100, "10000"), (-1, 100, "10000")],
)  # fmt: skip
def test_both_ends_of_a_tier_belong_to_it_and_a_no_show_costs_all(lead, percent, due):
    explained = charge(lead)
    assert explained.result == Money.of(due, "USD")
    assert dict(explained.steps)["lead_days"] == lead
    assert dict(explained.steps)["charged_percent"] == percent


@pytest.mark.clause("0-C11", "2.7-T18")
@pytest.mark.parametrize(
    ("fee", "kept", "back"),
    [("999.99", "500.00", "499.99"), ("1250.01", "625.01", "625.00"), ("0.01", "0.01", "0.00")],
)
def test_half_of_an_odd_fee_goes_up_to_the_cent_and_the_rest_goes_back(fee, kept, back):
    explained = charge(9, fee=Money.of(fee, "USD"))
    assert explained.result == Money.of(kept, "USD")
    assert dict(explained.steps)["given_back"] == Money.of(back, "USD")


@pytest.mark.clause("2.7-T12")
def test_nothing_is_due_when_microsoft_cancels():
    explained = charge(3, by="microsoft")
    assert explained.result == Money.of("0", "USD")
    assert explained.clauses == ("2.7-T12", "2.7-T17")


@pytest.mark.clause("0-C10", "2.7-T18")
@pytest.mark.parametrize(("units", "lead", "kept"), [(7, 8, 4), (10, 14, 0), (4, 5, 4), (1, 6, 1)])
def test_half_of_an_odd_number_of_units_goes_up(units, lead, kept):
    explained = units_kept(
        TERMS, units=units, starts_on=EVENT, cancelled_on=EVENT - timedelta(days=lead)
    )
    assert explained.result == kept
    assert dict(explained.steps)["given_back"] == units - kept


@pytest.mark.clause("0-C13")
def test_the_explanation_holds_inputs_clauses_readings_and_the_delivery_zone():
    explained = cancellation_charge(
        TERMS, fee=FEE, starts_on=EVENT, cancelled_on=date(2025, 5, 7), zone="Asia/Shanghai"
    )
    assert explained.inputs == (
        ("fee", FEE),
        ("starts_on", EVENT),
        ("cancelled_on", date(2025, 5, 7)),
        ("cancelled_by", "customer"),
    )
    assert explained.clauses == ("2.7-T18",)
    assert explained.readings == ("0-C1", "0-C13", "0-C11")
    assert explained.zone == "Asia/Shanghai"


def test_the_tiers_are_data_of_the_edition():
    terms = CancellationTerms((CancellationTier(30, 10, "x"), CancellationTier(None, 80, "y, z")))
    assert charge(30, terms=terms).result == Money.of("1000", "USD")
    late = charge(29, terms=terms)
    assert (late.result, late.clauses) == (Money.of("8000", "USD"), ("y", "z"))


@pytest.mark.clause("2.7-T17", "2.7-T18", "2.7-T19")
def test_the_curve_shows_each_day_up_to_the_event():
    curve = cancellation_curve(TERMS, fee=FEE, starts_on=EVENT, first_day=date(2025, 5, 5))
    assert [day.day for day in curve] == [date(2025, 5, 5) + timedelta(days=n) for n in range(16)]
    assert [day.percent for day in curve] == [0] * 2 + [50] * 8 + [100] * 6
    assert curve[2] == CurveDay(date(2025, 5, 7), 13, 50, Money.of("5000", "USD"))


def test_the_curve_is_empty_after_the_event():
    assert cancellation_curve(TERMS, fee=FEE, starts_on=EVENT, first_day=date(2025, 5, 21)) == ()


@pytest.mark.clause("2.7-T17", "2.7-T18", "2.7-T19")
def test_the_bands_say_until_when_each_share_holds():
    assert cancellation_bands(TERMS, fee=FEE, starts_on=EVENT) == (
        Band(None, date(2025, 5, 6), 14, 0, Money.of("0", "USD"), "2.7-T17"),
        Band(date(2025, 5, 7), date(2025, 5, 14), 6, 50, Money.of("5000", "USD"), "2.7-T18"),
        Band(date(2025, 5, 15), None, None, 100, FEE, "2.7-T19"),
    )


@pytest.mark.clause("2.7-T17", "0-C13")
def test_the_last_free_day_is_the_shortest_lead_that_costs_nothing():
    explained = last_free_day(TERMS, starts_on=EVENT, zone="Europe/Berlin")
    assert explained.result == date(2025, 5, 6)
    assert (explained.clauses, explained.zone) == (("2.7-T17",), "Europe/Berlin")


def test_there_is_no_free_day_when_every_tier_costs_something():
    assert (
        last_free_day(CancellationTerms((CancellationTier(None, 5, ""),)), starts_on=EVENT) is None
    )


def test_where_every_lead_is_free_the_last_free_day_is_the_event():
    free = CancellationTerms((CancellationTier(None, 0, "2.7-T17"),))
    assert last_free_day(free, starts_on=EVENT).result == EVENT
