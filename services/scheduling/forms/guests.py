"""Who takes part from elsewhere."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Location
from services.scheduling.models import Mode
from workorders.forms.base import dress
from workorders.rules.locations import SupportLocation


class GuestForm(forms.Form):
    """People of another location in one session."""

    location = forms.ChoiceField(label=_("Location of the participants"))
    people = forms.IntegerField(label=_("Participants"), min_value=1, max_value=100_000, initial=1)
    mode = forms.ChoiceField(
        label=_("They take part"), choices=Mode, initial=Mode.REMOTE, required=False
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("Names, or conditions.")
    )
    permitted = forms.BooleanField(
        label=_("Microsoft permits it"),
        required=False,
        help_text=_("Needed where the work order doesn't list the location."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(
        self, *args: Any, homes: Sequence[tuple[Location, SupportLocation]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        self._homes = {str(location.pk): location for location, _seen in homes}
        self.fields["location"].choices = [  # type: ignore[attr-defined]
            (location.pk, _told(location, seen)) for location, seen in homes
        ]
        dress(self)

    def clean_location(self) -> Location:
        """The row itself."""
        return self._homes[self.cleaned_data["location"]]

    def clean_mode(self) -> str:
        """Remote where nothing is said."""
        return self.cleaned_data["mode"] or Mode.REMOTE


def _told(location: Location, seen: SupportLocation) -> str:
    if seen.is_designated:
        return location.name
    return _now("%(place)s (not listed in the work order)") % {"place": location.name}
