from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts.rules.refusal import Refused
from tests import contract
from tests.contract import ASSESSMENT, REQUEST
from workorders.rules.purchase import (
    Assistance,
    MscirStart,
    Note,
    Quantity,
    check_assistance,
    check_base,
    check_on_list,
    check_purchase,
    check_use,
    sells_assistance,
    start_mscir,
)
from workorders.rules.term import Period

BASE = Period(date(2024, 10, 1), date(2025, 9, 30))
DAY = date(2025, 2, 3)
ASSISTANCE = replace(
    contract.WORKSHOPS, code="on-demand-assessment-assistance", clauses=("2.3-MA5", "2.3-MA6")
)
ON_DEMAND = replace(contract.EDUCATION, code="on-demand-assessment", clauses=("2.3-MA2", "2.3-MA3"))


def buy(offering, **given) -> tuple[Note, ...]:
    defaults = {"on": DAY, "base": BASE, "request_terms": REQUEST}
    return check_purchase(offering, **(defaults | given))


def refusal_of(call, *args, **given) -> Refused:
    with pytest.raises(Refused) as refusal:
        call(*args, **given)
    return refusal.value


@pytest.mark.clause("2.1-B1", "2.1-B8", "2.5-UE2")
def test_additions_are_bought_from_the_first_to_the_last_day_of_the_base_agreement():
    assert buy(contract.UER_SERVICE, on=date(2024, 10, 1)) == ()
    buy(contract.UER_SERVICE, on=date(2025, 9, 30))
    for given in (
        {"base": None},
        {"on": date(2024, 9, 30)},
        {"on": date(2025, 10, 1)},
    ):
        assert refusal_of(buy, contract.UER_SERVICE, **given).code == "base_required"


@pytest.mark.clause("2.1-B1", "2.1-B8")
def test_a_refusal_for_want_of_a_base_names_its_days():
    check_base(BASE, DAY)
    late = refusal_of(check_base, BASE, date(2025, 10, 1))
    assert late.figures == {"first_day": BASE.first, "last_day": BASE.last}
    none = refusal_of(check_base, None, DAY)
    assert (none.clauses, none.figures) == (
        ("2.1-B1",),
        {"first_day": None, "last_day": None},
    )


@pytest.mark.clause("2.1-B8", "2.8-C20", "0-C17")
@pytest.mark.parametrize(
    ("offering", "on", "notes"),
    [
        (contract.WORKSHOPS, "2025-08-01", ()),
        (
            contract.WORKSHOPS,
            "2025-08-02",
            (Note("request_too_late", "2.1-B8, 2.8-C20", date(2025, 8, 1)),),
        ),
        (
            contract.UER_SERVICE,
            "2025-09-30",
            (Note("late_sale", "2.1-B8", date(2025, 9, 30)),),
        ),
    ],
)
def test_a_late_sale_is_possible_and_noted(offering, on, notes):
    assert buy(offering, on=date.fromisoformat(on)) == notes


def test_a_base_without_an_end_makes_no_sale_late():
    assert buy(contract.WORKSHOPS, base=Period(BASE.first)) == ()


@pytest.mark.clause("2.4-G1", "2.5-G1")
def test_an_exhibit_is_expected_where_the_text_asks_for_one():
    assert buy(contract.SECURITY_PLUS, tenants=1) == (Note("exhibit_expected", "2.4-G1, 2.5-G1"),)


@pytest.mark.clause("2.3-P1")
def test_what_the_base_includes_is_not_for_sale():
    assert refusal_of(buy, contract.EDUCATION).code == "ineligible_service"


@pytest.mark.clause("2.1-B7")
def test_an_order_may_list_what_may_be_bought_under_it():
    buy(contract.WORKSHOPS, listed=["workshops"])
    buy(contract.WORKSHOPS, listed=[])
    refused = refusal_of(buy, contract.CHALK_TALKS, listed=["workshops"])
    assert (refused.code, refused.clauses) == ("not_on_the_list", ("2.1-B7",))
    assert refused.figures == {"listed": 1}
    check_on_list(contract.EDUCATION, ["workshops"])  # the base package needs no list


@pytest.mark.clause("1-A5", "2.7-T21", "2.5-AR6")
@pytest.mark.parametrize("offering", [contract.WORKSHOPS, contract.ARR])
def test_not_everything_is_sold_everywhere(offering):
    assert refusal_of(buy, offering, available=False).code == "not_available"


