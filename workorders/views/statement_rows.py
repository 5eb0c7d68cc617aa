"""A statement as tables: one line a movement for CSV, typed sheets for a workbook."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.http.workbooks import Sheet
from accounts.rules.money import Money
from accounts.wording import formats
from accounts.wording.clauses import clause_name
from workorders.models import Account
from workorders.models.orders import Unit
from workorders.queries.notes import Note
from workorders.queries.statement import Lot, Movement, Section, Statement
from workorders.templatetags.papers import lot_name, lot_origin, movement_use, total_name
from workorders.wording.units import unit_name

Bucket = Account.Bucket
Row = tuple[object, ...]


def movement_header() -> Row:
    """The columns of the movements; later ones are added at the end."""
    return (
        _("Location"), _("What"), _("Unit"), _("Counts on"), _("Movement"), _("From bucket"),
        _("To bucket"), _("Quantity"), _("Change of what is left"), _("Left"), _("By"),
        _("Clauses"), _("Reason"), _("Work order"), _("Purchase"), _("Paid for or with"), _("Recorded"),
    )  # fmt: skip


def movement_rows(found: Statement, zone: str) -> Iterator[Row]:
    """Each section between its opening and its closing balance."""
    for section in found.sections:
        yield _balance(section, found.since, _("Opening balance"), section.opening_left)
        for movement in section.movements:
            yield _movement(section, movement, zone)
        yield _balance(section, found.as_of, _("Closing balance"), section.closing_left)


def plain_cells(rows: Iterator[Row]) -> Iterator[Row]:
    """As a text file holds them: money as a decimal number."""
    for row in rows:
        yield tuple(cell.decimal if isinstance(cell, Money) else cell for cell in row)


def sheets(found: Statement, notes: list[Note], *, zone: str, known: date | None) -> list[Sheet]:
    """Balances, movements, purchases, clauses, and what the statement is of."""
    header = tuple(map(str, movement_header()))
    return [
        _balances(found),
        Sheet(_("Movements"), header, list(movement_rows(found, zone))),
        _purchases(found),
        Sheet(
            _("Clauses"),
            (_("Clause"), _("Rule")),
            [(clause_name(note.clause), note.rule) for note in notes],
        ),
        _about(found, zone, known),
    ]


def _head(section: Section) -> tuple[str, str, str]:
    return str(section.location or ""), section_name(section), unit_name(section.unit)


def section_name(section: Section) -> str:
    """What a section is about."""
    if section.offering is not None:
        return str(section.offering)
    if section.flex_year and section.holding == Account.Holding.FLEX:
        return _("Flex allowance, year %(n)s") % {"n": section.flex_year}
    return str(_("Exchange value"))


def _balance(section: Section, day: date, words: str, left: int) -> Row:
    shown, number = _figure(left, section.unit), section.order.number
    return (*_head(section), day, words, "", "", "", "", shown, "", "", "", number, "", "", "")


def _movement(section: Section, movement: Movement, zone: str) -> Row:
    row = movement.transfer
    return (
        *_head(section), row.on, row.get_kind_display(),
        Bucket(movement.from_bucket).label, Bucket(movement.to_bucket).label,
        _figure(row.amount, section.unit), _figure(movement.change, section.unit),
        _figure(movement.left, section.unit), str(row.by or ""), " ".join(row.clauses),
        row.reason, section.order.number, lot_name(movement.lot), movement_use(movement),
        _local(row.at, zone),
    )  # fmt: skip


def _balances(found: Statement) -> Sheet:
    rows: list[Row] = [
        (
            section.order.number,
            section_name(section),
            str(section.location or ""),
            unit_name(section.unit),
            _figure(section.opening_left, section.unit),
            _figure(section.added, section.unit),
            _figure(section.taken, section.unit),
            _figure(section.closing_left, section.unit),
        )
        for section in found.sections
    ]
    totals: list[Row] = [
        (
            "",
            _("Total: %(what)s") % {"what": total_name(total)},
            "",
            unit_name(total.unit),
            *(
                _figure(amount, total.unit)
                for amount in (total.opening, total.added, total.taken, total.closing)
            ),
        )
        for total in found.totals
    ]
    header = (
        _("Work order"), _("What"), _("Location"), _("Unit"), _("Opening"), _("Added"),
        _("Taken"), _("Closing"),
    )  # fmt: skip
    return Sheet(_("Balances"), header, [*rows, *totals], totals=len(totals))


def _purchases(found: Statement) -> Sheet:
    header = (
        _("Work order"), _("What"), _("Location"), _("Purchase"), _("Counts on"), _("Came by"),
        _("Paid with"), _("Usable from"), _("Usable until"), _("Unit"), _("Granted"),
        _("Used or gone"), _("Booked"), _("Left"),
    )  # fmt: skip
    rows = [_purchase(section, lot) for section in found.sections for lot in section.lots]
    return Sheet(_("Purchases"), header, rows)


def _purchase(section: Section, lot: Lot) -> Row:
    held = lot.entitlement
    return (
        section.order.number,
        section_name(section),
        str(section.location or ""),
        lot_name(lot),
        lot.granted_on,
        lot_origin(lot),
        held.get_funding_display(),
        held.usable_from,
        held.usable_until,
        unit_name(section.unit),
        *(
            _figure(amount, section.unit)
            for amount in (lot.granted, lot.gone, lot.booked, lot.left)
        ),
    )


def _about(found: Statement, zone: str, known: date | None) -> Sheet:
    facts: list[Row] = [
        (_("Customer"), found.customer.name),
        (_("Work orders"), formats.beside(*(order.number for order in found.orders))),
        (_("Location"), str(found.location or _("All locations"))),
        (_("From"), found.since),
        (_("As of"), found.as_of),
        (_("Dates count in"), zone),
    ]
    if known is not None:
        facts.append((_("As recorded by"), known))
    return Sheet(_("Statement"), (_("Fact"), _("Value")), facts)


def _local(at: datetime, zone: str) -> datetime:
    """On the clock of the host location, to the minute."""
    return at.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None)


def _figure(amount: int, unit: str) -> object:
    """As a spreadsheet reckons with it: hours for minutes, major units for money."""
    if unit == Unit.MINUTE:
        return Decimal(amount) / 60
    if unit not in Unit.values:
        return Money(amount, unit)
    return amount
