"""Filters of the schedule and of the requests; choices are what the person may see."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location
from services.scheduling.models import Engineer
from services.scheduling.queries.schedule import Wanted
from workorders.forms.filters import DateField, FilterForm
from workorders.models import WorkOrder


class ScheduleFilters(FilterForm):
    """Narrows the schedule. Location and order are offered once a customer is chosen."""

    STATES = (
        ("", _("Planned")),
        ("unrecorded", _("Delivery not recorded")),
        ("delivered", _("Delivered")),
        ("cancelled", _("Cancelled or moved")),
        ("all", _("All states")),
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
    order = forms.ModelChoiceField(
        label=_("Work order"),
        queryset=WorkOrder.objects.none(),
        required=False,
        empty_label=_("All work orders"),
    )
    service = forms.ChoiceField(label=_("Service"), required=False)
    engineer = forms.ModelChoiceField(
        label=_("Engineer"),
        queryset=Engineer.objects.none(),
        required=False,
        empty_label=_("All engineers"),
    )
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("Until"), required=False)

    def __init__(
        self,
        *args: Any,
        customers: QuerySet[Customer],
        locations: QuerySet[Location],
        orders: QuerySet[WorkOrder],
        services: Sequence[tuple[str, str]],
        engineers: QuerySet[Engineer],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        if engineers.exists():
            self.fields["engineer"].queryset = engineers  # type: ignore[attr-defined]
        else:
            del self.fields["engineer"]
        self.fields["service"].choices = [("", _("All services")), *services]  # type: ignore[attr-defined]
        chosen = str(self.data.get("customer") or "")
        if chosen.isdecimal() and len(chosen) < 19:
            self.fields["location"].queryset = locations.filter(customer=int(chosen))  # type: ignore[attr-defined]
            self.fields["order"].queryset = orders.filter(customer=int(chosen))  # type: ignore[attr-defined]
        else:
            del self.fields["location"], self.fields["order"]

    def says_not_cancelled(self) -> None:
        """Without a choice a calendar shows what lies behind as well."""
        choices = [("", _("Not cancelled")), *self.STATES[1:]]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The period runs forwards."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The period ends before it begins."))
        return data

    def wanted(self, zone: str) -> Wanted | None:
        """What is looked for, with dates in `zone`; None when something can't be read."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Wanted(
            state=data["state"] or "planned",
            customer=data["customer"],
            location=data.get("location"),
            order=data.get("order"),
            offering=data["service"],
            engineer=data.get("engineer"),
            since=data["since"],
            until=data["until"],
            text=data["q"],
            zone=zone,
        )
