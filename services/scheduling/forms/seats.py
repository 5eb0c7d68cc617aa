"""Small forms of a workshop: who takes part, how many, whether it is held, its recording."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.scheduling.models import Booking, Workshop
from workorders.forms.base import KeyedForm
from workorders.forms.filters import DateField

MOST_ROWS = 200
# “Ada Lovelace <ada@example.com>”, or name and address with a separator between them.
WITH_BRACKETS = re.compile(r"^(?P<name>[^<>]*)<(?P<email>[^<>]*)>$")
SEPARATOR = re.compile(r"\s*[,;\t，；]\s*")


class AttendeeForm(KeyedForm):
    """One person."""

    name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    may_wait = forms.BooleanField(label=_("Waiting list if no seat is free"), required=False)
    field_order = ("name", "email", "may_wait")


class PeopleForm(KeyedForm):
    """Several people, one a line."""

    people = forms.CharField(
        label=_("People, one a line"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Name and e-mail address, separated by a comma, or the address in <>."),
    )
    may_wait = forms.BooleanField(
        label=_("Those for whom no seat is free go on the waiting list"), required=False
    )
    field_order = ("people", "may_wait")

    def clean_people(self) -> list[tuple[str, str]]:
        """Name and address of each line; what stands where isn't judged here."""
        lines = [line.strip() for line in self.cleaned_data["people"].splitlines()]
        rows = [read_person(line) for line in lines if line]
        if len(rows) > MOST_ROWS:
            raise forms.ValidationError(
                _("At most %(most)s people at a time.") % {"most": MOST_ROWS}
            )
        return rows


def read_person(line: str) -> tuple[str, str]:
    """Name and address, as far as they are there; a lone address has no name."""
    if found := WITH_BRACKETS.match(line):
        return found["name"].strip(' "'), found["email"].strip().lower()
    *names, last = SEPARATOR.split(line)
    if not names and "@" not in last:
        return last, ""
    return " ".join(names).strip(' "'), last.lower()


class SeatsForm(KeyedForm):
    """How many can take part, how many it needs, and by when to decide."""

    capacity = forms.IntegerField(label=_("Capacity"), min_value=1, max_value=100_000)
    minimum = forms.IntegerField(
        label=_("Minimum enrolment"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Below it Microsoft may cancel, at no charge."),
    )
    decide_on = DateField(
        label=_("Decision by"),
        required=False,
        help_text=_("Empty: the last day on which cancelling is free, later the day before."),
    )
    field_order = ("capacity", "minimum", "decide_on")

    def __init__(self, *args: Any, workshop: Workshop, **options: Any) -> None:
        super().__init__(*args, **options)
        if workshop.by_seat:
            self.fields["capacity"].label = _("Seats")
        else:
            self.fields["capacity"].required = False
            self.fields["capacity"].help_text = _("Empty: as many as come.")


class DecideForm(KeyedForm):
    """Whether it takes place."""

    hold = forms.ChoiceField(
        label=_("Decision"),
        choices=(("yes", _("It takes place")), ("no", _("Cancel it for low enrolment"))),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason, shown to the customer"), max_length=300, required=False
    )
    field_order = ("hold", "reason")

    def clean(self) -> dict[str, Any]:
        """Cancelling needs a reason."""
        data = super().clean() or {}
        if data.get("hold") == "no" and not data.get("reason"):
            self.add_error("reason", _("Say why it is cancelled."))
        return data

    @property
    def answers(self) -> dict[str, Any]:
        """Whether it is held, as a truth."""
        return {**super().answers, "hold": self.cleaned_data["hold"] == "yes"}


class RecordingForm(KeyedForm):
    """What a recording needs besides the consent of each attendee."""

    notice_given = forms.BooleanField(
        label=_("Attendees were told beforehand that it is to be recorded"), required=False
    )
    permission_needed = forms.BooleanField(
        label=_("The region asks for a written permission"), required=False
    )
    permission_given = forms.BooleanField(
        label=_("The written permission was given"), required=False
    )
    field_order = ("notice_given", "permission_needed", "permission_given")


def beginnings(booking: Booking, workshop: Workshop) -> dict[str, Any]:
    """What the forms begin with."""
    return {
        "capacity": booking.quantity if workshop.by_seat else workshop.capacity,
        "minimum": workshop.minimum,
        "decide_on": workshop.decide_on,
        "notice_given": workshop.notice_at is not None,
        "permission_needed": workshop.permission_needed,
        "permission_given": workshop.permission_at is not None,
    }
