from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.money import Money
from services.catalog.rules.terms import CancellationTerms, CancellationTier
from services.scheduling.rules.settlement import Settlement, settle

TERMS = CancellationTerms(
    (
        CancellationTier(14, 0, "2.7-T17"),
        CancellationTier(6, 50, "2.7-T18"),
        CancellationTier(None, 100, "2.7-T19"),
    )
)
EVENT = date(2026, 12, 3)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def settled(
    lead, *, units=1, fee=960_000, divisible=False, terms=TERMS, by="customer", spent_credits=None
):
    return settle(
        terms,
        units=units,
        divisible=divisible,
        fee=eur(fee),
        starts_on=EVENT,
        cancelled_on=EVENT - timedelta(days=lead),
        by=by,
        zone="Europe/Berlin",
        spent_credits=spent_credits,
    )


@pytest.mark.clause("2.7-T18", "2.2-F6", "2.7-T22")
def test_half_of_one_delivery_is_kept_as_a_unit_and_returned_as_exchange_value():
    assert settled(10).result == Settlement(
        kept=1, released=0, charge=eur(480_000), released_value=eur(0), exchange_value=eur(480_000)
    )


@pytest.mark.clause("2.7-T18")
def test_half_of_two_deliveries_is_one_of_them():
    assert settled(10, units=2).result == Settlement(
        kept=1,
        released=1,
        charge=eur(480_000),
        released_value=eur(480_000),
        exchange_value=eur(0),
    )


@pytest.mark.clause("2.7-T18")
def test_half_of_three_deliveries_is_two_and_value_for_half_a_delivery():
    outcome = settled(10, units=3, fee=900_000).result
    assert (outcome.kept, outcome.released) == (2, 1)
    assert (outcome.charge, outcome.released_value, outcome.exchange_value) == (
        eur(450_000),
        eur(300_000),
        eur(150_000),
    )
    assert outcome.returned == eur(450_000)


@pytest.mark.clause("2.7-T17", "2.7-T19", "2.7-T12")
def test_free_releases_everything_and_the_shortest_lead_keeps_everything():
    free, late, microsoft = settled(14).result, settled(5).result, settled(5, by="microsoft").result
    assert (free.kept, free.released, free.exchange_value) == (0, 1, eur(0))
    assert free.costs_nothing
    assert microsoft == free
    assert (late.kept, late.released, late.returned) == (1, 0, eur(0))
    assert not late.costs_nothing


@pytest.mark.clause("2.7-T18", "0-C10")
def test_minutes_are_split_with_a_half_going_up_and_leave_no_exchange_value():
    outcome = settled(10, units=241, divisible=True, fee=24_100).result
    assert (outcome.kept, outcome.released) == (121, 120)
    assert (outcome.charge, outcome.released_value, outcome.exchange_value) == (
        eur(12_050),
        eur(12_050),
        eur(0),
    )


@pytest.mark.clause("2.7-T18", "0-C10")
def test_a_service_without_a_fee_leaves_no_value():
    outcome = settled(10, fee=0).result
    assert (outcome.kept, outcome.released, outcome.charge, outcome.returned) == (
        1,
        0,
        eur(0),
        eur(0),
    )


@pytest.mark.clause("2.7-T18", "0-C11")
def test_an_odd_cent_of_the_charge_takes_no_further_unit():
    outcome = settled(10, units=2, fee=101).result
    assert (outcome.kept, outcome.charge) == (1, eur(51))
    assert (outcome.released_value, outcome.exchange_value) == (eur(50), eur(0))


@pytest.mark.clause("2.7-T17", "2.7-T18", "2.7-T19", "0-C10")
@pytest.mark.parametrize(
    ("lead", "spent", "kept", "returned", "unit_kept"),
    [(8, 7, 4, 3, 1), (14, 10, 0, 10, 0), (5, 4, 4, 0, 1), (5, 0, 0, 0, 1), (20, 0, 0, 0, 0)],
)
def test_credits_are_kept_and_returned_instead_of_value(lead, spent, kept, returned, unit_kept):
    outcome = settled(lead, spent_credits=spent).result
    assert (outcome.credits_kept, outcome.credits_returned) == (kept, returned)
    assert (outcome.kept, outcome.released) == (unit_kept, 1 - unit_kept)
    assert outcome.exchange_value == eur(0)
    assert outcome.costs_nothing == (not unit_kept)


@pytest.mark.clause("2.7-T18")
def test_the_explanation_of_credits_counts_credits():
    assert settled(8, spent_credits=7).steps == (
        ("lead_days", 8),
        ("charged_percent", 50),
        ("credits_kept", 4),
        ("credits_returned", 3),
        ("charge", eur(480_000)),
    )


def test_the_explanation_shows_the_arithmetic():
    explained = settled(10)
    assert explained.steps == (
        ("lead_days", 10),
        ("charged_percent", 50),
        ("kept_units", 1),
        ("released_units", 0),
        ("charge", eur(480_000)),
        ("exchange_value", eur(480_000)),
    )
    assert explained.clauses == ("2.7-T18",)
    assert explained.zone == "Europe/Berlin"


def test_nothing_set_aside_is_a_bug():
    with pytest.raises(ValueError, match="sets something aside"):
        settled(10, units=0)


@given(
    st.integers(1, 500),
    st.integers(0, 10**9),
    st.integers(0, 100),
    st.integers(-3, 30),
    st.booleans(),
)
def test_the_parts_always_add_up_to_the_fee(units, fee, percent, lead, divisible):
    terms = CancellationTerms(
        (
            CancellationTier(14, 0, "2.7-T17"),
            CancellationTier(6, percent, "2.7-T18"),
            CancellationTier(None, 100, "2.7-T19"),
        )
    )
    outcome = settled(lead, units=units, fee=fee, divisible=divisible, terms=terms).result
    assert outcome.kept + outcome.released == units
    assert outcome.charge + outcome.returned == eur(fee)
    assert min(outcome.kept, outcome.released) >= 0
    assert min(outcome.charge, outcome.released_value, outcome.exchange_value) >= eur(0)
