"""What an offering is and what follows from that alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused

Mark: TypeAlias = Literal["included", "additional", "additional_limited"]
Flex: TypeAlias = Literal["yes", "no", "capped"]
CoTermination: TypeAlias = Literal["same_day", "with_base", "suspended"]
Mode: TypeAlias = Literal["remote", "online", "onsite"]

MODES: tuple[Mode, ...] = ("remote", "online", "onsite")

# Families that table 1 calls proactive services; reactive plus lines join them for
# purchase and flex alone (2.1-B3).
PROACTIVE = frozenset(
    {
        "planning",
        "implementation",
        "maintenance",
        "optimisation",
        "education",
        "other_proactive",
        "proactive_credits",
    }
)

# Offerings whose text fixes their languages, and the clause that does.
LANGUAGE_CLAUSES = (
    "2.4-AP47", "2.4-AE19", "A-SE5", "2.5-UE17", "A-AR6", "2.3-RE25",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfferingFacts:
    """What the catalogue says of one offering, in the catalogue's vocabulary.

    `onsite` is False where the text bars it, otherwise None. `restricted_staff` is False
    where the text says that citizenship or clearance can't be asked for, otherwise None.
    `co_termination`: the text ends it with the agreement on the same day; or the base
    agreement does (0-C16); or it is suspended while there is none (2.4-AP46).
    """

    code: str
    category: str
    mark: Mark
    flex: Flex = "no"
    subcategory: str = ""
    unit_of_sale: str = ""
    delivery_modes: tuple[str, ...] = ()
    onsite: bool | None = None
    languages: tuple[str, ...] = ()
    business_hours: str = ""
    location_constraint: str = "as_ordered"
    co_termination: CoTermination = "with_base"
    request_deadline: str = ""
    is_group: bool = False
    includes: tuple[str, ...] = ()
    exhibit: str = ""
    restricted_staff: bool | None = None
    clauses: tuple[str, ...] = ()

    @property
    def is_additional(self) -> bool:
        """Sold in addition to the base package (2.3-P1)."""
        return self.mark != "included"

    @property
    def is_proactive(self) -> bool:
        """Belongs to the proactive families of tables 2 to 8."""
        return self.category in PROACTIVE

    @property
    def is_reactive(self) -> bool:
        """Belongs to table 9."""
        return self.category == "reactive"


def flex_may_pay(offering: OfferingFacts | None) -> bool:
    """Whether the flex allowance may pay for it; None is a line outside the catalogue.

    Base lines, success and service delivery management, travel and taxes are not
    eligible; neither is anything that the catalogue doesn't know.

    Clause: 2.2-F1, 2.2-F5, 2.3-P1
    """
    return offering is not None and offering.flex != "no"


def flex_is_capped(offering: OfferingFacts) -> bool:
    """Whether it shares the ceiling of proactive credits and custom proactive services.

    Clause: 2.2-F3
    """
    return offering.flex == "capped"


def credits_may_buy(offering: OfferingFacts | None) -> bool:
    """Whether proactive credits exchange into it: a plus line that the text defines.

    Custom work isn't defined by the text, credits don't buy credits, and base lines,
    success management and lines outside the catalogue are no additional services.

    Clause: 2.3-PC4, 2.3-P1
    """
    return (
        offering is not None
        and offering.is_additional
        and offering.subcategory != "custom"
        and offering.category not in {"proactive_credits", "success_management"}
    )


def request_deadline_binds(offering: OfferingFacts | None) -> bool:
    """Whether requests for it end before the work order does.

    Proactive plus lines of tables 2 to 7 and the enhanced solutions called off piece by
    piece; not incidents, mission-critical services or standing subscriptions.

    Clause: 2.8-C20
    """
    return offering is not None and offering.request_deadline == "rule_60"


def staffing_is_possible(
    offering: OfferingFacts, *, restricted: bool, included: Iterable[OfferingFacts] = ()
) -> bool:
    """Whether staff can be found who are cleared, or of a citizenship, if that is asked for.

    `included` are the offerings that it contains; one that can't is enough. Where the
    text is silent nothing is ruled out.

    Clause: 2.4-AP47, 2.4-AE18, 2.5-UE18
    """
    return not restricted or all(one.restricted_staff is not False for one in (offering, *included))


@dataclass(frozen=True, slots=True)
class DeliveryMode:
    """How a session takes place, and whether travel is billed for it."""

    mode: Mode
    travel_billed: bool


def choose_mode(
    offering: OfferingFacts,
    mode: Mode,
    *,
    written_agreement: bool = False,
    fee_recorded: bool = False,
    sold_as_onsite: bool = False,
    visit_prepaid: bool | None = None,
    onsite_in_region: bool = True,
) -> DeliveryMode:
    """The mode if it is possible; delivery is remote unless more is agreed.

    Onsite needs a written agreement and a recorded fee (paid, or to be invoiced), or a
    sale expressly as onsite. Success management may be onsite without either. A visit
    that isn't prepaid bills travel; one sold as onsite counts as prepaid unless stated.

    Refuses `remote_only` where the text bars onsite and for all reactive support,
    `not_available` where the region has no onsite delivery, and
    `written_agreement_required`.

    Clause: 2.3-P6, 2.3-P7, 2.3-RE3, 2.3-TR5, 2.3-SM2, 2.7-T2, 2.7-T29
    """
    if mode not in MODES:
        raise ValueError(f"no such mode of delivery: {mode}")
    if mode != "onsite":
        return DeliveryMode(mode, travel_billed=False)
    if offering.onsite is False or offering.is_reactive:
        raise Refused("remote_only", clause=_remote_clause(offering), field="mode")
    if not onsite_in_region:
        raise Refused("not_available", clause="2.3-P6", field="mode")
    agreed = sold_as_onsite or (written_agreement and fee_recorded)
    if not agreed and offering.category != "success_management":
        missing = "fee" if written_agreement else "written_agreement"
        raise Refused("written_agreement_required", clause="2.3-P7", field="mode", missing=missing)
    prepaid = sold_as_onsite if visit_prepaid is None else visit_prepaid
    return DeliveryMode(mode, travel_billed=not prepaid)


def _remote_clause(offering: OfferingFacts) -> str:
    if offering.is_reactive:
        return "2.3-RE3"
    specific = [clause for clause in ("2.3-TR5", "2.5-UE16") if clause in offering.clauses]
    return ", ".join(specific) or "2.3-P6"


def delivery_language(
    offering: OfferingFacts | None,
    *,
    requested: str,
    local_available: bool = False,
    provider_language: str | None = None,
    agreed_language: str | None = None,
) -> Explained[str]:
    """The language in which it is given when `requested` is asked for.

    A language agreed in writing wins, except where the text knows English alone. Else
    the one asked for if it is among those offered: a closed list, the customer's
    language where available, or that of the location that provides the service. Else
    English.

    Clause: 2.7-T3, 2.7-T4, 2.3-RE25, 2.4-AP47, 2.4-AE19, 2.5-UE17, A-AE8, A-AR6, A-SE5
    """
    listed = (offering.languages if offering else ()) or ("provider_location", "en")
    offered = set(listed) - {"provider_location", "local_if_available"}
    if "local_if_available" in listed and local_available:
        offered.add(requested)
    if "provider_location" in listed and provider_language:
        offered.add(provider_language)
    if agreed_language and listed != ("en",):
        chosen, why = agreed_language, "agreed"
    elif requested in offered:
        chosen, why = requested, "offered"
    else:
        chosen, why = "en", "fallback"
    return Explained(
        chosen,
        inputs=(("requested", requested), ("offered", tuple(sorted(offered)))),
        steps=((why, chosen),),
        clauses=_language_clauses(offering, listed),
    )


def _language_clauses(offering: OfferingFacts | None, listed: tuple[str, ...]) -> tuple[str, ...]:
    own = offering.clauses if offering else ()
    specific = tuple(clause for clause in LANGUAGE_CLAUSES if clause in own)
    if specific:
        return specific
    return ("2.7-T3",) if "local_if_available" in listed else ("2.7-T4",)
