"""May this be bought, used, started: the answer before a line is added to an order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from accounts.rules.calendar_days import days_before_end
from accounts.rules.refusal import Refused
from services.catalog.rules.offering import Mode, OfferingFacts, request_deadline_binds
from services.catalog.rules.terms import AssessmentTerms, RequestTerms
from workorders.rules.term import Period


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell before a purchase that is nevertheless possible."""

    code: str
    clause: str
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many are wanted and owned, and the most there may be; None: not configured."""

    wanted: int = 1
    owned: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Assistance:
    """Days of paid help with an on-demand assessment, all in one mode."""

    days: Decimal | Fraction | int
    mode: Mode = "remote"


def check_base(base: Period | None, on: date) -> None:
    """Refuse what needs a base agreement in force on that day, both ends included.

    Refuses `base_required` when there is none, or it hasn't begun, or has ended.

    Clause: 2.1-B1, 2.1-B8, 2.5-UE2, 2.4-IR2
    """
    if base is None or on not in base:
        raise Refused(
            "base_required",
            clause="2.1-B1" if base is None else "2.1-B1, 2.1-B8",
            field="date",
            first_day=base and base.first,
            last_day=base and base.last,
        )


def check_on_list(offering: OfferingFacts, listed: Collection[str]) -> None:
    """Refuse an additional service that the order with the base package doesn't list.

    `listed` are the codes of its list; an order without one sells the whole catalogue of
    the location. What the base package includes needs no list.

    Refuses `not_on_the_list`.

    Clause: 2.1-B7
    """
    if listed and offering.is_additional and offering.code not in listed:
        raise Refused("not_on_the_list", clause="2.1-B7", field="offering", listed=len(listed))


def check_purchase(
    offering: OfferingFacts,
    *,
    on: date,
    base: Period | None,
    request_terms: RequestTerms,
    listed: Collection[str] = (),
    available: bool = True,
    quantity: Quantity | None = None,
    tenants: int | None = None,
    staff_approved: bool = False,
) -> tuple[Note, ...]:
    """What to note about a purchase on that day, if it is possible.

    An additional service, under a base agreement in force, on its list of what may be
    bought if there is one, and available at the location.
    Where the text knows a maximum: within it, or by staff's approval where none is
    configured. Where tenants are listed: at least one; None leaves that open. A late
    sale is possible and noted.

    Refuses `ineligible_service` for what is part of the base package, `base_required`,
    `not_on_the_list`, `not_available`, `staff_approval_required`, `max_quantity` and
    `tenant_required`.

    Clause: 2.1-B1, 2.1-B7, 2.1-B8, 2.3-P1, 1-A5, 2.7-T21, 2.5-DS4, 2.4-SE5, 2.5-OE2, 2.5-AR6
    """
    if not offering.is_additional:
        raise Refused("ineligible_service", clause="2.3-P1", field="offering")
    check_base(base, on)
    check_on_list(offering, listed)
    if not available:
        raise Refused("not_available", clause="1-A5, 2.7-T21", field="offering")
    if offering.mark == "additional_limited":
        _check_quantity(quantity or Quantity(), staff_approved)
    if offering.location_constraint == "listed_tenants" and tenants == 0:
        clause = "2.5-OE2" if "2.5-OE2" in offering.clauses else "2.4-SE5"
        raise Refused("tenant_required", clause=clause, field="tenants")
    return _notes(offering, on, base.last if base else None, request_terms)


def _check_quantity(quantity: Quantity, staff_approved: bool) -> None:
    if quantity.maximum is None:
        if staff_approved:
            return
        raise Refused("staff_approval_required", clause="2.5-DS4", field="quantity")
    left = quantity.maximum - quantity.owned
    if quantity.wanted > left:
        raise Refused(
            "max_quantity",
            clause="2.5-DS4",
            field="quantity",
            maximum=quantity.maximum,
            left=max(left, 0),
        )


def _notes(
    offering: OfferingFacts, on: date, base_last: date | None, terms: RequestTerms
) -> tuple[Note, ...]:
    notes = []
    if offering.exhibit == "required":
        notes.append(Note("exhibit_expected", "2.4-G1, 2.5-G1"))
    if base_last is not None:
        last_day = days_before_end(base_last, terms.cutoff_days)
        if on > last_day and request_deadline_binds(offering):
            notes.append(Note("request_too_late", "2.1-B8, 2.8-C20", last_day))
        elif on > last_day:
            notes.append(Note("late_sale", "2.1-B8", base_last))
    return tuple(notes)


def check_assistance(
    terms: AssessmentTerms, assistance: Assistance, *, onsite_in_region: bool = True
) -> None:
    """Refuse more days of assessment help than the text allows, onsite or remote.

    The two are alternatives, both maxima included; parts of a day are possible.

    Refuses `not_available` where the region has no onsite help, and `max_days`.

    Clause: 2.3-MA5, 2.3-MA6
    """
    if assistance.days <= 0:
        raise ValueError(f"help takes some time, not {assistance.days} days")
    onsite = assistance.mode == "onsite"
    if onsite and not onsite_in_region:
        raise Refused("not_available", clause="2.3-MA6", field="mode")
    maximum = terms.max_days_onsite if onsite else terms.max_days_remote
    if assistance.days > maximum:
        raise Refused("max_days", clause="2.3-MA5", field="days", maximum=maximum)


def sells_assistance(offering: OfferingFacts) -> bool:
    """Whether `check_assistance` concerns it: the paid help inside the ticked row.

    Clause: 2.3-MA5, X-05
    """
    return "2.3-MA5" in offering.clauses


def check_use(
    offering: OfferingFacts,
    *,
    on: date,
    base: Period | None,
    azure_subscription_active: bool = True,
    data_allowance_confirmed: bool = True,
) -> None:
    """Refuse to use a service whose prerequisites aren't met.

    The on-demand assessment needs an active Azure service with enough data allowance,
    by the customer's word.

    Refuses `base_required` and `prerequisite_missing`.

    Clause: 2.1-B1, 2.3-MA3
    """
    check_base(base, on)
    azure_ready = azure_subscription_active and data_allowance_confirmed
    if "2.3-MA3" in offering.clauses and not azure_ready:
        missing = "data_allowance" if azure_subscription_active else "azure_subscription"
        raise Refused("prerequisite_missing", clause="2.3-MA3", missing=missing)


@dataclass(frozen=True, slots=True)
class MscirStart:
    """The start of cyberattack work, and whether its three consequences hold."""

    before_signature: bool

    @property
    def sign_contract_promptly(self) -> bool:
        """The customer does what is reasonable to execute the contract soon."""
        return self.before_signature

    @property
    def customer_pays_pre_signature_work(self) -> bool:
        """Work done before execution is invoiced; flex can't pay for it."""
        return self.before_signature

    @property
    def customer_bears_risk(self) -> bool:
        """Microsoft isn't liable for authorised work before signature."""
        return self.before_signature


def start_mscir(
    *, has_base: bool, contract_signed: bool, emergency: bool, authorised_by: str | None
) -> MscirStart:
    """Start cyberattack work: after purchase, or in an emergency on the customer's word.

    An early start needs somebody who authorised it.

    Refuses `base_required` and `purchase_required`.

    Clause: 2.4-IR2, 2.4-IR4, 2.4-IR5
    """
    if not has_base:
        raise Refused("base_required", clause="2.4-IR2")
    if contract_signed:
        return MscirStart(before_signature=False)
    if not (emergency and authorised_by):
        raise Refused("purchase_required", clause="2.4-IR2, 2.4-IR4", field="authorised_by")
    return MscirStart(before_signature=True)
