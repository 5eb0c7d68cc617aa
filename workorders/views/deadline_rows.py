"""Deadlines as rows of a list: status, owner, and the one thing that is open in the row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.http import SignedInRequest
from accounts.http.access import viewer
from accounts.models import User
from accounts.rules.refusal import Refused
from workorders.forms.base import DressedForm
from workorders.forms.deadlines import IntakeForm, MeetForm, SnoozeForm, WaiveForm
from workorders.models import Deadline
from workorders.queries.deadlines import DATES, status_of
from workorders.wording.states import Shown, deadline_state

ACTS: dict[str, type[DressedForm]] = {"meet": MeetForm, "waive": WaiveForm, "snooze": SnoozeForm}
PROOF = "proof"


LABELS = {
    PROOF: gettext_lazy("How this follows"),
    "meet": gettext_lazy("Met"),
    "waive": gettext_lazy("Waive"),
    "snooze": gettext_lazy("Snooze"),
}


@dataclass(frozen=True, slots=True)
class RowLink:
    """Opens or closes one thing in a row; without HTMX it leads to the deadline's page."""

    code: str
    label: str
    url: str
    fallback: str
    is_open: bool


@dataclass(slots=True)
class DeadlineRow:
    """A deadline, what may be done about it and what is open in its row."""

    deadline: Deadline
    state: Shown
    place: str = "list"
    acts: tuple[str, ...] = ()
    opened: str = ""
    form: DressedForm | None = None
    refusal: Refused | None = None

    @property
    def is_open(self) -> bool:
        """Neither met nor waived nor replaced: something can still be done about it."""
        one = self.deadline
        return one.met_at is None and one.waived_at is None and one.superseded_at is None

    @property
    def is_waiting(self) -> bool:
        """Something can still be done, or it lies ahead."""
        return self.is_open and self.state.code != "passed"

    @property
    def is_snoozed(self) -> bool:
        """Off the queue for a while."""
        return self.state.code == "snoozed"

    @property
    def due_role(self) -> str:
        """The colour of the words that say when it is due; done things have none."""
        if not self.is_open:
            return ""
        return {"missed": "late", "soon": "risk"}.get(self.state.code, "")

    @property
    def act_url(self) -> str:
        """Where the open form goes."""
        url = reverse("workorders:deadline-act", args=[self.deadline.pk, self.opened])
        return f"{url}?in={self.place}"

    @property
    def links(self) -> list[RowLink]:
        """What can be opened in this row; an open one closes again."""
        row = reverse("workorders:deadline-row", args=[self.deadline.pk])
        page = reverse("workorders:deadline-detail", args=[self.deadline.pk])
        return [
            RowLink(
                code,
                str(LABELS[code]),
                f"{row}?in={self.place}&act={'' if code == self.opened else code}",
                f"{page}?act={code}",
                code == self.opened,
            )
            for code in (PROOF, *self.acts)
        ]


def deadline_row(
    deadline: Deadline,
    *,
    person: User,
    now: datetime,
    place: str = "list",
    opened: str = "",
    form: DressedForm | None = None,
    refusal: Refused | None = None,
) -> DeadlineRow:
    """The row with its proof or one of its forms open."""
    row = DeadlineRow(
        deadline,
        deadline_state(deadline, status_of(deadline, now), now),
        place=place,
        refusal=refusal,
    )
    if row.is_open:
        row.acts = tuple(act for act in acts_of(person) if act in _fitting(row))
    if opened == PROOF or opened in row.acts:
        row.opened = opened
    if row.opened in row.acts:
        row.form = form or act_form(deadline, row.opened, None, now=now)
    return row


def _fitting(row: DeadlineRow) -> tuple[str, ...]:
    """Dates that simply arrive are neither met nor waived, and over once they have passed."""
    if row.deadline.kind not in DATES:
        return tuple(ACTS)
    return () if row.state.code == "passed" else ("snooze",)


def deadline_rows(
    request: SignedInRequest, deadlines: Iterable[Deadline], now: datetime, *, place: str
) -> list[DeadlineRow]:
    """Rows of a page; `?on=12&act=waive` opens one, as HTMX would."""
    person = viewer(request)
    on, act = request.GET.get("on", ""), request.GET.get("act", "")
    return [
        deadline_row(
            one, person=person, now=now, place=place, opened=act if str(one.pk) == on else ""
        )
        for one in deadlines
    ]


def acts_of(person: User) -> tuple[str, ...]:
    """What this person may do with an open deadline."""
    return tuple(ACTS) if person.manages_agreements else ()


def act_form(deadline: Deadline, act: str, data: Any, *, now: datetime) -> DressedForm:
    """The form of an act; meeting the MCSAP intake asks since when it is complete."""
    if act == "meet" and deadline.kind == Deadline.Kind.MCSAP_INTAKE:
        local = timezone.localtime(now).replace(second=0, microsecond=0)
        return IntakeForm(data, prefix=f"d{deadline.pk}", initial={"at": local})
    # The page of a deadline holds several forms: no id comes twice.
    return ACTS[act](data, prefix=f"d{deadline.pk}", auto_id=f"id_{act}_%s")
