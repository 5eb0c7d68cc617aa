"""A table that somebody uploads, CSV or XLSX, as rows of text; nothing in it is computed."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import islice, zip_longest

from openpyxl import load_workbook

from accounts.rules.refusal import Refused

LARGEST = 4 * 1024 * 1024
# What a workbook of that size may unpack to; more is no list of services.
LARGEST_UNPACKED = 80 * 1024 * 1024
MOST_ROWS = 10_000
LONGEST_CELL = 4_000
FORMULA = ("=", "@", "\t", "\r")
SIGNED = re.compile(r"^[+\-−][\d.,\s]*$")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the file by its number there, the header being 1, with its cells by column."""

    number: int
    cells: dict[str, str]


def read_table(
    name: str, content: bytes, *, required: Sequence[str], optional: Sequence[str]
) -> list[TableRow]:
    """The rows of a file; columns are known by their header, in any order.

    Empty rows don't count. Refuses what isn't a table that can be taken at its word:
    `file_too_large`, `file_kind`, `file_encoding`, `file_unreadable`, `file_empty`,
    `columns_missing`, `column_unknown`, `column_twice`, `too_many_rows`, `row_too_long`.
    """
    if len(content) > LARGEST:
        raise Refused("file_too_large", field="file", most=LARGEST // 1024**2)
    if not content.strip():
        raise Refused("file_empty", field="file")
    lines = _cells_of(name, content)
    header = next(((n, cells) for n, cells in lines if any(cells)), None)
    if header is None:
        raise Refused("file_empty", field="file")
    columns = _columns(header[1], required, optional)
    filled = ((number, cells) for number, cells in lines if any(cells))
    rows = [_row(number, cells, columns) for number, cells in islice(filled, MOST_ROWS + 1)]
    if len(rows) > MOST_ROWS:
        raise Refused("too_many_rows", field="file", most=MOST_ROWS)
    if not rows:
        raise Refused("file_empty", field="file")
    return rows


def _row(number: int, cells: Sequence[str], columns: Sequence[str]) -> TableRow:
    if any(cells[len(columns) :]):
        raise Refused("row_too_long", field="file", row=number, columns=len(columns))
    return TableRow(number, dict(zip_longest(columns, cells[: len(columns)], fillvalue="")))


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute it; a signed number is a number."""
    if text.startswith(("+", "-", "−")):
        return not SIGNED.match(text)
    return text.startswith(FORMULA)


def _columns(header: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> list[str]:
    names = [name.strip().lower().replace(" ", "_") for name in header]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in required if name not in names]
    if missing:
        raise Refused("columns_missing", field="file", columns=missing)
    for name in names:
        if name not in (*required, *optional):
            raise Refused("column_unknown", field="file", column=name[:60] or "–")
        if names.count(name) > 1:
            raise Refused("column_twice", field="file", column=name)
    return names


def _cells_of(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The numbered rows, by what the file is and not by what it is called."""
    if content.startswith(b"PK"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0") or name.lower().endswith((".xls", ".pdf", ".ods")):
        raise Refused("file_kind", field="file")
    return _text(content)


def _text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused("file_encoding", field="file", row=line) from None
    if "\x00" in text:
        raise Refused(
            "file_encoding", field="file", row=text.count("\n", 0, text.index("\x00")) + 1
        )
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    return _numbered(text, delimiter)


def _numbered(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, [_short(cell, begins) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Refused("file_unreadable", field="file", row=begins) from error


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    _check_package(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=100), 1):
            yield number, [_short(_text_of(cell), number) for cell in cells]
    except Refused:
        raise
    except Exception as error:  # the library raises whatever a broken part makes it stumble over
        raise Refused("file_unreadable", field="file", row=1) from error


def _check_package(content: bytes) -> None:
    """A workbook unpacks to a bounded size and declares no entities of its own."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED or len(parts) > 1000:
                raise Refused("file_too_large", field="file", most=LARGEST // 1024**2)
            if any(_declares_entities(package, part) for part in parts):
                raise Refused("file_unreadable", field="file", row=1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Refused("file_unreadable", field="file", row=1) from error


def _declares_entities(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with package.open(part) as opened:
        start = opened.read(4096)
    return b"<!DOCTYPE" in start or b"<!ENTITY" in start


def _text_of(value: object) -> str:
    """A cell as somebody would type it."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date():
            return value.isoformat()
        case float():
            exact = Decimal(repr(value))
            return f"{exact:f}".removesuffix(".0")
    return str(value)


def _short(cell: str, number: int) -> str:
    if len(cell) > LONGEST_CELL:
        raise Refused("file_unreadable", field="file", row=number)
    return cell.strip(" \u00a0\r\n")
