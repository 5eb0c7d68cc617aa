"""What somebody asks of a plan, read from a query string."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.scheduling.queries.wishes import (
    LEAD_DAYS,
    MOST_LEAD_DAYS,
    MOST_PER_WEEK,
    PER_WEEK,
    Pin,
    Wishes,
    read_lengths,
    read_pins,
)
from workorders.forms.base import dress
from workorders.forms.filters import DateField

# More can't be meant; what is beyond isn't read.
MOST_ROWS = 200


class PlannerForm(forms.Form):
    """Lead, days a week, and one more delivery to fix; what is fixed already comes along."""

    lead_days = forms.IntegerField(
        label=_("Days from booking to delivery"),
        min_value=0,
        max_value=MOST_LEAD_DAYS,
    )
    per_week = forms.TypedChoiceField(
        label=_("Sessions a week at a location"),
        choices=[(number, str(number)) for number in range(1, MOST_PER_WEEK + 1)],
        coerce=int,
    )
    fix_what = forms.ChoiceField(label=_("Fix a delivery of"), required=False)
    fix_on = DateField(label=_("On the day"), required=False)

    def __init__(self, *args: Any, services: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["fix_what"].choices = [("", _("Choose a service")), *services]  # type: ignore[attr-defined]
        dress(self)

    def clean(self) -> dict[str, Any]:
        """A delivery is fixed by service and day together."""
        data = super().clean() or {}
        if data.get("fix_what") and not data.get("fix_on") and "fix_on" not in self.errors:
            self.add_error("fix_on", _("Enter the day."))
        if data.get("fix_on") and not data.get("fix_what") and "fix_what" not in self.errors:
            self.add_error("fix_what", _("Choose the service."))
        return data

    @property
    def wishes(self) -> Wishes:
        """What is asked for; what can't be read is as it is without being asked."""
        self.is_valid()
        given = self.cleaned_data
        pins = list(read_pins(self._all("fix")))
        if given.get("fix_what") and given.get("fix_on") and not self.errors:
            pins.append(Pin(int(given["fix_what"]), given["fix_on"]))
        lead = given.get("lead_days")
        return Wishes(
            lead_days=LEAD_DAYS if lead is None else lead,
            per_week=given.get("per_week") or PER_WEEK,
            pins=tuple(dict.fromkeys(pins)),
            days=read_lengths(self._all("days")),
        )

    def _all(self, name: str) -> list[str]:
        given: Any = self.data
        return list(given.getlist(name))[:MOST_ROWS] if hasattr(given, "getlist") else []
