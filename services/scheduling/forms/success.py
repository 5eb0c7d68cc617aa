"""What people write in a success plan."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from services.catalog.models import PillarActivity
from services.scheduling.models import Booking, SuccessObjective
from workorders.forms.base import KeyedForm
from workorders.forms.filters import DateField
from workorders.models import Deadline


class OwnedForm(KeyedForm):
    """Something with an owner."""

    owner = forms.ChoiceField(
        label=_("Whose turn"), choices=Deadline.Owner.choices, initial=Deadline.Owner.CSAM
    )
    owner_name = forms.CharField(label=_("Who"), max_length=120, required=False)


class ObjectiveForm(OwnedForm):
    """An objective."""

    title = forms.CharField(label=_("Objective"), max_length=160)
    measure = forms.CharField(
        label=_("How success is seen"),
        max_length=300,
        help_text=_("A figure or a fact that both sides will recognise."),
    )
    due_on = DateField(label=_("By"))
    field_order = ("title", "measure", "due_on", "owner", "owner_name")


class AchievedForm(KeyedForm):
    """An objective that is reached."""

    on = DateField(label=_("Achieved on"))
    result = forms.CharField(label=_("What shows it"), max_length=300)


class ActivityForm(OwnedForm):
    """An activity of a pillar."""

    pillar_activity = forms.ChoiceField(label=_("Activity of the pillars"))
    title = forms.CharField(label=_("What is done"), max_length=160)
    objective = forms.ModelChoiceField(
        label=_("For which objective"),
        queryset=SuccessObjective.objects.none(),
        required=False,
        empty_label=_("None of them"),
    )
    starts_on = DateField(label=_("From"))
    due_on = DateField(label=_("Until"))
    field_order = (
        "pillar_activity", "title", "objective", "starts_on", "due_on", "owner", "owner_name",
    )  # fmt: skip

    def offer(
        self, activities: Iterable[PillarActivity], objectives: Iterable[SuccessObjective]
    ) -> None:
        """What can be chosen: activities by pillar, and the objectives that stand."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in activities:
            groups.setdefault(one.pillar.name, []).append((one.code, one.name))
        self.fields["pillar_activity"].choices = list(groups.items())  # type: ignore[attr-defined]
        standing = SuccessObjective.objects.filter(pk__in=[one.pk for one in objectives])
        self.fields["objective"].queryset = standing  # type: ignore[attr-defined]


class DoneForm(KeyedForm):
    """An activity that is done."""

    on = DateField(label=_("Done on"))
    outcome = forms.CharField(label=_("Outcome"), max_length=500)


class DroppedForm(KeyedForm):
    """Why something is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class LinkForm(KeyedForm):
    """Which bookings are for an activity."""

    bookings = forms.ModelMultipleChoiceField(
        label=_("Deliveries"),
        queryset=Booking.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, bookings: Iterable[Booking]) -> None:
        """The customer's bookings, the latest first."""
        found = Booking.objects.filter(pk__in=[one.pk for one in bookings])
        related = found.select_related("entitlement__offering", "location")
        self.fields["bookings"].queryset = related.order_by("-starts_at")  # type: ignore[attr-defined]


class ActionForm(OwnedForm):
    """A step of an activity."""

    title = forms.CharField(label=_("Action"), max_length=160)
    due_on = DateField(label=_("By"))
    field_order = ("title", "due_on", "owner", "owner_name")


class EvidenceForm(KeyedForm):
    """Evidence of a responsibility."""

    clause = forms.CharField(widget=forms.HiddenInput, max_length=20)
    evidence = forms.CharField(
        label=_("What shows it"),
        max_length=500,
        help_text=_("A document, a date, a name: what somebody else can look up."),
    )
    on = DateField(label=_("As of"))
    owner_name = forms.CharField(label=_("Who answers for it"), max_length=120)
