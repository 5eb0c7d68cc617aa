"""Recording of a workshop: off until notice was given and everybody who takes part agrees."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager, require_acting_person
from accounts.models import User
from services.scheduling.actions.checks import take
from services.scheduling.actions.seats import stop_incomplete_recording
from services.scheduling.models import Attendee, Booking, Workshop
from services.scheduling.queries.seats import missing_of
from services.scheduling.rules.seats import recording_refusal


@transaction.atomic
def record_consents(
    *, booking: Booking, attendees: Iterable[Attendee], given: bool, by: User, now: datetime
) -> int:
    """Record that attendees agree to a recording, or no longer do; how many changed.

    A consent that is withdrawn turns the recording off in the same moment (2.3-TR9).
    """
    require_acting_person(by)
    current = take(booking)
    rows = Attendee.objects.filter(workshop=current.pk, pk__in=[one.pk for one in attendees])
    if given:
        changed = (
            rows.listed()
            .without_consent()
            .update(consent_at=now, consent_by=by, consent_withdrawn_at=None)
        )
    else:
        changed = rows.with_consent().update(consent_withdrawn_at=now)
    stop_incomplete_recording(Workshop.objects.get(pk=current.pk))
    return changed


@transaction.atomic
def prepare_recording(
    *,
    booking: Booking,
    notice_given: bool,
    permission_needed: bool,
    permission_given: bool,
    by: User,
    now: datetime,
) -> Workshop:
    """Record notice, and the written permission that some regions ask for (2.3-TR9).

    What is taken back turns the recording off.
    """
    require_account_manager(by)
    workshop = Workshop.objects.get(pk=take(booking).pk)
    for name, holds in (("notice", notice_given), ("permission", permission_given)):
        if holds != (getattr(workshop, f"{name}_at") is not None):
            setattr(workshop, f"{name}_at", now if holds else None)
            setattr(workshop, f"{name}_by", by if holds else None)
    workshop.permission_needed = permission_needed
    if missing_of(workshop):
        workshop.recorded_since = workshop.recorded_by = None
    workshop.save()
    return workshop


@transaction.atomic
def switch_recording(*, booking: Booking, on: bool, by: User, now: datetime) -> Workshop:
    """Allow the recording, or end it; refused while something is missing.

    Refused with `notice_missing`, `consent_missing` or `permission_missing` (2.3-TR9).
    """
    require_account_manager(by)
    workshop = Workshop.objects.get(pk=take(booking).pk)
    if on and (refusal := recording_refusal(missing_of(workshop))) is not None:
        raise refusal
    if on != (workshop.recorded_since is not None):
        workshop.recorded_since = now if on else None
        workshop.recorded_by = by if on else None
        workshop.save(update_fields=["recorded_since", "recorded_by"])
    return workshop
