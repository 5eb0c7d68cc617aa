"""Tables as a workbook: typed cells, a header that stays, nothing that is a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts.http.tables import FORMULA
from accounts.rules.money import Money, minor_digits

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Told as the time of making, so that the same tables are the same bytes.
MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
WIDEST = 60
# A spreadsheet keeps fifteen figures: cents are exact below this.
EXACT_BELOW = 10**13
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. Cells are text, whole numbers, decimals, `Money`, dates or nothing.

    The last `totals` rows are set off as sums.
    """

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    totals: int = 0


def workbook_answer(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """The workbook as a download."""
    answer = HttpResponse(workbook(sheets), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    )
    return answer


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The workbook's bytes: the same for the same tables."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, OPTIONS)
    book.set_properties({"created": MADE})
    for sheet in sheets:
        _Writer(book, sheet).write()
    book.close()
    return made.getvalue()


class _Writer:
    """Writes one sheet, cell by cell, each in the format of its type."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet
        # What a spreadsheet reads into a name is left out of it.
        self.page = book.add_worksheet(
            sheet.name.translate(dict.fromkeys(map(ord, "[]:*?/\\'")))[:31]
        )

    def write(self) -> None:
        """Header, rows, widths; the header stays in view and repeats on paper."""
        header = self.book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        for column, words in enumerate(self.sheet.header):
            self.page.write_string(0, column, words, header)
        first_total = len(self.sheet.rows) - self.sheet.totals
        for number, row in enumerate(self.sheet.rows):
            for column, cell in enumerate(row):
                self._cell(number + 1, column, cell, bold=number >= first_total)
        self.page.freeze_panes(1, 0)
        self.page.repeat_rows(0)
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        for column in range(len(self.sheet.header)):
            self.page.set_column(column, column, self._width(column))

    def _cell(self, row: int, column: int, cell: object, *, bold: bool) -> None:
        look: dict[str, object] = {"bold": True} if bold else {}
        match cell:
            case None | "":
                return
            case Money():
                places = "0" * minor_digits(cell.currency)
                form = f"#,##0.{places}" if places else "#,##0"
                self._number(row, column, cell.decimal, look | {"num_format": form})
            case Decimal():
                self._number(row, column, cell, look | {"num_format": "#,##0.00"})
            case int():
                self._number(row, column, Decimal(cell), look | {"num_format": "#,##0"})
            case datetime():
                form = self.book.add_format(look | {"num_format": "yyyy-mm-dd hh:mm"})
                self.page.write_datetime(row, column, cell.replace(tzinfo=None), form)
            case date():
                form = self.book.add_format(look | {"num_format": "yyyy-mm-dd"})
                self.page.write_datetime(row, column, cell, form)
            case _:
                self._text(row, column, str(cell), look)

    def _number(self, row: int, column: int, value: Decimal, look: dict[str, object]) -> None:
        """As a number; as text where a spreadsheet's number would lose a digit."""
        if abs(value) >= EXACT_BELOW:
            self.page.write_string(row, column, f"{value:f}", self.book.add_format(look))
            return
        self.page.write_number(row, column, float(value), self.book.add_format(look))

    def _text(self, row: int, column: int, text: str, look: dict[str, object]) -> None:
        """As text, marked as such where it begins like a formula."""
        if text.startswith(FORMULA):
            look = look | {"quote_prefix": True}
        self.page.write_string(row, column, text[:32_000], self.book.add_format(look))

    def _width(self, column: int) -> int:
        cells = [self.sheet.header[column], *(row[column] for row in self.sheet.rows)]
        return min(WIDEST, max(8, *(_width_of(cell) for cell in cells)) + 2)


def _width_of(cell: object) -> int:
    """About how many figures wide; Chinese characters count twice."""
    if isinstance(cell, datetime):
        return 16
    text = cell.decimal_text if isinstance(cell, Money) else str("" if cell is None else cell)
    return len(text) + sum(ord(char) > 0x2E80 for char in text)
