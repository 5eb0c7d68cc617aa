from dataclasses import replace

import pytest

from accounts.rules.refusal import Refused
from services.catalog.rules.offering import (
    DeliveryMode,
    OfferingFacts,
    choose_mode,
    credits_may_buy,
    delivery_language,
    flex_is_capped,
    flex_may_pay,
    request_deadline_binds,
    staffing_is_possible,
)
from tests import contract
from ussd_portal.conformance.edition import shipped_edition

OFFERINGS = shipped_edition().offerings


def codes(predicate) -> set[str]:
    """The offerings of the shipped edition for which `predicate` holds."""
    return {code for code, offering in OFFERINGS.items() if predicate(offering)}


@pytest.mark.clause("2.2-F1", "2.2-F5", "2.3-P1", "2.1-B3")
def test_flex_pays_for_every_plus_line_and_for_no_base_line():
    barred = codes(lambda offering: not flex_may_pay(offering))
    assert barred == {
        "on-demand-assessment", "on-demand-assessment-assistance", "on-demand-education",
        "webcasts", "advisory-support", "problem-resolution-support",
        "reactive-support-management", "success-management-services",
    }  # fmt: skip
    assert flex_may_pay(None) is False


@pytest.mark.clause("2.2-F3")
def test_credits_and_custom_work_share_the_ceiling():
    assert codes(flex_is_capped) == {"proactive-credits", "custom-proactive-services"}


@pytest.mark.clause("2.3-PC4", "2.3-P1")
def test_credits_buy_defined_additional_services_only():
    assert codes(lambda offering: not credits_may_buy(offering)) == {
        "proactive-credits", "custom-proactive-services", "on-demand-assessment",
        "on-demand-education", "webcasts", "advisory-support", "problem-resolution-support",
        "reactive-support-management", "success-management-services",
    }  # fmt: skip
    assert credits_may_buy(None) is False


@pytest.mark.clause("2.8-C20")
def test_the_request_deadline_spares_incidents_critical_services_and_subscriptions():
    bound = codes(request_deadline_binds)
    assert {OFFERINGS[code].category for code in bound} == {
        "planning", "implementation", "maintenance", "optimisation", "education",
        "other_proactive", "enhanced",
    }  # fmt: skip
    assert {code for code in bound if OFFERINGS[code].category == "enhanced"} == {
        "enhanced-designated-engineering", "reactive-enhanced-designated-engineering",
        "developer-support",
    }  # fmt: skip
    assert request_deadline_binds(None) is False


@pytest.mark.clause("2.4-AP47", "2.4-AE18", "2.5-UE18")
def test_cleared_staff_is_impossible_where_the_text_says_so():
    edition = shipped_edition()
    impossible = codes(
        lambda one: (
            not staffing_is_possible(one, restricted=True, included=edition.included_in(one))
        )
    )
    assert impossible == {"mcsap", "mcsap-plus", "azure-event-mcs", "unified-enhanced-response"}
    assert staffing_is_possible(OFFERINGS["mcsap"], restricted=False) is True


def test_families_follow_from_mark_and_category():
    assert contract.WORKSHOPS.is_additional is True
    assert contract.EDUCATION.is_additional is False
    assert contract.CREDITS.is_proactive is True
    assert contract.EDE.is_proactive is False
    assert contract.RCA.is_reactive is True


@pytest.mark.clause("2.3-P7", "2.7-T2")
@pytest.mark.parametrize("mode", ["remote", "online"])
def test_remote_delivery_needs_no_agreement(mode):
    assert choose_mode(contract.WORKSHOPS, mode) == DeliveryMode(mode, travel_billed=False)


@pytest.mark.clause("2.3-P7")
def test_onsite_needs_a_written_agreement_and_a_recorded_fee():
    for given, missing in (
        ({}, "written_agreement"),
        ({"fee_recorded": True}, "written_agreement"),
        ({"written_agreement": True}, "fee"),
    ):
        with pytest.raises(Refused) as refusal:
            choose_mode(contract.WORKSHOPS, "onsite", **given)
        assert refusal.value.code == "written_agreement_required"
        assert refusal.value.figures == {"missing": missing}


@pytest.mark.clause("2.7-T29", "2.3-P7", "X-30")
@pytest.mark.parametrize(("prepaid", "billed"), [(False, True), (None, True), (True, False)])
def test_an_agreed_visit_that_is_not_prepaid_bills_travel(prepaid, billed):
    chosen = choose_mode(
        contract.EDE, "onsite", written_agreement=True, fee_recorded=True, visit_prepaid=prepaid
    )
    assert chosen == DeliveryMode("onsite", travel_billed=billed)


