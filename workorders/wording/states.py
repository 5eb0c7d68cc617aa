"""States of orders and deadlines as icon, word and role colour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workorders.models import Deadline

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Shown:
    """What `components/status.html` takes."""

    code: str
    word: Any
    icon: str = ""
    role: str = ""


ORDER_STATES = {
    shown.code: shown
    for shown in (
        Shown("draft", _("Draft"), "pencil", "pause"),
        Shown("in_review", _("In review"), "clipboard-check", "risk"),
        Shown("executed", _("Executed, not begun"), "calendar-clock", "ok"),
        Shown("in_force", _("In force"), "check", "ok"),
        Shown("expired", _("Expired"), "clock-off", "pause"),
        Shown("terminated", _("Terminated"), "ban", "pause"),
        Shown("superseded", _("Superseded"), "history", "pause"),
    )
}
DEADLINE_STATES = {
    shown.code: shown
    for shown in (
        Shown("open", pgettext_lazy("deadline", "Open"), "calendar", ""),
        Shown("soon", _("Due soon"), "clock", "risk"),
        Shown("snoozed", _("Snoozed"), "zzz", "pause"),
        Shown("met", _("Met"), "check", "ok"),
        Shown("missed", _("Missed"), "alert-triangle", "late"),
        Shown("waived", _("Waived"), "circle-off", "pause"),
        Shown("passed", _("Passed"), "calendar-check", "pause"),
        Shown("replaced", _("Replaced"), "history", "pause"),
    )
}


def deadline_state(deadline: Deadline, status: str, now: datetime) -> Shown:
    """The status as `queries.deadlines.status_of` derives it; near and snoozed ones told apart."""
    if status == "open" and deadline.snoozed_until is not None and deadline.snoozed_until > now:
        return DEADLINE_STATES["snoozed"]
    if status == "open" and deadline.due_at - now <= SOON:
        return DEADLINE_STATES["soon"]
    return DEADLINE_STATES[status]
