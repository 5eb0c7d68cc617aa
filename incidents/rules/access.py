"""What Microsoft may touch and use: systems, technology, trial items."""

from collections.abc import Collection

from accounts.rules.refusal import Refused


def may_access(system: str, *, authorised: Collection[str]) -> bool:
    """Whether staff may access a system remotely: only one that the customer authorised.

    Clause: 2.7-T13, 2.7-T14
    """
    return system in authorised


def check_technology(
    *, approved: bool, customer_asked: bool = False, risk_acknowledged: bool = False
) -> None:
    """Refuse technology that Microsoft hasn't approved (`acknowledgement_required`).

    It may be used all the same when the customer asked for it and has taken the risk on
    record.

    Clause: 2.7-T15, 2.7-T16
    """
    if not approved and not (customer_asked and risk_acknowledged):
        raise Refused("acknowledgement_required", clause="2.7-T16", field="risk_acknowledged")


def may_use_trial_item(
    *, opted_in: bool, terms_accepted: bool, available_in_location: bool = True
) -> bool:
    """Whether a trial, preview or beta item may be used: chosen, its terms accepted, on offer here.

    Clause: 2.7-T7, 2.7-T8, 2.7-T9
    """
    return opted_in and terms_accepted and available_in_location
