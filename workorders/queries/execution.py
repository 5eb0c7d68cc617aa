"""What executing an order would do, shown before it is done and then done by the same figures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts.models import Location
from accounts.rules.calendar_days import ContractYear, local_date
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from workorders.models import Deadline, WorkOrder, WorkOrderLine
from workorders.models.orders import Funding
from workorders.queries.agreement import (
    Agreement,
    OrderedLine,
    ProposedLine,
    read_agreement,
)
from workorders.queries.findings import Finding, order_findings, with_override
from workorders.queries.line_findings import line_findings
from workorders.queries.locations import zone_of
from workorders.queries.spending import Draw, draws, ending_with
from workorders.queries.terms import last_day_of
from workorders.rules.flex import flex_ceiling, flex_period, forfeited_at_execution
from workorders.rules.milestones import (
    contract_year_ends,
    mcsap_milestones,
    order_expiry,
    request_cutoff,
    uer_meetings,
    uer_onboarding,
)
from workorders.rules.shares import shares
from workorders.rules.term import Period, effective_end, lapse_day

Kind = Deadline.Kind
Owner = Deadline.Owner

# Decisions that a clause leaves to staff, besides the refusals that are overridable.
APPROVABLE = frozenset({"staff_approval_required"})


@dataclass(frozen=True, slots=True)
class PlannedGrant:
    """An entitlement as execution grants it."""

    line: WorkOrderLine
    location: Location
    quantity: int
    value: Money
    usable_from: date
    usable_until: Explained[date]


@dataclass(frozen=True, slots=True)
class PlannedDeadline:
    """A date that execution makes binding."""

    kind: str
    subject_key: str
    subject_label: str
    owner: str
    due: Explained[date]
    line: WorkOrderLine | None = None

    @property
    def words(self) -> str:
        """What becomes due, in the reader's language."""
        return str(Deadline.Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What execution does to the allowance of one contract year; no ceiling without a rate."""

    number: int
    allotted: Money
    committed: Money
    capped: Money
    ceiling: Explained[Money] | None
    forfeited: Explained[Money]


@dataclass(frozen=True, slots=True)
class ExecutionPlan:
    """Everything that execution at an instant would do, and what stands against it."""

    order: WorkOrder
    zone: str
    findings: tuple[Finding, ...]
    years: tuple[YearPlan, ...]
    grants: tuple[PlannedGrant, ...]
    deadlines: tuple[PlannedDeadline, ...]
    draws: tuple[Draw, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What has to be settled first."""
        return tuple(one for one in self.findings if one.severity == "error")

    @property
    def forfeited(self) -> Money:
        """The allowance that is lost by executing the order as it stands (2.2-F7)."""
        return Money(sum(y.forfeited.result.minor for y in self.years), self.order.currency)


def check_order(
    order: WorkOrder, on: date, *, proposal: ProposedLine | None = None
) -> list[Finding]:
    """Everything that stands against executing the order on a day, errors and warnings.

    With a `proposal` as if that line were saved: what the builder asks while one types.
    """
    return _findings(read_agreement(order, on=on, proposal=proposal))


def execution_preview(order: WorkOrder, now: datetime) -> ExecutionPlan:
    """What executing the order now would do; writes nothing."""
    zone = zone_of(order.customer)
    agreement = read_agreement(order, on=local_date(now, zone))
    findings = _findings(agreement)
    possible = not any(one.severity == "error" for one in findings)
    return ExecutionPlan(
        order=order,
        zone=zone,
        findings=tuple(findings),
        years=tuple(_year_plans(agreement)),
        grants=tuple(_grants(agreement)) if possible else (),
        deadlines=tuple(_deadlines(agreement)) if possible else (),
        draws=tuple(draws(agreement)) if possible else (),
    )


def term_deadlines(
    order: WorkOrder, zone: str, *, last_day: date | None = None
) -> Iterator[PlannedDeadline]:
    """The dates that follow from the end of the order, or from another `last_day` of it.

    An order that would end before it begins has none.
    """
    ends = last_day or last_day_of(order)
    if ends >= order.starts_on:
        yield from _term_deadlines(read_agreement(order, on=order.starts_on), ends)


def year_plans(order: WorkOrder, *, proposal: ProposedLine | None = None) -> list[YearPlan]:
    """The allowance year by year, as drafted or as executed; with a line as proposed."""
    return list(_year_plans(read_agreement(order, on=order.starts_on, proposal=proposal)))


def _findings(agreement: Agreement) -> list[Finding]:
    found = list(order_findings(agreement))
    for one in agreement.lines:
        found.extend(
            with_override(finding, agreement, approvable=finding.code in APPROVABLE)
            for finding in line_findings(agreement, one)
        )
    return found


def _year_plans(agreement: Agreement) -> Iterator[YearPlan]:
    zero = agreement.money(0)
    years = {*agreement.allotments, *(one.line.flex_year or 0 for one in agreement.lines)} - {0}
    for number in sorted(years):
        allotted = agreement.allotments.get(number, zero)
        uses = agreement.flex_uses(number)
        committed = sum((use.amount for use in uses), zero)
        within = min(committed, allotted)
        yield YearPlan(
            number,
            allotted,
            committed,
            sum((use.amount for use in uses if use.capped), zero),
            _ceiling(agreement, allotted),
            forfeited_at_execution(allotments={number: allotted}, allocated={number: within})[
                number
            ],
        )


def _ceiling(agreement: Agreement, allotted: Money) -> Explained[Money] | None:
    try:
        return flex_ceiling(
            agreement.terms.flex,
            allotment=allotted,
            units_per_usd=agreement.order.units_per_usd,
        )
    except Refused:
        return None


def _grants(agreement: Agreement) -> Iterator[PlannedGrant]:
    paid = {draw.line.pk: draw for draw in draws(agreement)}
    for one in agreement.lines:
        if not one.allocations:
            continue
        first, until = _days_of_use(agreement, one)
        until = ending_with(until, paid.get(one.line.pk))
        values = shares(one.price_minor, [quantity for _place, quantity in one.allocations])
        for (location, quantity), value in zip(one.allocations, values, strict=True):
            yield PlannedGrant(one.line, location, quantity, agreement.money(value), first, until)


def _days_of_use(agreement: Agreement, one: OrderedLine) -> tuple[date, Explained[date]]:
    """The first and the last day on which the line can be used (X-29: the earlier end)."""
    order = agreement.order
    base_end = agreement.base.last if agreement.base and agreement.base.last else order.ends_on
    own_end = effective_end(one.facts, own_end=one.line.ends_on, base_end=base_end).result
    year = _year_of(agreement, one)
    until = lapse_day(
        order_last_day=min(own_end, order.ends_on),
        funded_period=Period(year.first_day, year.last_day) if year else None,
    )
    begins = [order.starts_on, one.line.starts_on, year and year.first_day]
    return max(day for day in begins if day), until


def _year_of(agreement: Agreement, one: OrderedLine) -> ContractYear | None:
    if one.line.funding != Funding.FLEX or not one.line.flex_year:
        return None
    return flex_period(
        agreement.terms.flex,
        order_start=agreement.order.starts_on,
        order_end=agreement.order.ends_on,
        funded_year=one.line.flex_year,
    ).result


def standing_deadlines(order: WorkOrder, zone: str) -> Iterator[PlannedDeadline]:
    """The dates of an executed order as they follow from the facts of today."""
    yield from term_deadlines(order, zone)
    if order.executed_at is not None:
        yield from _line_deadlines(read_agreement(order, on=local_date(order.executed_at, zone)))


def _deadlines(agreement: Agreement) -> Iterator[PlannedDeadline]:
    yield from _term_deadlines(agreement, agreement.order.ends_on)
    yield from _line_deadlines(agreement)


def _line_deadlines(agreement: Agreement) -> Iterator[PlannedDeadline]:
    for one in agreement.lines:
        if one.is_mcsap:
            yield from _mcsap_deadlines(agreement, one)
        if one.is_uer:
            start = one.line.starts_on or agreement.order.starts_on
            due = uer_onboarding(agreement.terms.uer, uer_start=start, zone=agreement.zone)
            yield _of_line(one, Kind.UER_ONBOARDING, Owner.CUSTOMER, due)
            yield from _uer_meetings(agreement, one, start)


def _term_deadlines(agreement: Agreement, last_day: date) -> Iterator[PlannedDeadline]:
    order, zone = agreement.order, agreement.zone
    key, label = f"order:{order.pk}", str(order)
    cutoff = request_cutoff(agreement.terms.request, order_end=last_day, zone=zone)
    yield PlannedDeadline(Kind.REQUEST_CUTOFF, key, label, Owner.CUSTOMER, cutoff)
    expiry = order_expiry(last_day, zone=zone)
    yield PlannedDeadline(Kind.EXPIRY, key, label, Owner.CSAM, expiry)
    funded = {one.line.flex_year for one in agreement.lines if one.line.funding == Funding.FLEX}
    ends = contract_year_ends(order.starts_on, last_day, zone=zone)
    for number, end in enumerate(ends, 1):
        if number in funded:
            yield PlannedDeadline(
                Kind.CONTRACT_YEAR_END, f"{key}:year:{number}", label, Owner.CUSTOMER, end
            )


def _mcsap_deadlines(agreement: Agreement, one: OrderedLine) -> Iterator[PlannedDeadline]:
    dates = mcsap_milestones(
        agreement.terms.mcsap,
        executed_on=agreement.on,
        start=agreement.order.starts_on,
        plus=one.is_mcsap_plus,
        zone=agreement.zone,
        agreed_end=one.line.onboarding_ended_on,
    )
    yield _of_line(one, Kind.MCSAP_INTAKE, Owner.CUSTOMER, dates.intake_due)
    yield _of_line(one, Kind.MCSAP_ONBOARDING, Owner.CUSTOMER, dates.onboarding_last_day)
    if dates.material_due and dates.monitors_ready_due:
        yield _of_line(one, Kind.MCSAP_MATERIAL, Owner.CUSTOMER, dates.material_due)
        yield _of_line(one, Kind.MCSAP_MONITORS, Owner.MICROSOFT, dates.monitors_ready_due)


def _uer_meetings(agreement: Agreement, one: OrderedLine, start: date) -> Iterator[PlannedDeadline]:
    """One for each quarter; each is a subject of its own."""
    last_day = min(one.line.ends_on or agreement.order.ends_on, agreement.order.ends_on)
    meetings = uer_meetings(
        agreement.terms.uer, uer_start=start, last_day=last_day, zone=agreement.zone
    )
    for number, due in enumerate(meetings, 1):
        planned = _of_line(one, Kind.QUARTERLY_REVIEW, Owner.CSAM, due)
        yield replace(planned, subject_key=f"{planned.subject_key}:meeting:{number}")


def _of_line(one: OrderedLine, kind: str, owner: str, due: Explained[date]) -> PlannedDeadline:
    label = one.line.offering.abbreviation or str(one.line.offering)
    return PlannedDeadline(kind, f"line:{one.line.pk}", label, owner, due, one.line)
