"""Fields of the forms."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.scheduling.rules.local_time import local_instant


class LocalInstantField(forms.DateTimeField):
    """A moment on the wall of a place; empty means now."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "widget",
            forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        )
        options.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
        super().__init__(**options)
        self.zone = "UTC"

    def to_python(self, value: Any) -> datetime | None:
        """An aware instant; a time that doesn't exist there, or comes twice, is refused."""
        if value in self.empty_values:
            return None
        naive = self._naive(str(value).strip())
        if not 1990 <= naive.year < 2200:
            raise forms.ValidationError(_("Enter a year between 1990 and 2199."), code="year")
        try:
            return local_instant(naive.date(), naive.time(), self.zone)
        except Refused as refusal:
            raise forms.ValidationError(
                refusal_words(refusal).sentence, code=refusal.code
            ) from None

    def _naive(self, text: str) -> datetime:
        for pattern in self.input_formats or ():
            try:
                return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone follows
            except ValueError:
                continue
        raise forms.ValidationError(_("Enter a date and a time."), code="invalid")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something was entered."""
        return bool(data)
