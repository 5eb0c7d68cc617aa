"""Lines read from a file: the upload, and each row as the line that it means."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, User
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from workorders.actions.orders.imports import ImportedLine, sold_offerings
from workorders.actions.orders.lines import LineFields, Scope
from workorders.forms.fields import AmountField, FiguresField, QuantityField
from workorders.forms.filters import DateField
from workorders.forms.orders import BuilderForm
from workorders.models import LineScope, WorkOrder
from workorders.models.orders import Funding, Unit
from workorders.queries.import_table import LARGEST, TableRow, is_formula, read_table
from workorders.queries.line_findings import units_for
from workorders.queries.locations import listed_locations

REQUIRED = ("offering", "location", "quantity", "price", "funding")
OPTIONAL = (
    "unit", "contract_year", "starts_on", "ends_on", "exhibit", "time_zone",
    "products", "subscriptions", "tenants", "solutions", "note",
)  # fmt: skip
# What people call the ways to pay that a line of a draft can have.
FUNDING = {"money": Funding.MONEY, "flex": Funding.FLEX, "allowance": Funding.FLEX}
UNITS = {"hour": Unit.MINUTE, "hours": Unit.MINUTE, "seat": Unit.ATTENDEE, "delivery": Unit.EACH}
SCOPES = {
    "products": LineScope.Kind.PRODUCT,
    "subscriptions": LineScope.Kind.SUBSCRIPTION,
    "tenants": LineScope.Kind.TENANT,
    "solutions": LineScope.Kind.SOLUTION,
}
KEPT_SECONDS = 3600  # between the preview and its confirmation
SALT = "lines-import"


class ImportForm(BuilderForm):
    """A file of lines to be looked at."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("CSV in UTF-8 or XLSX, at most 4 MB and 10,000 rows."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.xlsx,text/csv", "class": "form-control"}
        ),
    )

    def rows(self) -> list[TableRow]:
        """The rows of the file; raises `Refused` for what isn't such a table."""
        upload = self.cleaned_data["file"]
        return read_upload(upload.name, upload.size, upload.read)


class ConfirmForm(BuilderForm):
    """What was looked at, signed for one person and one order: nothing is stored in between."""

    kept = forms.CharField(widget=forms.HiddenInput, max_length=2 * LARGEST)

    def rows(self, *, order: WorkOrder, by: User) -> list[TableRow]:
        """The rows as they were shown; raises `Refused` for anything else."""
        try:
            kept = signing.loads(
                self.cleaned_data["kept"], salt=_salt(order, by), max_age=KEPT_SECONDS
            )
        except signing.BadSignature as error:
            raise Refused("preview_over", field="file") from error
        return [TableRow(number, cells) for number, cells in kept]


