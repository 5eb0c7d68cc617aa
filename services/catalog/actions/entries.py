"""Reads the entries of an edition's file, naming the field that is wrong."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.rules.refusal import Refused

M = TypeVar("M", bound=models.Model)

# File suffix and column suffix of each language.
LANGUAGES = (("en", "en"), ("zh", "zh_hans"))


class Entry:
    """A mapping of the file. Each key has to be taken; what is left over is refused."""

    def __init__(self, data: object, field: str, known_clauses: frozenset[str]) -> None:
        self.field = field
        if not isinstance(data, Mapping):
            raise wrong(field, _("a mapping is needed"))
        self.known_clauses = known_clauses
        self._data = dict(data)

    def take(self, key: str, *, optional: bool = False) -> Any:
        """The value of `key`; nothing in its place is refused unless `optional`."""
        value = self._data.pop(key, None)
        if value is None and not optional:
            raise wrong(self.at(key), _("has to be given"))
        return value

    def text(self, key: str, *, optional: bool = False) -> str:
        """A text, without white space around it."""
        value = self.take(key, optional=optional)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise wrong(self.at(key), _("a text is needed"))
        if not value.strip() and not optional:
            raise wrong(self.at(key), _("has to be given"))
        return value.strip()

    def texts(self, key: str, *, column: str = "", optional: bool = False) -> dict[str, str]:
        """A text in every language, as columns of a model."""
        return {
            f"{column or key}_{suffix}": self.text(f"{key}_{language}", optional=optional)
            for language, suffix in LANGUAGES
        }

    def number(self, key: str) -> int:
        """A whole number."""
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong(self.at(key), _("a whole number is needed"))
        return value

    def number_or_none(self, key: str) -> int | None:
        """A whole number, or nothing in its place."""
        if self._data.get(key) is None:
            self._data.pop(key, None)
            return None
        return self.number(key)

    def flag(self, key: str) -> bool:
        """True or false; without the key, false."""
        return self.flag_or(key, default=False)

    def flag_or(self, key: str, default: bool) -> bool:
        """True or false; without the key, `default`."""
        value = self.take(key, optional=True)
        if not isinstance(value, bool | None):
            raise wrong(self.at(key), _("true or false is needed"))
        return default if value is None else value

    def items(self, key: str, *, optional: bool = True) -> list[Any]:
        """A list; without the key, an empty one."""
        value = self.take(key, optional=optional)
        if not isinstance(value, list | None):
            raise wrong(self.at(key), _("a list is needed"))
        return value or []

    def codes(self, key: str, *, optional: bool = True) -> list[str]:
        """A list of texts; without the key, an empty one."""
        codes = self.items(key, optional=optional)
        for number, code in enumerate(codes):
            if not isinstance(code, str):
                raise wrong(f"{self.at(key)}[{number}]", _("a text is needed"))
        return codes

    def day(self, key: str) -> date:
        """A date, or a text such as ``2026-01-31``."""
        value = self.take(key)
        try:
            value = date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            value = None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise wrong(self.at(key), _("a date such as 2026-01-31 is needed"))
        return value

    def clauses(self, key: str = "clauses") -> list[str]:
        """Clause ids, all of them in the file's register."""
        ids = self.items(key)
        for number, clause in enumerate(ids):
            if not isinstance(clause, str) or clause not in self.known_clauses:
                problem = _("no such clause: %(id)s") % {"id": clause}
                raise wrong(f"{self.at(key)}[{number}]", problem)
        return ids

    def entries(self, key: str, *, optional: bool = True) -> Iterator["Entry"]:
        """The mappings in a list."""
        for number, item in enumerate(self.items(key, optional=optional)):
            yield Entry(item, f"{self.at(key)}[{number}]", self.known_clauses)

    def untaken(self) -> list[str]:
        """The keys that nobody took yet, in their order."""
        return [str(key) for key in self._data]

    def inner(self, key: str) -> "Entry":
        """The mapping under `key`."""
        return Entry(self.take(key), self.at(key), self.known_clauses)

    def inner_or_none(self, key: str) -> "Entry | None":
        """The mapping under `key`, or nothing in its place."""
        value = self.take(key, optional=True)
        return None if value is None else Entry(value, self.at(key), self.known_clauses)

    def close(self) -> None:
        """Refuse what nobody took."""
        for key in self._data:
            raise Refused(
                "field_unknown",
                field=self.at(str(key)),
                where=self.at(str(key)),
                problem=_("no such entry"),
            )

    def at(self, key: str) -> str:
        """The path of `key` in the file."""
        return f"{self.field}.{key}" if self.field else key

    def checked(self, row: M, *, without: tuple[str, ...] = ()) -> M:
        """`row` if the model accepts its fields; closes the entry."""
        self.close()
        try:
            row.clean_fields(exclude={"edition", "offering", *_mirrors(row), *without})
        except ValidationError as error:
            column, problems = next(iter(error.error_dict.items()))
            raise wrong(self.at(_key_of(column)), " ".join(problems[0].messages)) from None
        return row


def wrong(field: str, problem: str) -> Refused:
    """The refusal of an entry whose value can't stand."""
    return Refused("field_invalid", field=field, where=field, problem=problem)


def refuse_repeats(section: str, codes: Iterable[str]) -> None:
    """Refuse a code that stands twice among the entries of a section."""
    seen: set[str] = set()
    for number, code in enumerate(codes):
        if code in seen:
            problem = _("%(code)s stands twice") % {"code": code}
            raise wrong(f"{section}[{number}]", problem)
        seen.add(code)


def _mirrors(row: models.Model) -> Iterator[str]:
    """Columns that only mirror one of the languages (``name`` beside ``name_en``)."""
    for column in row._meta.concrete_fields:
        if any(hasattr(row, f"{column.name}_{suffix}") for _language, suffix in LANGUAGES):
            yield column.name


def _key_of(column: str) -> str:
    for language, suffix in LANGUAGES:
        if column.endswith(f"_{suffix}"):
            return f"{column.removesuffix(f'_{suffix}')}_{language}"
    return column
