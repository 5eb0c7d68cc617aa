"""Cases about locations, purchases, languages and staffing."""

from datetime import date

from accounts.rules.refusal import Refused
from services.catalog.rules.offering import (
    OfferingFacts,
    delivery_language,
    staffing_is_possible,
)
from ussd_portal.conformance.agreements.common import (
    ACCEPTED,
    base_agreement,
    known_offering,
    location,
    offering,
)
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import Words, a_date, a_decimal, maybe_date
from workorders.rules.locations import (
    check_assignment,
    check_guest,
    check_location,
    check_locations,
    check_planning,
    check_rca_location,
    check_uer_allocation,
    coverage,
)
from workorders.rules.purchase import (
    Assistance,
    Quantity,
    check_assistance,
    check_purchase,
    check_use,
    sells_assistance,
    start_mscir,
)
from workorders.rules.term import Period


def _under_own_order(given: Words, when: Words) -> bool:
    return "own_work_order" in (given.get("under"), when.get("under"))


def _codes(word: object) -> list[str]:
    """One location or several."""
    return [str(one) for one in word] if isinstance(word, list) else [str(word)]


@adapter("location", "assign_service")
def assign_service(given: Words, when: Words) -> Answer:
    """A service for some locations."""
    check_assignment(
        known_offering(when["service"]),
        [location(given, code) for code in _codes(when.get("locations", when.get("location")))],
        under_own_order=_under_own_order(given, when),
    )
    return ACCEPTED


@adapter("location", "incident_covered")
def incident_covered(given: Words, when: Words) -> Answer:
    """Whether an incident somewhere has the benefit of a service bought elsewhere."""
    delivery = coverage(
        known_offering(when["service"]),
        bought_at=[location(given, code) for code in _codes(when["bought_at"])],
        incident_location=location(given, when["incident_location"]),
    )
    return {"covered": delivery is not None, "delivery": delivery}


@adapter("location", "allocate_uer_hours")
def allocate_uer_hours(given: Words, when: Words) -> Answer:
    """The included hours of UER, distributed by somebody."""
    check_uer_allocation(
        location(given, when["of_location"]),
        by_administrator=str(when.get("by", "administrator")).endswith("administrator"),
    )
    return ACCEPTED


@adapter("location", "join_session")
def join_session(given: Words, when: Words) -> Answer:
    """Somebody from elsewhere in a session."""
    check_guest(
        location(given, when["from_location"]),
        mode=when.get("mode") or "remote",
        permitted=bool(when.get("microsoft_permits")),
    )
    return ACCEPTED


@adapter("location", "validate_locations")
def validate_locations(given: Words, when: Words) -> Answer:
    """A set of locations."""
    try:
        check_locations([location(given, code) for code in given["locations"]])
    except Refused as refused:
        return {"valid": False, "reason": refused.code}
    return {"valid": True, "reason": None}


@adapter("location", "request_rca_from_location")
def request_rca_from_location(given: Words, when: Words) -> Answer:
    """A root cause analysis asked for from somewhere."""
    check_rca_location(location(given, when["from_location"]))
    return ACCEPTED


@adapter("location", "start_service_delivery_planning")
def start_planning(given: Words, when: Words) -> Answer:
    """Planning of EDE's delivery."""
    check_planning(
        multi_country=bool(given.get("multi_country")),
        allocated_on=maybe_date(given, "ede_location_allocated_on"),
        planning_on=a_date(when["date"]),
    )
    return ACCEPTED


@adapter("location", "buy_service")
@adapter("buy", "buy_service")
def buy_service(given: Words, when: Words) -> Answer:
    """A purchase, at a location where the case names one."""
    wanted, base = known_offering(when["service"]), base_agreement(given)
    check_purchase(
        wanted,
        on=_purchase_day(when, base),
        base=base,
        request_terms=shipped_edition().terms.request,
        available=_available(given),
        quantity=Quantity(
            wanted=int(when.get("quantity") or 1),
            owned=int(given.get("already_bought") or 0),
            maximum=given.get("developer_support_max"),
        ),
        tenants=len(given["tenants"] or ()) if "tenants" in given else None,
        # Without a word about a maximum none is in the way; null says that none is configured.
        staff_approved=bool(given.get("staff_approved")) or "developer_support_max" not in given,
    )
    _check_days(wanted, given, when)
    if when.get("location") is not None:
        check_location(
            wanted, location(given, when["location"]), under_own_order=_under_own_order(given, when)
        )
    return ACCEPTED


def _available(given: Words) -> bool:
    return bool(given.get("available_in_location", True) and given.get("resources_available", True))


def _purchase_day(when: Words, base: Period | None) -> date:
    """The date of the purchase; where a case has none, one on which the base is in force."""
    day = maybe_date(when, "date")
    return day or (base and (base.first or base.last)) or date.min


def _check_days(wanted: OfferingFacts, given: Words, when: Words) -> None:
    if when.get("days") is not None and sells_assistance(wanted):
        check_assistance(
            shipped_edition().terms.assessment,
            Assistance(a_decimal(when["days"]), when.get("mode") or "remote"),
            onsite_in_region=bool(given.get("onsite_available", True)),
        )


@adapter("buy", "use_service")
def use_service(given: Words, when: Words) -> Answer:
    """Use of a service with prerequisites."""
    base = base_agreement(given)
    check_use(
        known_offering(when["service"]),
        on=_purchase_day(when, base),
        base=base,
        azure_subscription_active=bool(given.get("azure_subscription_active", True)),
        data_allowance_confirmed=all(given[key] for key in given if "data_" in str(key)),
    )
    return ACCEPTED


@adapter("buy", "start_mscir")
def start_cyber_response(given: Words, when: Words) -> Answer:
    """Cyberattack work before or after its purchase."""
    base = base_agreement(given)
    day = maybe_date(when, "date")
    started = start_mscir(
        has_base=base is not None and (day is None or day in base),
        contract_signed=bool(given.get("mscir_contract_signed")),
        emergency=bool(when.get("emergency")),
        authorised_by=when.get("authorised_by"),
    )
    return ACCEPTED | {
        "sign_contract_promptly": started.sign_contract_promptly,
        "customer_pays_pre_signature_work": started.customer_pays_pre_signature_work,
        "customer_bears_risk": started.customer_bears_risk,
    }


@adapter("language", "delivery_language")
def language(given: Words, when: Words) -> Answer:
    """The language of a delivery."""
    requested = str(given.get("requested") or when["requested"])
    chosen = delivery_language(
        offering(given["service"]),
        requested=requested,
        local_available=bool(given.get("local_language_available")),
        provider_language=given.get("provider_location_language"),
        agreed_language=given.get("written_language_agreement"),
    ).result
    return {"language": chosen, "matches_request": chosen == requested}


@adapter("staffing", "check_staffing")
def staffing(given: Words, when: Words) -> Answer:
    """Cleared staff, or staff of a citizenship."""
    wanted = known_offering(given["service"])
    possible = staffing_is_possible(
        wanted,
        restricted=bool(given.get("cleared_or_citizen_staff_required")),
        included=shipped_edition().included_in(wanted),
    )
    return {"possible": possible}