def read_upload(name: str, size: int, read: Callable[[], bytes]) -> list[TableRow]:
    """The rows of an uploaded file, which isn't even read when it is too large."""
    if size > LARGEST:
        raise Refused("file_too_large", field="file", most=LARGEST // 1024**2)
    return read_table(name, read(), required=REQUIRED, optional=OPTIONAL)


def keep(rows: Sequence[TableRow], *, order: WorkOrder, by: User) -> str:
    """The rows from the preview to its confirmation."""
    content = [(row.number, {k: v for k, v in row.cells.items() if v}) for row in rows]
    return signing.dumps(content, salt=_salt(order, by), compress=True)


def _salt(order: WorkOrder, by: User) -> str:
    return f"{SALT}:{order.pk}:{by.pk}"


@dataclass(slots=True)
class LineReader:
    """Reads rows as lines of an order: its edition, its locations, its currency."""

    order: WorkOrder
    offerings: Sequence[Offering]
    locations: Sequence[Location]
    _by_name: dict[str, Offering] = field(default_factory=dict)
    _places: dict[str, Location] = field(default_factory=dict)
    _seen: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for offering in self.offerings:
            for name in (offering.code, *_names(offering)):
                if name:
                    self._by_name.setdefault(name.casefold(), offering)
        self._places = {place.name.casefold(): place for place in self.locations}

    def read(self, row: TableRow) -> ImportedLine:
        """The line that a row means, or why it means none."""
        problems: list[Refused] = []
        formulas = [name for name, text in row.cells.items() if is_formula(text)]
        if formulas:
            problems = [Refused("cell_formula", field=name) for name in formulas]
            return ImportedLine(row.number, row.cells, problems=tuple(problems))
        key = tuple(sorted((name, text) for name, text in row.cells.items() if text))
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            problems.append(Refused("row_twice", field="offering", first=first))
        cell = _Cells(row.cells, problems)
        offering = cell.known("offering", self._by_name)
        place = cell.known("location", self._places)
        unit = self._unit(cell, offering)
        quantity = cell.figure("quantity", QuantityField(unit=unit or Unit.EACH, least=1))
        price = cell.figure("price", AmountField(currency=self.order.currency))
        funding = cell.known("funding", FUNDING)
        line: LineFields = {
            "unit": unit or Unit.EACH,
            "price_minor": price or 0,
            "funding": funding or Funding.MONEY,
            "flex_year": cell.year() if funding == Funding.FLEX else None,
            "starts_on": cell.day("starts_on"),
            "ends_on": cell.day("ends_on"),
            "exhibit_reference": cell.text("exhibit"),
            "agreed_time_zone": cell.text("time_zone"),
            "note": cell.text("note"),
        }
        return ImportedLine(
            row.number,
            row.cells,
            offering=offering,
            allocations=((place, quantity),) if place and quantity else (),
            scopes=tuple(
                Scope(kind.value, one)
                for name, kind in SCOPES.items()
                for one in dict.fromkeys(cell.list(name))
            ),
            fields=line,
            problems=tuple(problems),
        )

    def _unit(self, cell: "_Cells", offering: Offering | None) -> str:
        """The unit that is written; else the one in which the offering is counted."""
        possible = sorted(units_for(offering), key=lambda unit: unit != "each") if offering else []
        written = cell.text("unit").lower()
        if not written:
            return str(possible[0]) if possible else ""
        unit = UNITS.get(written, written)
        if unit not in Unit.values:
            cell.refuse("unit", "cell_unknown", text=written)
            return ""
        return str(unit)


def read_lines(order: WorkOrder, rows: Iterable[TableRow]) -> list[ImportedLine]:
    """Each row as a line of the order."""
    reader = LineReader(order, sold_offerings(order), listed_locations(order))
    return [reader.read(row) for row in rows]


@dataclass(slots=True)
class _Cells:
    """The cells of a row; what can't be read is noted by its column."""

    cells: Mapping[str, str]
    problems: list[Refused]

    def refuse(self, column: str, code: str, **figures: str) -> None:
        self.problems.append(Refused(code, field=column, **figures))  # type: ignore[arg-type]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def list(self, column: str) -> Sequence[str]:
        """Entries between semicolons, or lines of the cell."""
        parts = self.text(column).replace("\n", ";").replace("；", ";").split(";")
        return [part.strip() for part in parts if part.strip()]

    def known(self, column: str, names: Mapping[str, Any]) -> Any:
        """What a name stands for."""
        text = self.text(column)
        found = names.get(text.casefold())
        if not text:
            self.refuse(column, "cell_required")
        elif found is None:
            self.refuse(column, "cell_unknown", text=text[:80])
        return found

    def figure(self, column: str, reader: FiguresField) -> int | None:
        number: int | None = self._read(column, reader.to_python, required=True)
        return number

    def day(self, column: str) -> date | None:
        day: date | None = self._read(column, DAY.to_python)
        return day

    def year(self) -> int | None:
        """The contract year, which the allowance needs."""
        text = self.text("contract_year")
        if not text:
            self.refuse("contract_year", "cell_required")
        elif text.isascii() and text.isdigit() and 0 < int(text[:4]) <= 100:
            return int(text)
        else:
            self.refuse("contract_year", "cell_unknown", text=text[:80])
        return None

    def _read(self, column: str, read: Callable[[str], Any], *, required: bool = False) -> Any:
        text = self.text(column)
        if not text:
            if required:
                self.refuse(column, "cell_required")
            return None
        try:
            return read(text)
        except forms.ValidationError as error:
            self.refuse(column, "cell_invalid", text=text[:80], problem=" ".join(error.messages))
            return None


DAY = DateField(required=False)


def _names(offering: Offering) -> Iterator[str]:
    """What it is called, in both languages."""
    for language in ("en", "zh_hans"):
        yield getattr(offering, f"name_{language}", "") or ""
