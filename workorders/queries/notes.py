"""The clauses that a paper cites, told once at its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.catalog.models import Clause, Edition


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered footnote: a clause or reading with what it says in the reader's language."""

    number: int
    clause: str
    rule: str


def clause_notes(clauses: Sequence[str], editions: Iterable[Edition]) -> list[Note]:
    """The clauses numbered as they come, worded as in the latest of `editions` that has them."""
    rows = Clause.objects.filter(edition__in={one.pk for one in editions}, code__in=clauses)
    rules = {row.code: row.rule for row in rows.order_by("edition_id")}
    return [Note(number, one, rules.get(one, "")) for number, one in enumerate(clauses, 1)]
