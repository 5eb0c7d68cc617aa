"""Everything that stands against a work order, as data: live in the builder, again at signing."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from accounts.rules.refusal import Refused
from services.catalog.models import Edition
from workorders.models import Override, WorkOrder, WorkOrderLine
from workorders.queries.agreement import Agreement, with_base
from workorders.queries.terms import last_day_of
from workorders.rules.amendment import check_amendment_days
from workorders.rules.flex import forfeited_at_execution
from workorders.rules.locations import check_locations
from workorders.rules.term import check_day_in_term

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Why the order can't be executed (error), or what to know before it is (warning).

    `line` is the line concerned, none for the order as a whole. An error that staff
    overrode with a reason (0-C17) is a warning with its `override`.
    """

    code: str
    severity: Severity = "error"
    clauses: tuple[str, ...] = ()
    field: str = ""
    figures: Mapping[str, object] = dataclasses.field(default_factory=dict)
    line: WorkOrderLine | None = None
    overridable: bool = False
    override: Override | None = None

    def as_refusal(self) -> Refused:
        """The same as an exception, for the edges."""
        return Refused(
            self.code,
            clause=", ".join(self.clauses),
            field=self.field,
            overridable=self.overridable,
            **self.figures,
        )


def from_refusal(
    refused: Refused, *, line: WorkOrderLine | None = None, severity: Severity = "error"
) -> Finding:
    """What a rule refused, as data."""
    return Finding(
        refused.code,
        severity,
        refused.clauses,
        refused.field,
        refused.figures,
        line,
        refused.overridable,
    )


def order_findings(agreement: Agreement) -> Iterator[Finding]:
    """What stands against the order as a whole."""
    yield from _amendment(agreement)
    yield from _term(agreement)
    yield from _locations(agreement)
    yield from _edition(agreement)
    yield from _years(agreement)
    yield from _forfeits(agreement)
    yield from _overlaps(agreement)
    if not agreement.lines and not agreement.order.base_price_minor:
        yield Finding("no_lines", clauses=("1-A4",), field="lines")


def with_override(finding: Finding, agreement: Agreement, *, approvable: bool) -> Finding:
    """The finding, softened when staff overrode it in writing."""
    if finding.line is None or finding.line.pk is None:
        return finding
    written = agreement.overrides.get((f"line:{finding.line.pk}", finding.code))
    if written is None or not (finding.overridable or approvable):
        return finding
    return replace(finding, severity="warning", override=written)


def _amendment(agreement: Agreement) -> Iterator[Finding]:
    """An amendment begins within what is left of the order it amends, and ends with it."""
    order, amended = agreement.order, agreement.order.amends
    if amended is None:
        return
    try:
        check_amendment_days(
            first=order.starts_on,
            last=order.ends_on,
            amended_first=amended.starts_on,
            amended_last=last_day_of(amended),
            on=agreement.on,
        )
    except Refused as refused:
        yield from_refusal(refused)


def _term(agreement: Agreement) -> Iterator[Finding]:
    order = agreement.order
    try:
        check_day_in_term(agreement.purchase_day, last_day=order.ends_on)
    except Refused as refused:
        yield from_refusal(refused)


def _locations(agreement: Agreement) -> Iterator[Finding]:
    listed = agreement.listed
    if not listed:
        yield Finding("no_locations", clauses=("2.6-M2",), field="locations")
    elif not agreement.is_own_order:
        try:
            check_locations([agreement.places[location.pk] for location in listed])
        except Refused as refused:
            yield from_refusal(refused)
    if len(listed) > 1 and not agreement.order.multi_country:
        yield Finding(
            "multi_country_required",
            clauses=("2.1-B6", "2.6-M1"),
            field="multi_country",
            figures={"locations": len(listed)},
        )


def _edition(agreement: Agreement) -> Iterator[Finding]:
    state = agreement.order.edition.state
    code = agreement.order.edition.code
    if state == Edition.State.DRAFT:
        yield Finding(
            "edition_not_published", clauses=("1-A1",), field="edition", figures={"edition": code}
        )
    elif state == Edition.State.SUPERSEDED and agreement.order.amends_id is None:
        yield Finding(
            "edition_superseded", "warning", ("1-A1",), "edition", figures={"edition": code}
        )


def _years(agreement: Agreement) -> Iterator[Finding]:
    known = {year.number for year in agreement.years}
    for number in sorted(agreement.allotments.keys() - known):
        yield Finding(
            "no_such_year",
            clauses=("2.2-F4", "0-C12"),
            field="flex_years",
            figures={"year": number, "years": len(known)},
        )


def _forfeits(agreement: Agreement) -> Iterator[Finding]:
    """What is lost when the order is executed as it stands (2.2-F7)."""
    for year, allotment in sorted(agreement.allotments.items()):
        uses = agreement.flex_uses(year)
        allocated = agreement.money(sum(use.amount.minor for use in uses))
        if allocated >= allotment:
            continue
        lost = forfeited_at_execution(allotments={year: allotment}, allocated={year: allocated})
        yield Finding(
            "allowance_forfeited",
            "warning",
            lost[year].clauses,
            "flex_years",
            {"year": year, "forfeited": lost[year].result},
        )


def _overlaps(agreement: Agreement) -> Iterator[Finding]:
    """Another base package of the same customer in the same days is hardly meant."""
    order = agreement.order
    if not order.base_price_minor:
        return
    others = WorkOrder.objects.executed().filter(
        customer=order.customer_id, starts_on__lte=order.ends_on, ends_on__gte=order.starts_on
    )
    others = with_base(others.exclude(pk=order.pk).filter(terminated_on=None))
    for number in others.order_by("starts_on").values_list("number", flat=True)[:3]:
        yield Finding("overlaps_order", "warning", ("2.1-B2",), "starts_on", {"number": number})
