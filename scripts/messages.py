"""`make messages`: collect the texts of the portal into `locale/*/LC_MESSAGES/django.po`, compile.

In pure Python (Django's templatize, Babel, polib), so that gettext needn't be installed. `problems`
is what `make check` asks: nothing missing, empty, fuzzy, left over, and `.mo` made from `.po`.
"""

import io
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ["zh_Hans"]
PACKAGES = ["accounts", "services", "workorders", "incidents", "ussd_portal"]
KEYWORDS = {
    "_": None,
    "g": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True, order=True)
class Text:
    """A text that a person reads; `plural` and `context` are mostly empty."""

    msgid: str
    plural: str = ""
    context: str = ""


def texts() -> dict[Text, list[str]]:
    """All texts of code and templates with the files in which they stand."""
    found: dict[Text, list[str]] = {}
    for path in sources():
        name = str(path.relative_to(ROOT))
        for text in texts_in(path):
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


def sources() -> list[Path]:
    """Code of the packages, and all templates."""
    code = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    pages = [*(ROOT / "templates").rglob("*.*")]
    pages += [path for package in PACKAGES for path in (ROOT / package).glob("**/templates/**/*.*")]
    return sorted([path for path in code if "migrations" not in path.parts] + pages)


def texts_in(path: Path) -> Iterator[Text]:
    """The texts of one file; a template is first turned into calls of gettext."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # In parentheses the indentation that is left of the markup means nothing.
        content = f"({templatize(content, origin=str(path))}\n)"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        rows = list(extract("python", io.BytesIO(content.encode()), keywords=KEYWORDS))
    for _line, message, _comments, context in rows:
        msgid, plural = message if isinstance(message, tuple) else (message, "")
        if msgid:
            yield Text(msgid, plural, context or "")


def catalogue_path(language: str) -> Path:
    """Where the texts of a language stand."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> dict[Text, polib.POEntry]:
    """What the catalogue holds."""
    path = catalogue_path(language)
    if not path.exists():
        return {}
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    return {Text(e.msgid, e.msgid_plural, e.msgctxt or ""): e for e in entries}


def write(language: str) -> polib.POFile:
    """Bring the catalogue in line with the code: new texts empty, unused ones gone."""
    known, catalogue = read(language), polib.POFile(wrapwidth=98)
    catalogue.metadata = {
        "Project-Id-Version": "ussd-portal",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for text, places in sorted(texts().items()):
        entry = known.get(text) or polib.POEntry(
            msgid=text.msgid,
            msgid_plural=text.plural,
            msgctxt=text.context or None,
            msgstr_plural={0: ""} if text.plural else {},
        )
        entry.occurrences = [(place, "") for place in places]
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
        if "%(" in text.msgid:
            entry.flags.append("python-format")
        catalogue.append(entry)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    path.with_suffix(".mo").write_bytes(catalogue.to_binary())
    return catalogue


def problems() -> str:
    """What is wrong with the catalogues, one line a finding."""
    configure()
    return "\n".join(line for language in LANGUAGES for line in problems_of(language))


def problems_of(language: str) -> Iterator[str]:
    """Texts without translation, translations without text, holes that differ, an old `.mo`."""
    known, wanted = read(language), texts()
    for text in sorted(wanted.keys() - known.keys()):
        yield f"{language}: not in the catalogue (make messages): {text.msgid!r}"
    for text in sorted(known.keys() - wanted.keys()):
        yield f"{language}: no longer used (make messages): {text.msgid!r}"
    for text, entry in known.items():
        if entry.fuzzy or not entry.translated():
            yield f"{language}: not translated: {text.msgid!r}"
        elif not holes_match(entry):
            yield f"{language}: other placeholders than the text: {text.msgid!r}"
    path = catalogue_path(language)
    if known:
        compiled, fresh = path.with_suffix(".mo"), polib.pofile(str(path)).to_binary()
        if not compiled.exists() or compiled.read_bytes() != fresh:
            yield f"{language}: django.mo is not made from django.po (make messages)"


def holes_match(entry: polib.POEntry) -> bool:
    """A translation fills the same holes; a plural may leave out the number of the singular."""
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return all(set(PLACEHOLDER.findall(text)) == wanted for text in said)


def configure() -> None:
    """Templatize reads two settings; the portal's own aren't needed here."""
    if not settings.configured:
        settings.configure()


def main() -> int:
    """Write all catalogues and say what is left to translate."""
    configure()
    for language in LANGUAGES:
        catalogue = write(language)
        print(f"{language}: {len(catalogue)} texts, {len(catalogue.untranslated_entries())} to do")
    return 0


if __name__ == "__main__":
    sys.exit(main())
