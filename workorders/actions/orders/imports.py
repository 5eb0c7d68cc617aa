"""Lines taken from a file into a draft: every row judged, then all of them or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Named, Refused
from services.catalog.models import Offering
from workorders.actions.orders.drafts import count_edit, take_draft
from workorders.actions.orders.lines import LineFields, Scope, propose_line
from workorders.models import LineAllocation, LineScope, WorkOrder, WorkOrderLine
from workorders.queries.agreement import ProposedLine, in_sequence, read_agreement
from workorders.queries.findings import Finding, from_refusal
from workorders.queries.line_findings import line_findings
from workorders.queries.locations import zone_of
from workorders.wording.findings import said

MOST_LINES = 20_000
# What a finding is about, as the column of the file that has it.
COLUMNS = {
    "flex_year": "contract_year",
    "amount": "price",
    "price_minor": "price",
    "allocations": "location",
    "locations": "location",
    "days": "quantity",
    "exhibit_reference": "exhibit",
    "agreed_time_zone": "time_zone",
    "scopes": "subscriptions",
}


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """A row of a file as the line that it means; `problems` are why it can't be read."""

    row: int
    cells: Mapping[str, str]
    offering: Offering | None = None
    allocations: tuple[tuple[Location, int], ...] = ()
    scopes: tuple[Scope, ...] = ()
    fields: LineFields = field(default_factory=LineFields)
    problems: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands against a row; without errors it can be taken."""

    source: ImportedLine
    findings: tuple[Finding, ...]
    proposal: ProposedLine | None = None

    @property
    def row(self) -> int:
        """Its number in the file."""
        return self.source.row

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Why it can't be taken."""
        return tuple(one for one in self.findings if one.severity == "error")


def sold_offerings(order: WorkOrder) -> list[Offering]:
    """What a row can name: the additional services of the order's edition."""
    offerings = Offering.objects.filter(edition=order.edition)
    return list(offerings.exclude(mark=Offering.Mark.INCLUDED).prefetch_related("limits"))


def judge_lines(*, order: WorkOrder, lines: Sequence[ImportedLine], on: date) -> list[Verdict]:
    """Each row with what stands against it, below the draft's lines and the rows before it.

    Nothing is saved. Rows that can't be taken count for nothing in those after them.
    """
    judged: list[Verdict] = []
    for one in lines:
        proposal, refused = _proposed(order, one)
        judged.append(Verdict(one, _in_columns(map(from_refusal, refused)), proposal))
    proposals = [one.proposal for one in judged if one.proposal is not None]
    agreement = read_agreement(order, on=on, more=proposals)
    drafted = [
        ProposedLine(one.line, one.allocations)
        for one in agreement.lines[: len(agreement.lines) - len(proposals)]
    ]
    new, refused_lines = {id(one.line) for one in proposals}, set[int]()
    found: dict[int, tuple[Finding, ...]] = {}
    for ordered in in_sequence([*drafted, *proposals], order.currency, without=refused_lines):
        if id(ordered.line) in new:
            findings = _in_columns(line_findings(agreement, ordered))
            found[id(ordered.line)] = findings
            if any(finding.severity == "error" for finding in findings):
                refused_lines.add(id(ordered.line))
    return [
        replace(one, findings=found[id(one.proposal.line)]) if one.proposal else one
        for one in judged
    ]


@transaction.atomic
def import_lines(
    *,
    order: WorkOrder,
    lines: Sequence[ImportedLine],
    by: User,
    now: datetime,
    version: int | None = None,
) -> int:
    """Add all lines to a draft, below those it has; how many were added.

    Judged again on the draft as it stands: one row against which something stands
    refuses the whole, naming the row.
    """
    draft = take_draft(order, version=version, by=by)
    verdicts = judge_lines(order=draft, lines=lines, on=local_date(now, zone_of(draft.customer)))
    bad = [one for one in verdicts if one.errors]
    if bad or not verdicts:
        raise Refused(
            "rows_refused",
            clause=", ".join(bad[0].errors[0].clauses) if bad else "",
            field="file",
            row=bad[0].row if bad else 1,
            count=len(bad),
            column=bad[0].errors[0].field if bad else "",
            reason=Named(bad[0].errors[0].code, said(bad[0].errors[0])) if bad else "",
        )
    proposals = [one.proposal for one in verdicts if one.proposal is not None]
    rows = WorkOrderLine.objects.filter(order=draft)
    last = rows.aggregate(Max("position"))["position__max"]
    start = 0 if last is None else last + 1
    if start + len(proposals) > MOST_LINES:
        raise Refused("too_many_lines", field="file", most=MOST_LINES)
    for position, one in enumerate(proposals, start):
        one.line.position = position
    WorkOrderLine.objects.bulk_create([one.line for one in proposals], batch_size=500)
    LineAllocation.objects.bulk_create(
        [
            LineAllocation(line=one.line, location=place, quantity=quantity)
            for one in proposals
            for place, quantity in one.allocations
        ],
        batch_size=500,
    )
    LineScope.objects.bulk_create(
        [
            LineScope(
                line=one.line, kind=row.kind, identifier=row.identifier, affiliate=row.affiliate
            )
            for one in proposals
            for row in one.scopes
        ],
        batch_size=500,
    )
    count_edit(draft, by=by, now=now, change=f"lines imported: {len(proposals)}")
    return len(proposals)


def _in_columns(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(replace(one, field=COLUMNS.get(one.field, one.field)) for one in findings)


def _proposed(
    order: WorkOrder, one: ImportedLine
) -> tuple[ProposedLine | None, tuple[Refused, ...]]:
    """The row as a line to be judged, or why it is none."""
    if one.problems or one.offering is None:
        return None, one.problems
    try:
        proposal = propose_line(
            order=order,
            offering=one.offering,
            allocations=one.allocations,
            scopes=one.scopes,
            **one.fields,
        )
    except Refused as refused:
        return None, (refused,)
    return proposal, ()
