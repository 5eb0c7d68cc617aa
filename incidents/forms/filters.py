"""Filters of the list; choices are what the person may see."""

from typing import Any

from django import forms
from django.db.models import QuerySet, TextChoices
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location
from incidents.models import ProductClass, ProductKind, Severity
from incidents.queries.listing import Wanted

capital = lazy(capfirst, str)


class IncidentFilters(forms.Form):
    """Narrows the list. Locations are offered once a customer is chosen."""

    STATES = (
        ("", _("Open")),
        ("unanswered", _("Without first response")),
        ("near", _("Close to target")),
        ("late", _("Late")),
        ("answered", _("Answered, open")),
        ("closed", _("Closed")),
        ("all", _("All states")),
    )
    q = forms.CharField(
        label=_("Search"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        required=False,
        empty_label=_("All customers"),
    )
    location = forms.ModelChoiceField(
        label=_("Location"),
        queryset=Location.objects.none(),
        required=False,
        empty_label=_("All locations"),
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=[("", _("All severities")), *Severity.choices], required=False
    )
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)

    def __init__(
        self,
        *args: Any,
        customers: QuerySet[Customer],
        locations: QuerySet[Location],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for bound in self.fields.values():
            css = "form-select" if isinstance(bound.widget, forms.Select) else "form-control"
            bound.widget.attrs.setdefault("class", f"{css} {css}-sm")
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        chosen = str(self.data.get("customer") or "")
        if chosen.isdecimal() and len(chosen) < 19:
            self.fields["location"].queryset = locations.filter(customer=int(chosen))  # type: ignore[attr-defined]
        else:
            del self.fields["location"]

    def wanted(self) -> Wanted | None:
        """What is looked for; None when something can't be read."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Wanted(
            state=data["state"],
            customer=data["customer"],
            location=data.get("location"),
            severity=data["severity"],
            text=data["q"],
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything is asked for."""
        return any(self.data.get(name) for name in self.fields)


class ComponentFilter(forms.Form):
    """Search and filters of the products; what isn't valid is left out."""

    q = forms.CharField(
        label=_("Search"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    product_class = forms.ChoiceField(label=_("Class"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer("product_class", ProductClass, _("All classes"))
        self._offer("kind", ProductKind, _("All kinds"))
        for bound in self.fields.values():
            css = "form-select" if isinstance(bound.widget, forms.Select) else "form-control"
            bound.widget.attrs["class"] = f"{css} {css}-sm"

    @property
    def chosen(self) -> dict[str, str]:
        """The valid choices that aren't empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def _offer(self, name: str, words: type[TextChoices], everything: Any) -> None:
        choices = [("", everything), *((code, capital(label)) for code, label in words.choices)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]