@pytest.mark.clause("2.5-DS4")
def test_a_limited_offering_is_sold_up_to_its_maximum():
    buy(contract.DEVELOPER_SUPPORT, quantity=Quantity(wanted=1, owned=2, maximum=3))
    for wanted, owned, left in ((1, 3, 0), (3, 1, 2), (1, 5, 0)):
        over = refusal_of(
            buy,
            contract.DEVELOPER_SUPPORT,
            quantity=Quantity(wanted, owned, maximum=3),
            staff_approved=True,
        )
        assert over.code == "max_quantity"
        assert over.figures == {"maximum": 3, "left": left}


@pytest.mark.clause("2.5-DS4")
def test_without_a_configured_maximum_staff_decide():
    for quantity in (None, Quantity()):
        asked = refusal_of(buy, contract.DEVELOPER_SUPPORT, quantity=quantity)
        assert asked.code == "staff_approval_required"
    assert buy(contract.DEVELOPER_SUPPORT, staff_approved=True) == ()


@pytest.mark.clause("2.5-DS4")
def test_other_offerings_have_no_maximum():
    assert buy(contract.WORKSHOPS, quantity=Quantity(wanted=1000, maximum=0)) == ()


@pytest.mark.clause("2.4-SE5", "2.5-OE2")
def test_at_least_one_tenant_is_listed():
    office = replace(contract.SECURITY_PLUS, exhibit="", clauses=("2.5-OE2",))
    for offering, clause in ((contract.SECURITY_PLUS, "2.4-SE5"), (office, "2.5-OE2")):
        refused = refusal_of(buy, offering, tenants=0)
        assert (refused.code, refused.clauses) == ("tenant_required", (clause,))
    assert buy(office, tenants=None) == ()
    assert buy(contract.WORKSHOPS, tenants=0) == ()


@pytest.mark.clause("2.3-MA5", "X-05")
@pytest.mark.parametrize(
    ("mode", "fits", "too_long", "maximum"),
    [("onsite", "2", "2.5", 2), ("remote", "1", "1.01", 1), ("remote", "0.5", "2", 1)],
)
def test_help_with_an_assessment_is_short(mode, fits, too_long, maximum):
    assert sells_assistance(ASSISTANCE) is True
    assert sells_assistance(contract.WORKSHOPS) is False
    check_assistance(ASSESSMENT, Assistance(Decimal(fits), mode))
    refused = refusal_of(check_assistance, ASSESSMENT, Assistance(Decimal(too_long), mode))
    assert (refused.code, refused.figures) == ("max_days", {"maximum": maximum})


@pytest.mark.clause("2.3-MA6")
def test_onsite_help_exists_in_some_regions_only():
    onsite = Assistance(1, "onsite")
    refused = refusal_of(check_assistance, ASSESSMENT, onsite, onsite_in_region=False)
    assert (refused.code, refused.clauses) == ("not_available", ("2.3-MA6",))
    check_assistance(ASSESSMENT, Assistance(1, "remote"), onsite_in_region=False)


def test_help_takes_some_time():
    with pytest.raises(ValueError, match="some time"):
        check_assistance(ASSESSMENT, Assistance(0))


@pytest.mark.clause("2.3-MA3", "2.1-B1")
def test_the_on_demand_assessment_needs_an_azure_service_with_room_for_data():
    check_use(ON_DEMAND, on=DAY, base=BASE)
    for given, missing in (
        ({"azure_subscription_active": False}, "azure_subscription"),
        ({"data_allowance_confirmed": False}, "data_allowance"),
    ):
        refused = refusal_of(check_use, ON_DEMAND, on=DAY, base=BASE, **given)
        assert (refused.code, refused.figures) == ("prerequisite_missing", {"missing": missing})
        check_use(contract.EDUCATION, on=DAY, base=BASE, **given)
    assert refusal_of(check_use, contract.EDUCATION, on=DAY, base=None).code == "base_required"


def start(**given) -> MscirStart:
    defaults = {
        "has_base": True,
        "contract_signed": False,
        "emergency": True,
        "authorised_by": "customer_administrator",
    }
    return start_mscir(**(defaults | given))


@pytest.mark.clause("2.4-IR4", "2.4-IR5")
def test_an_emergency_start_has_three_consequences():
    early = start()
    assert early.sign_contract_promptly is True
    assert early.customer_pays_pre_signature_work is True
    assert early.customer_bears_risk is True


@pytest.mark.clause("2.4-IR2")
def test_after_signature_there_are_none():
    for emergency in (True, False):
        begun = start(contract_signed=True, emergency=emergency, authorised_by=None)
        assert begun == MscirStart(before_signature=False)
        assert begun.customer_bears_risk is False


@pytest.mark.clause("2.4-IR2", "2.4-IR4")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"emergency": False}, "purchase_required"),
        ({"authorised_by": None}, "purchase_required"),
        ({"has_base": False}, "base_required"),
    ],
)
def test_otherwise_it_is_bought_first(given, code):
    assert refusal_of(start, **given).code == code
