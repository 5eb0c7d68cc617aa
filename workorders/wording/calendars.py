"""Deadlines as entries of a calendar, in the language and zone active while they are read."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.wording import formats
from accounts.wording.calendars import CalendarEvent, uid_of
from accounts.wording.clauses import clause_names
from workorders.models import Deadline


def deadline_event(deadline: Deadline, *, replaced: int) -> CalendarEvent:
    """The last instant at which it is met; `replaced` is how often its date was replaced.

    One that nothing replaced though it no longer holds, and one that was waived, is
    cancelled.
    """
    falls = deadline.superseded_at is not None or deadline.waived_at is not None
    withdrawn = deadline.superseded_at is not None
    return CalendarEvent(
        uid=uid_of("deadline", deadline.kind, deadline.subject_key),
        sequence=2 * replaced + (-1 if withdrawn else 1 if falls else 0),
        modified=_modified(deadline),
        starts_at=deadline.due_at,
        summary=_summary(deadline),
        description="\n".join(_lines(deadline)),
        url=settings.BASE_URL + reverse("workorders:deadline-detail", args=[deadline.pk]),
        location=str(deadline.location or ""),
        is_cancelled=falls,
        category=str(deadline.customer),
    )


def _modified(deadline: Deadline) -> datetime:
    moments = (deadline.met_at, deadline.waived_at, deadline.superseded_at)
    return max([deadline.created_at, *(one for one in moments if one is not None)])


def _summary(deadline: Deadline) -> str:
    what = str(deadline.get_kind_display())
    if deadline.met_at is not None:
        what = _("Met: %(what)s") % {"what": what}
    label = f" · {deadline.subject_label}" if deadline.subject_label else ""
    return f"{deadline.customer.short_name or deadline.customer}: {what}{label}"


def _lines(deadline: Deadline) -> list[str]:
    here = formats.instant(deadline.due_at, formats.current_zone(), year=True, seconds=True)
    there = formats.instant(deadline.due_at, deadline.zone, year=True, seconds=True)
    lines = [
        deadline.customer.name,
        _("Until %(until)s") % {"until": here},
    ]
    if there != here:
        lines.append(_("At the place of the contract: %(until)s") % {"until": there})
    lines.append(_("Whose turn: %(owner)s") % {"owner": deadline.get_owner_display()})
    if deadline.clauses:
        lines.append(_("Clause %(clauses)s") % {"clauses": clause_names(deadline.clauses)})
    return lines
