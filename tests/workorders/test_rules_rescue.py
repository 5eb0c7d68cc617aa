"""What the value of something that will lapse could still become, best first."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from services.catalog.rules.offering import OfferingFacts
from tests import contract
from tests.contract import usd
from workorders.rules.locations import SupportLocation
from workorders.rules.rescue import (
    Lapsing,
    Option,
    best_per_service,
    needs_a_line,
    rescue,
)

ON = date(2026, 3, 2)
CN = SupportLocation("cn", "host", listed=True)
FR = SupportLocation("fr", "downstream", listed=True)
LOST = Lapsing(usd("12000"), date(2026, 12, 31), "cn", contract.WORKSHOPS)


def option(offering=contract.CHALK_TALKS, location=CN, price=None, **fields) -> Option:
    minor = None if price is None else Fraction(usd(price).minor)
    return Option(offering, location, price=minor, **fields)


def barred(*options, lapsing=LOST, **fields):
    found = rescue(lapsing, options, on=ON, **fields)
    assert found.proposals == ()
    return dict(found.barred)


@pytest.mark.clause("2.7-T22")
def test_the_value_buys_as_many_as_it_covers_and_the_rest_remains():
    (best,) = rescue(LOST, [option(price="5000")], on=ON).proposals
    assert (best.quantity, best.price, best.extra_to_pay, best.remainder) == (
        2,
        usd("10000"),
        usd("0"),
        usd("2000"),
    )


@pytest.mark.clause("2.7-T22")
def test_a_dearer_service_is_proposed_once_with_what_it_costs_on_top():
    (best,) = rescue(LOST, [option(price="15000")], on=ON).proposals
    assert (best.quantity, best.extra_to_pay, best.remainder) == (1, usd("3000"), usd("0"))


def test_without_a_known_price_no_figures_are_made_up():
    (best,) = rescue(LOST, [option()], on=ON).proposals
    assert (best.quantity, best.price, best.extra_to_pay, best.remainder) == (1, None, None, None)


@pytest.mark.clause("2.7-T22", "2.6-M19")
def test_best_is_known_covered_least_left_without_paper_and_latest():
    wanted = [
        option(position=9),
        option(price="13000"),
        option(price="5000"),
        option(location=FR, price="4000"),
        option(price="4000", request_until=date(2026, 5, 1)),
        option(price="4000", position=2),
        option(price="4000", position=1),
    ]
    best = rescue(LOST, wanted, on=ON).proposals
    assert [wanted.index(one.option) for one in best] == [6, 5, 4, 3, 2, 1, 0]


@pytest.mark.clause("2.7-T22")
def test_each_service_is_shown_once_at_its_best():
    wanted = [option(price="4000"), option(location=FR, price="4000"), option(contract.CUSTOM)]
    best = best_per_service(rescue(LOST, wanted, on=ON).proposals, 5)
    assert [one.option for one in best] == [wanted[0], wanted[2]]
    assert len(best_per_service(best, 1)) == 1


@pytest.mark.clause("2.6-M19")
def test_a_written_agreement_is_asked_where_place_or_value_changes():
    here, there = (
        rescue(LOST, [option(location=place, price="5000")], on=ON).proposals[0]
        for place in (CN, FR)
    )
    assert (here.asks_for_writing, there.asks_for_writing) == (False, True)
    several = rescue(LOST, [option(price="5000")], on=ON, multi_country=True).proposals[0]
    equal = rescue(LOST, [option(price="4000")], on=ON, multi_country=True).proposals[0]
    assert (several.asks_for_writing, equal.asks_for_writing) == (True, False)


@pytest.mark.clause("2.8-C20")
def test_the_last_day_to_ask_counts_and_the_next_is_too_late():
    in_time = option(request_until=ON)
    assert rescue(LOST, [in_time], on=ON).proposals[0].latest == ON
    assert barred(replace(in_time, request_until=date(2026, 3, 1))) == {"too_late": 1}


@pytest.mark.clause("2.4-AE13")
def test_notice_before_the_last_day_of_use_is_kept():
    soon = replace(LOST, last_day=date(2026, 4, 13))
    (best,) = rescue(soon, [option(notice_days=42)], on=ON).proposals
    assert best.latest == ON
    assert barred(option(notice_days=43), lapsing=soon) == {"too_late": 1}


@pytest.mark.clause("2.7-T21", "2.7-T22")
def test_the_same_included_unsold_or_papered_services_don_t_come_into_question():
    papered = replace(contract.CHALK_TALKS, exhibit="required")
    assert barred(
        option(contract.WORKSHOPS, FR),
        option(contract.EDUCATION),
        option(papered),
        option(is_sold=False),
        option(is_sold=False),
    ) == {"not_available": 2, "same_service": 1, "not_additional": 1, "needs_amendment": 1}


@pytest.mark.clause("2.2-F5", "2.2-F6")
def test_flex_money_is_offered_only_what_flex_may_pay():
    flex = replace(LOST, is_flex=True, free_below_ceiling=usd("0"))
    ineligible = replace(contract.CHALK_TALKS, flex="no")
    assert barred(option(ineligible), lapsing=flex) == {"ineligible_service": 1}


@pytest.mark.clause("2.2-F3", "2.2-F6")
@pytest.mark.parametrize(
    ("free", "price", "fits"),
    [
        ("12000", "4000", True),
        ("11999.99", "4000", False),
        ("12000", "20000", True),
        ("12000", None, True),
        ("11999.99", None, False),
        (None, "4000", False),
    ],
)
def test_the_ceiling_bounds_what_credits_and_custom_work_may_take(free, price, fits):
    flex = replace(LOST, is_flex=True, free_below_ceiling=free and usd(free))
    custom = option(contract.CUSTOM, price=price)
    found = rescue(flex, [custom], on=ON)
    assert bool(found.proposals) == fits
    assert dict(found.barred) == ({} if fits else {"over_cap": 1})


@pytest.mark.clause("2.6-M19", "2.6-M9", "2.6-M3")
def test_the_place_has_to_be_one_that_may_have_it():
    unlisted = replace(FR, listed=False)
    excepted = replace(FR, tax_exception=True)
    assert barred(option(location=unlisted)) == {"location_not_listed": 1}
    assert barred(option(location=excepted)) == {"own_work_order_required": 1}
    value = replace(LOST, offering=None, stays=True)
    assert barred(option(location=FR), lapsing=value) == {"value_elsewhere": 1}


@pytest.mark.clause("2.4-G1", "2.5-G1", "X-04")
def test_enrolments_exhibits_and_standing_services_need_a_line():
    plain: OfferingFacts = contract.CHALK_TALKS
    assert not needs_a_line(plain)
    assert needs_a_line(replace(plain, exhibit="required"))
    assert needs_a_line(replace(plain, location_constraint="listed_tenants"))
    assert needs_a_line(replace(plain, unit_of_sale="subscription"))
