"""What is wrong with a file, and where in it."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.catalog.editions import EditionFile


def refused_file(refused: Refused, name: str, source: EditionFile | None) -> str:
    """``FILE, line N: what is wrong``; the line as near as the refused field tells."""
    line: Any = refused.figures.get("line")
    name = str(refused.figures.get("file", name))
    found = source.place_of(refused.field) if source and refused.field else None
    if found:
        name, line = found
    sentence = refusal_words(refused).sentence
    if not line:
        return _("%(file)s: %(what)s") % {"file": name, "what": sentence}
    figures = {"file": name, "line": line, "what": sentence}
    return _("%(file)s, line %(line)s: %(what)s") % figures
