"""Forms of the queue: what happens to several incidents, a name for filters, a period."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from incidents.actions.queue import MOST
from incidents.forms.afterwards import DayField, PlainForm
from incidents.models import Incident


class BulkForm(PlainForm):
    """The same for several incidents."""

    incidents = forms.ModelMultipleChoiceField(
        queryset=Incident.objects.none(), widget=forms.MultipleHiddenInput
    )
    act = forms.ChoiceField(
        label=_("With those chosen"),
        choices=[("note", _("Add a note")), ("close", _("Close"))],
    )
    text = forms.CharField(label=_("Note"), max_length=2_000)
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, incidents: QuerySet[Incident], **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.fields["incidents"].queryset = incidents  # type: ignore[attr-defined]

    def clean_incidents(self) -> QuerySet[Incident]:
        """At least one, and not more than a page can answer for."""
        chosen: QuerySet[Incident] = self.cleaned_data["incidents"]
        if chosen.count() > MOST:
            raise forms.ValidationError(
                _("At most %(most)s at a time.") % {"most": MOST}, code="too_many"
            )
        return chosen


class ViewForm(PlainForm):
    """A name for the filters that are set."""

    name = forms.CharField(label=_("Name of this view"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, max_length=500, required=False)


class HistoryForm(PlainForm):
    """Whose incidents, from when to when."""

    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), empty_label=None
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, customers: QuerySet[Customer], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A period runs forward."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if isinstance(since, date) and isinstance(until, date) and since > until:
            self.add_error("until", _("This day lies before the first one."))
        return data
