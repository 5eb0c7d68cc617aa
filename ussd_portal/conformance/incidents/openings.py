"""Cases about opening an incident, access to systems, and mail."""

from accounts.rules.communication import Addressee, may_send
from accounts.rules.refusal import Refused
from incidents.rules import access, opening
from ussd_portal.conformance.incidents.situations import catalogue
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import Words


@adapter("channel", "open_incident")
@adapter("survey", "open_incident")
@adapter("access", "open_incident")
def open_incident(given: Words, when: Words) -> Answer:
    """Whether an incident can be opened like this."""
    product = catalogue().find(str(given.get("product") or ""))
    opening.check_opening(
        impact=when.get("impact_statement", "stated"),
        channel=when.get("channel"),
        role=str(given.get("role") or ""),
        online_service=bool(given.get("online_service", product.online_service)),
        requester=str(given.get("requester", "customer")),
        programme=str(when.get("programme") or ""),
    )
    return {"accepted": True, "reason": None}


@adapter("access", "remote_access")
def remote_access(given: Words, when: Words) -> Answer:
    """Whether staff may access a system."""
    authorised = tuple(given.get("authorised_systems") or ())
    return {"permitted": access.may_access(when["system"], authorised=authorised)}


@adapter("access", "use_technology")
def use_technology(given: Words, _when: Words) -> Answer:
    """Whether a technology may be used."""
    try:
        access.check_technology(
            approved=bool(given.get("technology_approved_by_microsoft", True)),
            customer_asked=bool(given.get("customer_asked")),
            risk_acknowledged=bool(given.get("risk_acknowledged")),
        )
    except Refused as refused:
        return {"permitted": False, "reason": refused.code}
    return {"permitted": True, "reason": None}


@adapter("access", "use_trial_item")
def use_trial_item(given: Words, _when: Words) -> Answer:
    """Whether a trial item may be used."""
    permitted = access.may_use_trial_item(
        opted_in=bool(given.get("opted_in")),
        terms_accepted=bool(given.get("terms_accepted")),
        available_in_location=bool(given.get("available_in_location", True)),
    )
    return {"permitted": permitted}


@adapter("communication", "send")
def send(given: Words, when: Words) -> Answer:
    """Whether a message goes out."""
    user = given["user"]
    addressee = Addressee(
        active=bool(user.get("active", True)),
        corporate=bool(user.get("corporate", True)),
        opted_out=bool(user.get("opted_out", False)),
    )
    return {"sent": may_send(str(when["kind"]), addressee)}
