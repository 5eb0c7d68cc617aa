"""Every refusal in words: what is wrong, what the figures are, what would make it valid.

One entry for each reason code that any rule or action raises, by subject in the modules
beside this one; a test keeps the two in step. Figures come from the refusal and are put
into the sentences by name; money, dates and numbers are written as the reader's language
has them.
"""

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules.money import Money
from accounts.rules.refusal import Named, Refused
from accounts.wording import formats
from accounts.wording.refusals import drafts, incidents, money, orders, people, schedule
from accounts.wording.refusals.entry import Entry, g


@dataclass(frozen=True, slots=True)
class RefusalWords:
    """A refusal for people. `sentence` is title and detail in one line."""

    title: str
    detail: str
    remedy: str

    @property
    def sentence(self) -> str:
        """For messages, logs of the API and mails."""
        return formats.sentences(*filter(None, (self.title, self.detail, self.remedy)))


PARTS = (drafts, incidents, money, orders, people, schedule)
TEXTS: Mapping[str, Entry] = {code: entry for part in PARTS for code, entry in part.TEXTS.items()}


LACKING: Mapping[str, Any] = {
    "azure_subscription": g("the active Azure subscription"),
    "data_allowance": g("a data allowance that suffices"),
    "written_agreement": g("the written agreement"),
    "fee": g("the agreed fee"),
}
# Figures that are codes of our own, in every refusal that has them.
CODES: Mapping[str, Callable[[str], str]] = {
    "missing": lambda code: str(LACKING.get(code, code)),
    "role": lambda role: str(dict(User.Role.choices).get(role, role)),
}


class _Figures(dict[str, str]):
    """Figures by name, written for the reader."""

    def __init__(self, figures: Mapping[str, object]) -> None:
        in_minutes = figures.get("unit") == "minute"
        super().__init__(
            {
                name: formats.hours(value)
                if in_minutes and isinstance(value, int)
                else write_figure(
                    CODES[name](value) if name in CODES and type(value) is str else value
                )
                for name, value in figures.items()
            }
        )


def write_figure(value: object) -> str:
    """A figure of a refusal in the reader's notation."""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case Money():
            return formats.money(value)
        case datetime():
            return formats.instant(value, formats.current_zone(), year=True)
        case date():
            return formats.day(value)
        case time():
            return f"{value:%H:%M}"
        case int() | Decimal():
            return formats.number(value)
        case list() | tuple():
            return ("、" if formats.is_chinese() else ", ").join(map(write_figure, value))
    return str(value.name if isinstance(value, Named) else value)


def refusal_words(refusal: Refused) -> RefusalWords:
    """The words for `refusal` in the reader's language; a session of a series is named."""
    title, detail, remedy = TEXTS.get(refusal.code, (refusal.code.replace("_", " "), "", ""))
    details = detail if isinstance(detail, tuple) else (detail,)
    known = {name for name, value in refusal.figures.items() if value not in (None, "")}
    chosen = next(
        (place for place, one in enumerate(details) if names_in(str(one)) <= known),
        len(details) - 1,
    )
    told = _fill(str(details[chosen]), refusal.figures)
    remedy = remedy[chosen] if isinstance(remedy, tuple) else remedy
    if "session_on" in refusal.figures:
        day = write_figure(refusal.figures["session_on"])
        told = formats.sentences(*filter(None, (_("Session of %(day)s.") % {"day": day}, told)))
    return RefusalWords(str(title), told, _fill(str(remedy), refusal.figures))


def names_in(text: str) -> set[str]:
    """The figures that `text` asks for by name."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def _fill(text: str, figures: Mapping[str, object]) -> str:
    if any(figures.get(name) in (None, "") for name in names_in(text)):
        return ""
    return text.format(**_Figures(figures))