@pytest.mark.clause("2.3-P7", "2.7-T29")
@pytest.mark.parametrize(("prepaid", "billed"), [(None, False), (False, True)])
def test_a_visit_sold_as_onsite_is_prepaid_unless_stated(prepaid, billed):
    chosen = choose_mode(contract.WORKSHOPS, "onsite", sold_as_onsite=True, visit_prepaid=prepaid)
    assert chosen == DeliveryMode("onsite", travel_billed=billed)


@pytest.mark.clause("2.3-SM2", "X-34")
def test_success_management_may_be_onsite_without_a_written_agreement():
    assert choose_mode(contract.SUCCESS, "onsite") == DeliveryMode("onsite", travel_billed=True)


@pytest.mark.clause("2.3-RE3", "2.3-TR5", "2.3-P6")
@pytest.mark.parametrize(
    ("offering", "clause"),
    [
        (contract.INCIDENTS, "2.3-RE3"),
        (contract.RCA, "2.3-RE3"),
        (contract.BRIEFINGS, "2.3-TR5"),
        (contract.UER_SERVICE, "2.5-UE16"),
        (replace(contract.EDUCATION, onsite=False), "2.3-P6"),
    ],
)
def test_what_the_text_keeps_remote_stays_remote_whatever_is_agreed(offering, clause):
    with pytest.raises(Refused) as refusal:
        choose_mode(offering, "onsite", written_agreement=True, fee_recorded=True)
    assert (refusal.value.code, refusal.value.clauses) == ("remote_only", (clause,))


@pytest.mark.clause("2.3-P6")
def test_onsite_may_not_exist_in_a_region():
    with pytest.raises(Refused) as refusal:
        choose_mode(contract.WORKSHOPS, "onsite", sold_as_onsite=True, onsite_in_region=False)
    assert refusal.value.code == "not_available"


def test_an_unknown_mode_is_a_mistake():
    with pytest.raises(ValueError, match="carrier pigeon"):
        choose_mode(contract.WORKSHOPS, "carrier pigeon")


@pytest.mark.clause("2.4-AP47", "2.4-AE19", "A-AE8", "A-SE5", "2.5-UE17", "A-AR6")
@pytest.mark.parametrize(
    ("code", "requested", "given"),
    [
        ("mcsap", "zh", "en"),
        ("mcsap-plus", "ja", "en"),
        ("azure-event-mcs", "fr", "en"),
        ("mcsfs-plus", "ja", "en"),
        ("unified-enhanced-response", "ja", "ja"),
        ("unified-enhanced-response", "de", "en"),
        ("azure-rapid-response", "ja", "ja"),
        ("azure-rapid-response", "zh", "en"),
    ],
)
def test_a_closed_list_of_languages_falls_back_to_english(code, requested, given):
    chosen = delivery_language(OFFERINGS[code], requested=requested, local_available=True)
    assert chosen.result == given


@pytest.mark.clause("2.4-AP47", "2.7-T4")
def test_a_written_agreement_adds_a_language_but_not_to_english_only():
    assert (
        delivery_language(contract.UER_SERVICE, requested="de", agreed_language="de").result == "de"
    )
    assert (
        delivery_language(contract.MCSAP_SERVICE, requested="de", agreed_language="de").result
        == "en"
    )


@pytest.mark.clause("2.7-T3", "2.3-RE25")
@pytest.mark.parametrize(("available", "given"), [(True, "pt"), (False, "en")])
def test_the_customer_s_language_where_available(available, given):
    chosen = delivery_language(contract.INCIDENTS, requested="pt", local_available=available)
    assert chosen.result == given
    assert chosen.clauses == ("2.7-T3",)
    additional = OFFERINGS["reactive-support-management-additional"]
    chosen = delivery_language(additional, requested="pt", local_available=available)
    assert chosen.result == given
    assert chosen.clauses == ("2.3-RE25",)


@pytest.mark.clause("2.7-T4")
@pytest.mark.parametrize(
    ("requested", "agreed", "given"),
    [("de", None, "de"), ("en", None, "en"), ("fr", None, "en"), ("fr", "fr", "fr"),
     ("de", "fr", "fr")],
)  # fmt: skip
def test_the_language_of_the_providing_location_or_english_unless_agreed(requested, agreed, given):
    for offering in (contract.WORKSHOPS, contract.CREDITS, None):
        chosen = delivery_language(
            offering, requested=requested, provider_language="de", agreed_language=agreed
        )
        assert chosen.result == given
        assert chosen.clauses == ("2.7-T4",)


def test_the_smallest_description_of_an_offering_rules_nothing_out():
    offering = OfferingFacts(code="new", category="planning", mark="additional")
    assert staffing_is_possible(offering, restricted=True) is True
    assert request_deadline_binds(offering) is False
    assert flex_may_pay(offering) is False
