from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import contract
from tests.contract import usd
from workorders.rules.exchange import CappedFlex, Exchangeable, Exchanged, exchange

ORDERED = Exchangeable(contract.WORKSHOPS, usd("12000.00"), "cn", "Fabrikam")
FREE = {"used": False, "available": True, "agreed": True}


def to(value: str, offering=contract.CHALK_TALKS, **changes) -> Exchangeable:
    return replace(ORDERED, offering=offering, value=usd(value), **changes)


def refused(wanted, ordered=ORDERED, **given) -> Refused:
    with pytest.raises(Refused) as refusal:
        exchange(ordered, wanted, **(FREE | given))
    return refusal.value


@pytest.mark.clause("2.7-T22", "2.2-F6")
@pytest.mark.parametrize(
    ("value", "extra", "remainder"),
    [("12000.00", "0", "0"), ("15000.00", "3000", "0"), ("10000.00", "0", "2000")],
)
def test_only_the_equal_part_is_exchanged(value, extra, remainder):
    exchanged = exchange(ORDERED, to(value), **FREE).result
    equal = min(usd("12000"), usd(value))
    assert exchanged == Exchanged(equal, usd(extra), usd(remainder))


@given(old=st.integers(0, 10**9), new=st.integers(0, 10**9))
@settings(max_examples=40)
def test_an_exchange_makes_and_loses_no_money(old, new):
    ordered = replace(ORDERED, value=Money(old, "USD"))
    wanted = replace(ORDERED, value=Money(new, "USD"))
    done = exchange(ordered, wanted, **FREE).result
    assert done.equal_part + done.remainder == ordered.value
    assert done.equal_part + done.extra_to_pay == wanted.value
    assert not (done.remainder and done.extra_to_pay)


@pytest.mark.clause("2.7-T22", "2.7-T21")
@pytest.mark.parametrize(
    ("given", "code"),
    [({"used": True}, "already_used"), ({"available": False}, "not_available"),
     ({"agreed": False}, "not_agreed")],
)  # fmt: skip
def test_nothing_used_unavailable_or_not_agreed_is_exchanged(given, code):
    assert refused(to("12000.00"), **given).code == code


@pytest.mark.clause("2.7-T22", "2.3-P1", "2.7-T20")
def test_what_the_base_package_includes_is_no_target_but_more_success_management_is():
    refusal = refused(to("12000.00", contract.EDUCATION))
    assert (refusal.code, refusal.clauses) == ("ineligible_service", ("2.7-T22", "2.3-P1"))
    exchange(ORDERED, to("12000.00", contract.SUCCESS), **FREE)
    exchange(ORDERED, to("12000.00", None), **FREE)


@pytest.mark.clause("2.7-T10", "2.7-T22")
def test_what_lapsed_with_the_order_is_not_exchanged():
    last_day = date(2025, 6, 30)
    exchange(ORDERED, to("12000.00"), **FREE, last_day=last_day, on=last_day)
    late = refused(to("12000.00"), last_day=last_day, on=date(2025, 7, 1))
    assert (late.code, late.figures) == ("order_ended", {"last_day": last_day})


@pytest.mark.clause("2.6-M19")
@pytest.mark.parametrize(
    ("wanted", "several"),
    [
        (to("12000.00", location="fr"), True),
        (to("12000.00", location="fr"), False),
        (to("12000.00", legal_entity="Fabrikam SARL"), False),
        (to("11000.00"), True),
    ],
)
def test_a_change_of_place_entity_or_value_across_countries_asks_for_writing(wanted, several):
    assert refused(wanted, multi_country=several).code == "written_agreement_required"
    exchange(ORDERED, wanted, **FREE, multi_country=several, written_agreement=True)


@pytest.mark.clause("2.6-M19")
def test_an_equal_exchange_at_one_place_needs_no_writing():
    exchange(ORDERED, to("12000.00"), **FREE, multi_country=True)
    exchange(ORDERED, to("11000.00"), **FREE, multi_country=False)


@pytest.mark.clause("2.2-F6", "2.2-F5")
@pytest.mark.parametrize("offering", [contract.SUCCESS, contract.EDUCATION, None])
def test_flex_money_reaches_no_ineligible_service_by_a_detour(offering):
    assert refused(to("12000.00", offering), paid_with="flex").code == "ineligible_service"


def capped(ceiling: str, taken: str) -> CappedFlex:
    return CappedFlex(usd(ceiling), usd(taken))


@pytest.mark.clause("2.2-F6", "2.2-F3")
def test_the_ceiling_holds_for_the_new_mix():
    wanted = to("12000.00", contract.CREDITS)
    exchange(ORDERED, wanted, **FREE, paid_with="flex", capped_flex=capped("50000", "38000"))
    over = refused(wanted, paid_with="flex", capped_flex=capped("50000", "38000.01"))
    assert over.code == "over_cap"
    assert over.figures == {"ceiling": usd("50000"), "left": usd("11999.99")}


@pytest.mark.clause("2.2-F6", "2.2-F3")
def test_what_is_given_up_leaves_the_ceiling():
    ordered = replace(ORDERED, offering=contract.CREDITS)
    wanted = to("12000.00", contract.CUSTOM)
    full = capped("50000", "50000")
    exchange(ordered, wanted, **FREE, paid_with="flex", capped_flex=full)
    assert refused(wanted, paid_with="flex", capped_flex=full).figures["left"] == usd("0")


@pytest.mark.clause("2.2-F6")
def test_an_excess_is_bought_and_does_not_count_towards_the_ceiling():
    wanted = to("90000.00", contract.CREDITS)
    done = exchange(ORDERED, wanted, **FREE, paid_with="flex", capped_flex=capped("50000", "38000"))
    assert done.result.extra_to_pay == usd("78000")


@pytest.mark.clause("2.2-F6")
def test_flex_outside_the_ceiling_needs_no_ceiling():
    done = exchange(ORDERED, to("12000.00"), **FREE, paid_with="flex")
    assert done.clauses == ("2.2-F6", "2.7-T22")
    with pytest.raises(ValueError, match="ceiling is needed"):
        exchange(ORDERED, to("12000.00", contract.CREDITS), **FREE, paid_with="flex")
