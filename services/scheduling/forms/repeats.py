"""A booking that repeats: how often, how many times, which days are left out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.rules.refusal import Refused
from services.scheduling.forms.when import WhenForm
from services.scheduling.models import Series
from services.scheduling.queries.series import Planned, overlap_in, planned
from services.scheduling.rules.series import MOST_SESSIONS, Pattern

ONCE = ("", _("Once"))


class Days(forms.SelectMultiple):
    """Dates ticked somewhere on the page; nothing is drawn by the field itself."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The page draws a box beside each session."""
        return SafeString("")


class DaysField(forms.Field):
    """Dates that were ticked; anything else is left out."""

    widget = Days

    def to_python(self, value: Any) -> frozenset[date]:
        """The dates among what was sent."""
        found = set()
        for text in value or ():
            try:
                found.add(date.fromisoformat(str(text)[:10]))
            except ValueError:
                continue
        return frozenset(found)


class RepeatForm(WhenForm):
    """Dates and times of one session, or of the first of several."""

    every = forms.ChoiceField(
        label=_("Repeats"), choices=[ONCE, *Series.Every.choices], required=False
    )
    count = forms.IntegerField(
        label=_("Sessions"), min_value=2, max_value=MOST_SESSIONS, required=False, initial=4
    )
    skipped = DaysField(label=_("Left out"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pattern: Pattern | None = None
        self.plan: list[Planned] = []

    def clean(self) -> dict[str, Any]:
        """With an interval the sessions take the place of the one: what the clock says of each."""
        data = super().clean()
        if data.get("every"):
            self._repeat(data)
        return data

    def _repeat(self, data: Mapping[str, Any]) -> None:
        needed = ("starts_on", "ends_on", "starts_time", "ends_time")
        if any(data.get(name) is None for name in needed) or "count" in self.errors:
            return
        self.pattern = Pattern(
            first_day=data["starts_on"],
            every=data["every"],
            count=data.get("count") or 0,
            starts=data["starts_time"],
            ends=data["ends_time"],
            more_days=(data["ends_on"] - data["starts_on"]).days,
            skipped=data.get("skipped") or frozenset(),
            starts_second=_second(data.get("starts_fold")),
            ends_second=_second(data.get("ends_fold")),
        )
        try:
            self.plan = planned(self.pattern, self.zone)
        except Refused as refusal:
            self.refusals = [refusal]
            return
        self.refusals = [refusal for day in self.plan for refusal in day.refusals]
        if (overlap := overlap_in(self.plan)) is not None:
            self.refusals.append(overlap)
        first = next((day.session for day in self.plan if day.session is not None), None)
        if first is not None:
            self.starts_at, self.ends_at = first.starts_at, first.ends_at

    @property
    def repeats(self) -> bool:
        """Whether a series is asked for."""
        return bool(self.is_bound and self.data.get(self.add_prefix("every")))


def _second(fold: Any) -> bool | None:
    return fold == "second" if fold else None
