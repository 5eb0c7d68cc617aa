"""A refusal of an action as the error of the form that asked for it."""

from collections.abc import Mapping

from django import forms

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words


def refuse(form: forms.Form, refused: Refused, names: Mapping[str, str] | None = None) -> None:
    """Mark the field that the refusal names; what was typed stays as it is.

    `names` maps the action's field names to the form's.
    """
    name = (names or {}).get(refused.field, refused.field)
    words = refusal_words(refused)
    form.add_error(name if name in form.fields else None, words.title)
    form.refusal = refused  # type: ignore[attr-defined] # for the template
    form.refused_field = name if name in form.fields else ""  # type: ignore[attr-defined]
