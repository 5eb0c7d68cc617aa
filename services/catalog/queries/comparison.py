"""Two editions side by side, offering by offering."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from services.catalog.models import CancellationTier, Edition, Offering, Term

What = Literal["added", "removed", "changed"]

# Columns that say where a row stands, not what it says.
ASIDE = frozenset({"id", "edition", "offering", "parent", "position", "search_text"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One column that differs; the label is the column's own."""

    label: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """An offering or number that one edition has and the other has differently or not."""

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

    def __bool__(self) -> bool:
        return bool(self.offerings or self.terms)


def compare(old: Edition, new: Edition) -> Comparison:
    """The difference of two editions in a fixed number of queries."""
    return Comparison(
        old,
        new,
        offerings=tuple(_changes(_offerings(old), _offerings(new))),
        terms=tuple(_changes(_numbers(old), _numbers(new))),
    )


Rows = Mapping[str, tuple[str, dict[str, Any]]]


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
    columns = _columns(row)
    conditions = row.conditions.all()
    for language, column in (("en", "text_en"), ("zh", "text_zh_hans")):
        label = _("conditions [%(language)s]") % {"language": language}
        columns[label] = [getattr(condition, column) for condition in conditions]
    columns[_("limits")] = {limit.code: limit.value for limit in row.limits.all()}
    columns[_("family of services")] = row.parent.code if row.parent else ""
    return columns


def _numbers(edition: Edition) -> Rows:
    terms: Iterable[Term] = Term.objects.filter(edition=edition)
    tiers = CancellationTier.objects.filter(edition=edition)
    return {
        **{term.code: (term.name, _columns(term)) for term in terms},
        **{
            f"cancellation {tier.min_lead_days}": (_("cancellation tier"), _columns(tier))
            for tier in tiers
        },
    }


def _columns(row: Any) -> dict[str, Any]:
    return {
        str(column.verbose_name): getattr(row, column.attname)
        for column in row._meta.concrete_fields
        if column.name not in ASIDE and not hasattr(row, f"{column.name}_en")
    }
