"""Small forms beside an incident: contacts, severity, requests, closure."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.forms.fields import LocalInstantField
from incidents.models import Channel, Incident, IncidentDuty, Severity
from workorders.forms.base import DressedForm


class ActForm(DressedForm):
    """A form about an incident; times are those of its location."""

    def __init__(self, *args: Any, incident: Incident, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.incident, self.by = incident, by
        for bound in self.fields.values():
            if isinstance(bound, LocalInstantField):
                bound.zone = incident.location.time_zone
                bound.help_text = _("Time in %(zone)s. Empty: now.") % {"zone": bound.zone}


class ResponseForm(ActForm):
    """The contact that stops Microsoft's clock."""

    channel = forms.ChoiceField(
        label=_("By"),
        choices=[(one.value, one.label) for one in (Channel.PHONE, Channel.EMAIL)],
        help_text=_("A first response is a call or an e-mail by a person."),
    )
    author = forms.CharField(label=_("Engineer"), max_length=120, required=False)
    at = LocalInstantField(label=_("When"))
    text = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class UpdateForm(ActForm):
    """Something that was said or written."""

    channel = forms.ChoiceField(label=_("By"), choices=Channel.choices)
    text = forms.CharField(
        label=_("What was said"), max_length=8_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    author = forms.CharField(label=_("Engineer"), max_length=120, required=False)
    automated = forms.BooleanField(label=_("Sent automatically"), required=False)
    at = LocalInstantField(label=_("When"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.initial.setdefault("channel", Channel.PORTAL)
        if not self.by.manages_agreements:
            for name in ("author", "automated", "at", "channel"):
                del self.fields[name]


class SeverityForm(ActForm):
    """Another severity, and why."""

    severity = forms.ChoiceField(label=_("New severity"), choices=Severity.choices)
    reason = forms.CharField(
        label=_("Business impact that warrants it"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("version", self.incident.version)
        self.fields["severity"].choices = [  # type: ignore[attr-defined]
            (value, words) for value, words in Severity.choices if value != self.incident.severity
        ]


class AskForm(ActForm):
    """What the customer is asked for."""

    duty = forms.ModelChoiceField(label=_("Asked for"), queryset=IncidentDuty.objects.none())
    at = LocalInstantField(label=_("When"))
    text = forms.CharField(
        label=_("The request"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, duties: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["duty"]
        field.queryset = IncidentDuty.objects.filter(pk__in=duties)  # type: ignore[attr-defined]
        field.label_from_instance = lambda duty: duties.get(duty.pk, duty.code)  # type: ignore[attr-defined]


class NoteForm(ActForm):
    """A word about it."""

    text = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MomentForm(ActForm):
    """When something happened, and a word about it."""

    at = LocalInstantField(label=_("When"))
    text = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
