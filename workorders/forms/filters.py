"""Filters of the lists; choices are what the person may see."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Customer, Location
from workorders.models import Deadline

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A date in ISO form, with the browser's calendar; years stay within four digits."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        options.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        """A date between 1990 and 2199: others are slips of the keyboard."""
        day = super().to_python(value)
        if day is not None and not 1990 <= day.year < 2200:
            raise forms.ValidationError(_("Enter a year between 1990 and 2199."), code="year")
        return day


class FilterForm(forms.Form):
    """A form that reads a query string."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for bound in self.fields.values():
            css = "form-select" if isinstance(bound.widget, forms.Select) else "form-control"
            bound.widget.attrs.setdefault("class", css)

    def value(self, name: str) -> Any:
        """The cleaned value, nothing when it wasn't given or isn't valid."""
        return self.cleaned_data.get(name) if self.is_bound and self.is_valid() else None


class OrderFilters(FilterForm):
    """Narrows the list of work orders."""

    STATES = (
        ("", _("All states")),
        ("draft", _("Draft")),
        ("in_review", _("In review")),
        ("executed", _("Executed, not begun")),
        ("in_force", _("In force")),
        ("expired", _("Expired")),
        ("terminated", _("Terminated")),
        ("superseded", _("Superseded")),
    )
    SORTS = (
        ("", _("Expiry, soonest first")),
        ("-ends_on", _("Expiry, latest first")),
        ("-starts_on", _("Start, latest first")),
        ("number", _("Number")),
        ("customer", _("Customer")),
    )
    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        required=False,
        empty_label=_("All customers"),
    )
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    sort = forms.ChoiceField(label=_("Sorted by"), choices=SORTS, required=False)

    def __init__(self, *args: Any, customers: QuerySet[Customer], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]


class DeadlineFilters(FilterForm):
    """Narrows the list of deadlines."""

    STATUSES = (
        ("", _("To do")),
        ("open", pgettext_lazy("deadline", "Open")),
        ("missed", _("Missed")),
        ("snoozed", _("Snoozed")),
        ("met", _("Met")),
        ("waived", _("Waived")),
        ("passed", _("Passed")),
        ("all", _("All")),
    )
    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        required=False,
        empty_label=_("All customers"),
    )
    kind = forms.ChoiceField(label=_("What"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)
    owner = forms.ChoiceField(label=_("Whose turn"), required=False)
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("Until"), required=False)

    def __init__(self, *args: Any, customers: QuerySet[Customer], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        for name, choices, everything in (
            ("kind", Deadline.Kind.choices, _("Everything")),
            ("owner", Deadline.Owner.choices, _("Everybody")),
        ):
            self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]


class StatementForm(FilterForm):
    """Of which location, from when, as of when, from what had been recorded by when."""

    q = None  # type: ignore[assignment] # a statement isn't searched
    location = forms.ModelChoiceField(
        label=_("Location"),
        queryset=Location.objects.none(),
        required=False,
        empty_label=_("All locations"),
    )
    since = DateField(label=_("From"), required=False)
    as_of = DateField(label=_("As of"), required=False)
    known = DateField(label=_("As recorded by"), required=False)

    def __init__(self, *args: Any, locations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["location"].queryset = locations  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The period runs forwards."""
        data = super().clean() or {}
        since, as_of = data.get("since"), data.get("as_of")
        if since and as_of and as_of < since:
            self.add_error("as_of", _("The period ends before it begins."))
        return data
