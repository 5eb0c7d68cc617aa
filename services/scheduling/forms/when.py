"""Dates and times on the wall of the delivery location, and another time for a booking."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from accounts.rules.refusal import Refused
from services.scheduling.forms.engineers import EngineersField
from services.scheduling.models import Engineer
from services.scheduling.rules.local_time import local_instant
from workorders.forms.base import dress
from workorders.forms.filters import DateField

FOLDS = (("", _("Choose which one")), ("first", _("The first")), ("second", _("The second")))

# The form's names for what the rules call the two ends.
TIME_OF = {"starts_at": "starts_time", "ends_at": "ends_time"}


class TimeField(forms.TimeField):
    """A time on the wall, to the minute."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        options.setdefault("input_formats", ["%H:%M", "%H:%M:%S"])
        super().__init__(**options)


class WhenForm(forms.Form):
    """Dates and times on the wall of the delivery location; the end may be another day."""

    starts_on = DateField(label=_("Begins on"))
    starts_time = TimeField(label=_("at"))
    starts_fold = forms.ChoiceField(
        label=_("This time comes twice that day"), choices=FOLDS, required=False
    )
    ends_on = DateField(label=_("Ends on"), required=False, help_text=_("Empty: the same day."))
    ends_time = TimeField(label=_("at"))
    ends_fold = forms.ChoiceField(
        label=_("This time comes twice that day"), choices=FOLDS, required=False
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.refusals: list[Refused] = []
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None
        self.initial.setdefault("key", uuid.uuid4().hex)

    def clean(self) -> dict[str, Any]:
        """The instants, where date and time are there and exist once at the location."""
        data = super().clean() or {}
        data["ends_on"] = data.get("ends_on") or data.get("starts_on")
        if "ends_on" not in self.errors and "starts_on" not in self.errors:
            self.starts_at = self._instant(data, "starts")
            self.ends_at = self._instant(data, "ends")
        return data

    def _instant(self, data: dict[str, Any], end: str) -> datetime | None:
        day, clock = data.get(f"{end}_on"), data.get(f"{end}_time")
        if not isinstance(day, date) or not isinstance(clock, time):
            return None
        fold = data.get(f"{end}_fold")
        try:
            return local_instant(
                day,
                clock,
                self.zone,
                field=f"{end}_time",
                second=fold == "second" if fold else None,
            )
        except Refused as refusal:
            self.refusals.append(refusal)
            return None

    @property
    def is_ambiguous(self) -> dict[str, bool]:
        """Which of the two times comes twice, so that the form asks."""
        asked = {
            TIME_OF.get(refusal.field, refusal.field): True
            for refusal in self.refusals
            if refusal.code == "local_time_ambiguous"
        }
        folds = {
            f"{end}_time": bool(self.data.get(self.add_prefix(f"{end}_fold")))
            for end in ("starts", "ends")
        }
        return {name: asked.get(name, False) or shown for name, shown in folds.items()}

    @property
    def asks_starts_fold(self) -> bool:
        """Whether the beginning comes twice."""
        return self.is_ambiguous["starts_time"]

    @property
    def asks_ends_fold(self) -> bool:
        """Whether the end comes twice."""
        return self.is_ambiguous["ends_time"]

    def forgive_blanks(self) -> None:
        """While somebody still types, what is missing isn't wrong yet."""
        for name in list(self.errors):
            if name != NON_FIELD_ERRORS and not self.data.get(self.add_prefix(name)):
                del self.errors[name]


class MoveForm(WhenForm):
    """Another time for a booking, why, and what staff waive."""

    reason = forms.CharField(label=_("Reason, shown to the customer"), max_length=300)
    waive = forms.BooleanField(label=_("Waive the charge for this move"), required=False)
    waive_reason = forms.CharField(label=_("Why it is waived"), max_length=300, required=False)
    late_reason = forms.CharField(
        label=_("Why the late request is accepted"), max_length=1000, required=False
    )
    event_confirmed_on = DateField(
        label=_("New date confirmed in writing on"),
        required=False,
        help_text=_("Empty: still to be confirmed."),
    )
    engineers = EngineersField()
    agreed_loss = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, is_event: bool, engineers: Sequence[Engineer] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        EngineersField.fit(self, engineers)
        if not is_event:
            del self.fields["event_confirmed_on"]
        dress(self)

    def clean(self) -> dict[str, Any]:
        """Waiving needs its reason; a reason without waiving counts for nothing."""
        data = super().clean()
        if not data.get("waive"):
            data["waive_reason"] = ""
        elif not data.get("waive_reason") and "waive_reason" not in self.errors:
            self.add_error("waive_reason", _("A written reason is needed."))
        return data
