"""How a clause or a reading is named on the screen."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.wording import formats

_SECTION = re.compile(r"^(?P<section>\d(?:\.\d)?)-(?P<item>\w+)$")
_APPENDIX = re.compile(r"^(?P<appendix>[AB])-(?P<item>\w+)$")
_READING = re.compile(r"^(?:0-(?P<convention>C\d+)|X-(?P<contradiction>\d+))$")
_AT_THE_END = re.compile(r"\s*[(（](?P<ids>[^()（）]+)[)）](?P<stop>[.。]?)\s*$")


def clause_name(clause_id: str) -> str:
    """``2.8-C20`` → ``§2.8 C20``; ``A-BS10`` → ``App. A BS10``; ``0-C4`` → ``Reading C4``."""
    if found := _READING.match(clause_id):
        item = found["convention"] or f"X{found['contradiction']}"
        return _("Reading %(item)s") % {"item": item}
    if found := _APPENDIX.match(clause_id):
        return _("App. %(appendix)s %(item)s") % found.groupdict()
    if found := _SECTION.match(clause_id):
        return f"§{found['section']} {found['item']}"
    return clause_id


def clause_names(clause_ids: Iterable[str]) -> str:
    """``§2.4 AP9, §2.4 AP13``: for texts without chips."""
    return formats.listed(clause_name(clause) for clause in clause_ids)


def is_reading(clause_id: str) -> bool:
    """Whether the id names a reading of ours rather than the document's text."""
    return _READING.match(clause_id) is not None


def without_clauses(text: str) -> tuple[str, tuple[str, ...]]:
    """A sentence and the clause ids that it ends with in brackets, which become chips.

    ``Off: newsletters stop (2.7-T33).`` → ``Off: newsletters stop.`` and ``2.7-T33``.
    """
    found = _AT_THE_END.search(text)
    ids = tuple(re.split(r"[,，、\s]+", found["ids"])) if found else ()
    if found is None or not all(_is_id(one) for one in ids):
        return text, ()
    return text[: found.start()] + found["stop"], ids


def _is_id(text: str) -> bool:
    return any(pattern.match(text) for pattern in (_SECTION, _APPENDIX, _READING))
