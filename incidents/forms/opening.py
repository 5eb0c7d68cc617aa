"""The form that opens an incident; choices are what the person may see."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer, Location, User
from incidents.forms.fields import LocalInstantField
from incidents.models import Channel, Component, Severity
from incidents.queries.components import find_component
from services.catalog.models import Edition
from workorders.forms.base import PatientForm, dress

# What changes which choices there are: these alone are drawn anew after it, so that what
# somebody types meanwhile stays. The newest request wins; it carries the whole form.
CHOOSES = {
    "hx-post": "",
    "hx-trigger": "change consume",
    "hx-target": "#choices",
    "hx-swap": "none",
    "hx-sync": "closest form:replace",
}
CHOICES = ("customer", "location", "contact", "cloud")


class ContactField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People by name and duty: one person may have several, and the duty decides (2.8-C8)."""

    def label_from_instance(self, obj: Any) -> str:
        """``Jana Vogt, cloud administrator``."""
        parts = {"name": obj.name, "role": obj.get_role_display()}
        return gettext("%(name)s, %(role)s") % parts


class OpenForm(PatientForm):
    """Customer → contact's location → product → severity → impact.

    Location and contact are offered once what they hang on is chosen; with one choice
    alone it is taken.
    """

    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        empty_label=_("Choose a customer"),
    )
    location = forms.ModelChoiceField(
        label=_("Location of the contact"),
        queryset=Location.objects.none(),
        empty_label=_("Choose a location"),
        help_text=_("Its business hours and time zone count."),
    )
    contact = ContactField(
        label=_("Contact"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )
    component = forms.CharField(
        label=_("Product or component"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "components", "autocomplete": "off"}),
    )
    cloud = forms.ModelChoiceField(
        label=_("Cloud"),
        queryset=Component.objects.none(),
        required=False,
        empty_label=_("Azure public cloud, or none"),
    )
    scope_identifier = forms.CharField(
        label=_("Subscription or tenant"),
        max_length=160,
        required=False,
        help_text=_("As the work order lists it."),
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(
        label=_("Submitted by"),
        choices=lambda: [(code, capfirst(label)) for code, label in Channel.choices],
    )
    title = forms.CharField(label=_("Title"), max_length=160)
    impact = forms.CharField(
        label=_("Business impact"),
        max_length=4_000,
        error_messages={"required": _("The business impact is missing.")},
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What doesn't work, and whom it stops."),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    production = forms.BooleanField(label=_("Production is affected"), required=False)
    isolated = forms.BooleanField(label=_("No other customer is affected"), required=False)
    designated_wanted = forms.BooleanField(
        label=_("Ask the designated engineer to take part"), required=False
    )
    submitted_at = LocalInstantField(label=_("Submitted"))
    override_reason = forms.CharField(
        label=_("Why staff open it all the same"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(
        self,
        *args: Any,
        by: User,
        customers: QuerySet[Customer],
        locations: QuerySet[Location],
        contacts: QuerySet[Contact],
        edition: Edition | None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.edition = edition
        self._offer("customer", customers)
        place = self._offer(
            "location", locations.filter(customer=self._chosen(customers, "customer"))
        )
        self._offer("contact", contacts.filter(location=place), take_one=False)
        self.fields["cloud"].queryset = Component.objects.filter(  # type: ignore[attr-defined]
            edition=edition, kinds__icontains="non_public_cloud"
        )
        zone = place.time_zone if place else by.time_zone
        self.fields["submitted_at"].zone = zone  # type: ignore[attr-defined]
        self.fields["submitted_at"].help_text = _("Time in %(zone)s. Empty: now.") % {"zone": zone}
        self.initial.setdefault("key", uuid.uuid4().hex)
        self.initial.setdefault("production", True)
        self.initial.setdefault("isolated", True)
        self.initial.setdefault("channel", Channel.PORTAL if by.is_customer else Channel.PHONE)
        if not by.manages_agreements:
            for name in ("submitted_at", "override_reason"):
                del self.fields[name]
        for name in CHOICES:
            self.fields[name].widget.attrs.update(CHOOSES)
        dress(self)

    def clean_component(self) -> Component:
        """The product of that name, label or alias; a version of it belongs to it."""
        name = self.cleaned_data["component"]
        component = find_component(self.edition, name) if self.edition else None
        if component is None:
            raise forms.ValidationError(
                _("Choose a product from the list."), code="component_unknown"
            )
        return component

    @property
    def facts(self) -> Mapping[str, Any] | None:
        """What a target depends on, once all of it is there; None before."""
        needed = ("customer", "location", "component", "severity", "channel")
        data = self.cleaned_data
        if any(data.get(name) is None for name in needed):
            return None
        typed = str(self.data.get(self.add_prefix("component"), "")).strip()
        named = {data["component"].name, data["component"].label}
        return {
            **{name: data.get(name) for name in (*needed, "contact", "cloud", "submitted_at")},
            **{name: data.get(name) or "" for name in ("title", "description", "impact")},
            "component_detail": "" if typed in named else typed,
            "scope_identifier": data.get("scope_identifier") or "",
            "production": bool(data.get("production")),
            "isolated": bool(data.get("isolated")),
            "designated_wanted": bool(data.get("designated_wanted")),
        }

    def _offer(self, name: str, rows: QuerySet[Any], *, take_one: bool = True) -> Any:
        """Set the choices; what is chosen, or the only choice there is."""
        self.fields[name].queryset = rows  # type: ignore[attr-defined]
        chosen = self._chosen(rows, name) if take_one else None
        if chosen is not None:
            self.initial.setdefault(name, chosen.pk)
        return chosen

    def _chosen(self, rows: QuerySet[Any], name: str) -> Any:
        given = str(self.data.get(name) or self.initial.get(name) or "")
        if given.isdecimal() and len(given) < 19:
            found = rows.filter(pk=int(given)).first()
            if found is not None:
                return found
        few = list(rows[:2])
        return few[0] if len(few) == 1 else None
