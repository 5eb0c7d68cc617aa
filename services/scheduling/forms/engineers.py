"""Engineers: chosen for a booking, entered, changed."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from accounts.wording.choices import zone_choices
from services.scheduling.models import Engineer
from workorders.forms.base import dress


class EngineersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Who delivers; nobody chosen is an answer too."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Engineers"))
        options.setdefault("queryset", Engineer.objects.none())
        options.setdefault("required", False)
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**options)

    def label_from_instance(self, engineer: Engineer) -> str:
        """Name and focus."""
        return f"{engineer.name} · {engineer.focus}" if engineer.focus else engineer.name

    @staticmethod
    def fit(form: forms.Form, engineers: Sequence[Engineer], name: str = "engineers") -> None:
        """Offer these in `form`; where there are none, there is nothing to choose."""
        field = form.fields.get(name)
        if isinstance(field, EngineersField):
            field.queryset = Engineer.objects.filter(pk__in=[one.pk for one in engineers])
            if not engineers:
                del form.fields[name]


class TeamForm(forms.Form):
    """Who delivers one booking."""

    engineers = EngineersField()
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, engineers: Sequence[Engineer], **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        EngineersField.fit(self, engineers)


class EngineerForm(forms.Form):
    """An engineer's own facts. An address, once entered, stays."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    focus = forms.CharField(
        label=_("Focus"), max_length=160, required=False, help_text=_("Products and subjects.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    is_active = forms.BooleanField(
        label=_("Can be assigned"), required=False, help_text=_("What is held already stays held.")
    )

    def __init__(
        self, *args: Any, teams: QuerySet[Team], engineer: Engineer | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        unneeded = ("email", "team") if engineer else ("is_active",)
        for name in unneeded:
            del self.fields[name]
        dress(self)
