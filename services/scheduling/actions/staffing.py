"""Engineers: who there is, who delivers a booking, and the time that is held for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import Team, User
from accounts.rules.refusal import Refused
from services.scheduling.actions.checks import take
from services.scheduling.models import Booking, Engineer, EngineerAssignment, EngineerSlot
from services.scheduling.queries.engineers import busy, busy_refusal
from services.scheduling.rules.slots import slots_of


@transaction.atomic
def assign_engineers(
    *, booking: Booking, engineers: Sequence[Engineer], by: User, now: datetime
) -> Booking:
    """Let these engineers, and nobody else, deliver the booking; their time is held."""
    require_account_manager(by)
    current = take(booking)
    before = set(
        EngineerAssignment.objects.filter(booking=current).values_list("engineer", flat=True)
    )
    wanted = {engineer.pk for engineer in engineers}
    EngineerAssignment.objects.filter(booking=current, engineer__in=before - wanted).delete()
    hold_engineers(
        current,
        [engineer for engineer in engineers if engineer.pk not in before],
        by=by,
        now=now,
    )
    return current


def hold_engineers(
    booking: Booking, engineers: Iterable[Engineer], *, by: User, now: datetime
) -> None:
    """Assign the engineers and take their time; refused (`slot_taken`) where it is taken.

    The unique constraint of the slots decides, no look beforehand. The engineers are held
    in the order of their keys, so that two acts never wait for each other.
    """
    keys = sorted({engineer.pk for engineer in engineers})
    if not keys:
        return
    slots = slots_of(booking.starts_at, booking.ends_at)
    held = Engineer.objects.filter(pk__in=keys).order_by("pk")
    for engineer in held.select_for_update(of=("self",), no_key=True):
        _check_assignable(engineer, booking)
        assignment = EngineerAssignment.objects.create(
            booking=booking, engineer=engineer, assigned_at=now, assigned_by=by
        )
        rows = [
            EngineerSlot(assignment=assignment, engineer=engineer, starts_at=at) for at in slots
        ]
        try:
            with transaction.atomic():
                EngineerSlot.objects.bulk_create(rows)
        except IntegrityError:
            taken = busy([engineer], booking.starts_at, booking.ends_at).get(engineer.pk)
            if taken is None:
                raise
            raise busy_refusal(taken) from None


def free_engineers(booking: Booking) -> None:
    """Give the time back; who was assigned is still told."""
    EngineerSlot.objects.filter(assignment__booking=booking).delete()


def _check_assignable(engineer: Engineer, booking: Booking) -> None:
    if engineer.team_id != booking.customer.team_id:
        raise ValueError(f"{engineer} doesn't work for {booking.customer}")
    if not engineer.is_active:
        raise Refused(
            "engineer_inactive", clause="2.7-T11", field="engineers", engineer=engineer.name
        )


@transaction.atomic
def add_engineer(
    *,
    team: Team,
    name: str,
    email: str,
    by: User,
    focus: str = "",
    time_zone: str = "UTC",
) -> Engineer:
    """Enter an engineer who can then be assigned to bookings of the team's customers."""
    require_account_manager(by)
    try:
        with transaction.atomic():
            return Engineer.objects.create(
                team=team,
                name=written(name, field="name", limit=120, required=True),
                email=email.strip().lower(),
                focus=written(focus, field="focus", limit=160),
                time_zone=_known(time_zone),
            )
    except IntegrityError:
        raise Refused("engineer_known", field="email", email=email.strip().lower()) from None


@transaction.atomic
def change_engineer(
    *,
    engineer: Engineer,
    name: str,
    by: User,
    focus: str = "",
    time_zone: str = "UTC",
    is_active: bool = True,
) -> Engineer:
    """Write another name, focus or zone, or take the engineer out; what is held stays held."""
    require_account_manager(by)
    current = Engineer.objects.select_for_update(of=("self",), no_key=True).get(pk=engineer.pk)
    current.name = written(name, field="name", limit=120, required=True)
    current.focus = written(focus, field="focus", limit=160)
    current.time_zone = _known(time_zone)
    current.is_active = is_active
    current.save(update_fields=["name", "focus", "time_zone", "is_active"])
    return current


def _known(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("unknown_time_zone", field="time_zone", zone=zone) from None
