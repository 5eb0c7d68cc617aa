"""Who delivers: the engineers that can be assigned, and when they are taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count

from accounts.models import Customer, User
from accounts.rules.refusal import Refused
from services.scheduling.models import Booking, Engineer, EngineerAssignment, EngineerSlot
from services.scheduling.rules.slots import QUARTER, slots_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# How far ahead the list of engineers looks.
AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Busy:
    """The first and the last moment of a stretch in which an engineer is taken."""

    engineer: Engineer
    starts_at: datetime
    ends_at: datetime


def assignable(user: "User | AnonymousUser", customer: Customer | None) -> list[Engineer]:
    """The active engineers of the customer's team, if `user` may choose them."""
    if customer is None:
        return []
    found = Engineer.objects.visible_to(user).active().filter(team=customer.team_id)
    return list(found.order_by("name", "pk"))


def team_of(booking: Booking) -> list[Engineer]:
    """Those who deliver the booking, or were to."""
    rows = EngineerAssignment.objects.filter(booking=booking).select_related("engineer")
    return [row.engineer for row in rows.order_by("engineer__name", "pk")]


def busy(
    engineers: Iterable[Engineer],
    starts_at: datetime,
    ends_at: datetime,
    *,
    besides: Booking | None = None,
) -> dict[int, Busy]:
    """When each of the engineers is taken in [starts_at, ends_at), by key; one query.

    What `besides` takes doesn't count: it is about to be freed.
    """
    people = {engineer.pk: engineer for engineer in engineers}
    slots = slots_of(starts_at, ends_at)
    taken = EngineerSlot.objects.filter(
        engineer__in=people, starts_at__gte=slots[0], starts_at__lte=slots[-1]
    )
    if besides is not None:
        taken = taken.exclude(assignment__booking=besides)
    found: dict[int, Busy] = {}
    for pk, at in taken.order_by("starts_at").values_list("engineer", "starts_at"):
        first = found[pk].starts_at if pk in found else at
        found[pk] = Busy(people[pk], first, at + QUARTER)
    return found


def busy_refusal(taken: Busy) -> Refused:
    """The refusal that names who is taken and when, and not for whom."""
    return Refused(
        "slot_taken",
        clause="2.7-T11",
        field="engineers",
        engineer=taken.engineer.name,
        starts_at=taken.starts_at,
        ends_at=taken.ends_at,
    )


def engineer_objections(
    engineers: Sequence[Engineer],
    starts_at: datetime,
    ends_at: datetime,
    *,
    besides: Booking | None = None,
) -> list[Refused]:
    """What stands against these engineers at these times, for a form; the constraint decides."""
    if not engineers or ends_at <= starts_at:
        return []
    try:
        taken = busy(engineers, starts_at, ends_at, besides=besides)
    except Refused as refusal:
        return [refusal]
    return [busy_refusal(taken[engineer.pk]) for engineer in engineers if engineer.pk in taken]


def engineers_with_load(
    user: "User | AnonymousUser", *, now: datetime
) -> list[tuple[Engineer, int]]:
    """All engineers that `user` may see, each with the minutes held in the next four weeks."""
    seen = Engineer.objects.filter(pk__in=Engineer.objects.visible_to(user).values("pk"))
    people = list(seen.select_related("team").order_by("-is_active", "name", "pk"))
    ahead = EngineerSlot.objects.filter(
        engineer__in=people, starts_at__gte=now, starts_at__lt=now + AHEAD
    )
    held = dict(ahead.order_by().values_list("engineer").annotate(quarters=Count("pk")))
    minutes = QUARTER // timedelta(minutes=1)
    return [(engineer, held.get(engineer.pk, 0) * minutes) for engineer in people]


def duties(engineer: Engineer, *, now: datetime) -> list[EngineerAssignment]:
    """The standing bookings of an engineer that aren't over, the next first; at most 200."""
    rows = EngineerAssignment.objects.filter(
        engineer=engineer,
        booking__cancelled_at=None,
        booking__ends_at__gt=now,
    ).select_related("booking__customer", "booking__location", "booking__entitlement__offering")
    return list(rows.order_by("booking__starts_at", "pk")[:200])
