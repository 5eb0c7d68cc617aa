"""Two editions side by side, offering by offering."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _

from accounts.wording.columns import in_language
from services.catalog.models import (
    CancellationTier,
    Clause,
    DeliveryMode,
    Edition,
    Language,
    Offering,
    PillarActivity,
    ReadingChoice,
    Term,
)

What = Literal["added", "removed", "changed"]

# Columns that say where a row stands, not what it says.
ASIDE = frozenset(
    {"id", "edition", "offering", "parent", "pillar", "position", "search_text", "content_hash"}
)
# Columns that hold codes of a vocabulary.
VOCABULARIES: Mapping[str, type[TextChoices]] = {
    "delivery_modes": DeliveryMode,
    "languages": Language,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that differs; the label is the column's own."""

    label: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that one edition has and the other has differently or not."""

    what: What
    code: str
    name: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from `old` to `new`."""

    old: Edition
    new: Edition
    offerings: tuple[Change, ...]
    terms: tuple[Change, ...]
    clauses: tuple[Change, ...]
    charts: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.offerings or self.terms or self.clauses or self.charts)


def compare(old: Edition, new: Edition) -> Comparison:
    """The difference of two editions in a fixed number of queries; charts are kept above."""
    return Comparison(
        old,
        new,
        offerings=changes(_offerings(old), _offerings(new)),
        terms=changes(_numbers(old), _numbers(new)),
        clauses=changes(_clauses(old), _clauses(new)),
    )


# Name and columns of each entry by code.
Rows = Mapping[str, tuple[str, dict[str, Any]]]


def changes(old: Rows, new: Rows) -> tuple[Change, ...]:
    """What was added, changed and removed, in the order of `new`, what is gone last."""
    return tuple(_changes(old, new))


def _changes(old: Rows, new: Rows) -> Iterator[Change]:
    for code in [*new, *(code for code in old if code not in new)]:
        if code not in old:
            yield Change("added", code, new[code][0])
        elif code not in new:
            yield Change("removed", code, old[code][0])
        else:
            differences = tuple(_differences(old[code][1], new[code][1]))
            if differences:
                yield Change("changed", code, new[code][0], differences)


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for label in dict.fromkeys([*old, *new]):
        if old.get(label) != new.get(label):
            yield Difference(label, old.get(label), new.get(label))


def _offerings(edition: Edition) -> Rows:
    rows: QuerySet[Offering] = (
        Offering.objects.filter(edition=edition)
        .select_related("parent")
        .prefetch_related("conditions", "limits")
    )
    return {row.code: (row.name, _offering(row)) for row in rows}


def _offering(row: Offering) -> dict[str, Any]:
    columns = columns_of(row)
    conditions = row.conditions.all()
    for language, column in (("en", "text_en"), ("zh-hans", "text_zh_hans")):
        columns[in_language(_("conditions"), language)] = [
            getattr(condition, column) for condition in conditions
        ]
    columns[_("limits")] = {limit.code: limit.value for limit in row.limits.all()}
    columns[_("family of services")] = row.parent.code if row.parent else ""
    return columns


def _numbers(edition: Edition) -> Rows:
    terms: Iterable[Term] = Term.objects.filter(edition=edition)
    tiers = CancellationTier.objects.filter(edition=edition)
    activities = PillarActivity.objects.filter(pillar__edition=edition).select_related("pillar")
    pillars = {row.pillar.code: row.pillar for row in activities}
    return {
        **{term.code: (term.name, columns_of(term)) for term in terms},
        **{
            f"cancellation {tier.min_lead_days}": (_("cancellation tier"), columns_of(tier))
            for tier in tiers
        },
        **{f"pillar {code}": (row.name, columns_of(row)) for code, row in pillars.items()},
        **{f"activity {row.code}": (row.name, columns_of(row)) for row in activities},
    }


def _clauses(edition: Edition) -> Rows:
    rows = Clause.objects.filter(edition=edition)
    chosen = {row.reading: row for row in ReadingChoice.objects.filter(edition=edition)}
    found = {row.code: (f"{row.code} {row.title}", columns_of(row)) for row in rows}
    for code, choice in chosen.items():
        if code in found:
            found[code][1][str(_("reading chosen"))] = str(choice.get_option_display())
    return found


def columns_of(row: Any, *, aside: frozenset[str] = ASIDE) -> dict[str, Any]:
    """The row's columns by their names for people, codes in words; `aside` left out."""
    return {
        str(column.verbose_name): _in_words(row, column)
        for column in row._meta.concrete_fields
        if column.name not in aside and not hasattr(row, f"{column.name}_en")
    }


def _in_words(row: Any, column: Any) -> Any:
    value = getattr(row, column.attname)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    vocabulary = VOCABULARIES.get(column.name)
    if vocabulary is not None:
        return [
            str(vocabulary(code).label) if code in vocabulary.values else code for code in value
        ]
    return value
