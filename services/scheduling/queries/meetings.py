"""Quarterly meetings of UER lines: by when each is held, what is planned, what was said."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from accounts.rules.calendar_days import add_months
from services.catalog.queries import terms_of
from services.scheduling.models import TeamMeeting
from services.scheduling.models.meetings import TeamMeetingQuerySet
from services.scheduling.queries.onboarding import is_uer, seen_lines
from workorders.models import Deadline, WorkOrderLine

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

KIND = Deadline.Kind.QUARTERLY_REVIEW


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a UER line: its deadline and its meeting, if one is planned or was held."""

    line: WorkOrderLine
    number: int
    deadline: Deadline
    meeting: TeamMeeting | None

    @property
    def pk(self) -> int:
        """The deadline's."""
        return int(self.deadline.pk)

    @property
    def is_held(self) -> bool:
        """Whether there are minutes."""
        return self.meeting is not None and self.meeting.held_on is not None


def key_of(line: WorkOrderLine, quarter: int) -> str:
    """The subject of a quarter's deadline."""
    return f"line:{line.pk}:meeting:{quarter}"


def quarter_begins(line: WorkOrderLine, quarter: int) -> date:
    """The first day of a quarter, counted from the line's own start."""
    begun = line.starts_on or line.order.starts_on
    return add_months(begun, terms_of(line.order.edition).uer.meeting_months * (quarter - 1))


def quarter_of(person: "User", deadline: int) -> Quarter | None:
    """The quarter behind a deadline that the person may see."""
    rows = Deadline.objects.visible_to(person).current().filter(kind=KIND, pk=deadline)
    due = rows.first()
    if due is None:
        return None
    _word, line, _meeting, number = due.subject_key.split(":")
    found = seen_lines(person).filter(pk=int(line)).first()
    if found is None or not is_uer(found):
        return None
    meeting = TeamMeeting.objects.filter(line=found, quarter=int(number)).first()
    return Quarter(found, int(number), due, meeting)


def meetings_of(user: "User | AnonymousUser") -> TeamMeetingQuerySet:
    """The meetings that `user` may see, the latest first."""
    return TeamMeeting.objects.visible_to(user).select_related(
        "customer", "line__order", "line__offering", "planned_by", "recorded_by"
    )
