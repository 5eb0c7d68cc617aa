"""Decide whether a workshop takes place: Microsoft may cancel when enrolment falls short."""

from datetime import datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import User
from accounts.rules.refusal import Refused
from services.scheduling.actions.cancelling import cancel_booking
from services.scheduling.actions.dates import meet_date
from services.scheduling.actions.seats import take_workshop, tell_everybody
from services.scheduling.models import Booking, Workshop
from services.scheduling.rules.seats import check_shortfall
from workorders.models import Deadline

Decision = Workshop.Decision


@transaction.atomic
def decide_enrolment(
    *, booking: Booking, hold: bool, by: User, now: datetime, reason: str = ""
) -> Workshop:
    """Hold the workshop, or cancel it because too few are enrolled (2.7-T12).

    Nothing happens by itself: staff decide, once (`workshop_decided`). Cancelling needs a
    shortfall (`enrolment_reached`) and a reason; it costs the customer nothing, what was
    set aside goes back in full. Attendees are told either way.
    """
    require_account_manager(by)
    why = written(reason, field="reason", limit=300, required=not hold)
    current, workshop = take_workshop(booking, now=now)
    if not hold:
        check_shortfall(minimum=workshop.minimum, registered=workshop.taken)
    decided = Workshop.objects.filter(pk=workshop.pk, decision="").update(
        decision=Decision.HOLD if hold else Decision.CANCEL,
        decision_reason=why,
        decided_at=now,
        decided_by=by,
    )
    if not decided:
        raise Refused("workshop_decided", clause="2.7-T12")
    meet_date(current, Deadline.Kind.MINIMUM_ENROLMENT, by=by, now=now)
    if hold:
        tell_everybody(workshop.attendees.enrolled(), current, "held", now=now)
    else:
        cancel_booking(booking=current, party=Booking.Party.MICROSOFT, reason=why, by=by, now=now)
    workshop.refresh_from_db()
    return workshop
