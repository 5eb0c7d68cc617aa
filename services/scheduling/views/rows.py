"""The fields of a form with the refusals that stand beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.forms import BoundField, Form

from accounts.rules.refusal import Refused


class InvalidForm(Exception):
    """The form doesn't say what to book, and didn't book it before either."""


@dataclass(slots=True)
class Row:
    """A field and what stands against its value."""

    bound: BoundField
    refusals: list[Refused] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def rows_of(
    form: Form, refusals: Iterable[Refused], names: Mapping[str, str], *, aside: bool = False
) -> tuple[dict[str, Row], list[Refused]]:
    """The rows by field, and the refusals that belong to none.

    `names` maps the field that a rule names to the form's own. With `aside` errors stand
    with the refusals instead of in the field: while somebody types, only those are
    replaced, and what is being typed stays.
    """
    rows = {name: Row(form[name]) for name in form.fields}
    if aside:
        for name in [name for name in form.errors if name in rows]:
            rows[name].errors = [str(error) for error in form.errors.pop(name)]
    others: list[Refused] = []
    for refusal in refusals:
        row = rows.get(names.get(refusal.field, refusal.field))
        (row.refusals if row else others).append(refusal)
    return rows, others


def answered(names: Iterable[str]) -> str:
    """The places of a form that an answer replaces, as selectors."""
    return ", ".join(f"#answers-{name}" for name in names)
