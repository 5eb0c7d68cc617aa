"""The series on the booking form: weighed session by session, booked as one."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling import actions
from services.scheduling.forms.bookings import BookingForm
from services.scheduling.models import Series
from services.scheduling.queries.objections import check_left
from services.scheduling.queries.proposals import Proposal
from services.scheduling.queries.series import Planned, weighed
from services.scheduling.wording.times import Span, span
from workorders.models.orders import Unit


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One day of the series as it is shown."""

    planned: Planned
    when: Span | None


def weigh_series(form: BookingForm, proposal: Proposal, now: datetime) -> list[Refused]:
    """What stands against any session; each day keeps its own. Then whether enough is left."""
    data = form.cleaned_data
    people = list(data.get("engineers") or ())
    late_is_fine = bool(data.get("late_reason", "").strip())
    form.plan = weighed(form.plan, proposal, people, now=now, late_is_fine=late_is_fine)
    found = [refusal for day in form.plan if day.session for refusal in day.refusals][:1]
    sessions = sum(1 for day in form.plan if day.session is not None)
    try:
        if sessions:
            check_left(proposal.entitlement, sessions * proposal.quantity)
    except Refused as refusal:
        found.append(refusal)
    return found


def plan_rows(form: BookingForm) -> list[PlanRow]:
    """The days with their times in the words of the location's zone."""
    return [
        PlanRow(
            day,
            span(day.session.starts_at, day.session.ends_at, form.zone) if day.session else None,
        )
        for day in form.plan
    ]


def book_repeated(form: BookingForm, proposal: Proposal, person: User, now: datetime) -> Series:
    """Book the series of a valid form."""
    pattern = form.pattern
    if pattern is None or form.chosen is None:
        raise ValueError("a valid form of a series has its pattern")
    chosen, data = form.chosen.entitlement, form.cleaned_data
    by_length = chosen.unit == Unit.MINUTE and not form.data.get("quantity")
    return actions.book_series(
        entitlement=chosen,
        location=proposal.location,
        pattern=pattern,
        quantity=None if by_length else proposal.quantity,
        title=data["title"],
        note=data["note"],
        late_reason=data["late_reason"],
        engineers=list(data.get("engineers") or ()),
        by=person,
        now=now,
        **form.wishes(),
    )
