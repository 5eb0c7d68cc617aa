"""A customer's success plan: objectives, activities by pillar, heat map, duties with evidence."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Contact, Customer, User
from accounts.rules.calendar_days import local_date
from services.catalog.models import Clause, Edition, Pillar, PillarActivity
from services.catalog.queries import current_edition
from services.scheduling.models import (
    Booking,
    DutyEvidence,
    SuccessAction,
    SuccessActivity,
    SuccessObjective,
)
from services.scheduling.rules.success import (
    DUTIES,
    ActivityStatus,
    Heat,
    ObjectiveStatus,
    activity_status,
    heat_map,
    months_until,
    objective_status,
)
from workorders.queries.locations import zone_of
from workorders.queries.programmes import order_in_force

MONTHS = 12


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity with where it stands, its actions and what was booked for it."""

    activity: SuccessActivity
    status: ActivityStatus
    bookings: tuple[Booking, ...]
    actions: tuple[SuccessAction, ...]


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """An objective with where it stands and its activities; None: those without one."""

    objective: SuccessObjective | None
    status: ObjectiveStatus | None
    activities: tuple[ActivityRow, ...]


@dataclass(frozen=True, slots=True)
class PillarHeat:
    """A pillar with its activities, each with what was delivered month by month."""

    pillar: Pillar
    rows: tuple[tuple[PillarActivity, Heat], ...]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A responsibility of section 2.8 with what shows that it is met."""

    code: str
    clause: Clause | None
    latest: DutyEvidence | None
    contact: Contact | None

    @property
    def is_shown(self) -> bool:
        """Whether anything shows it: evidence, or a person named for it."""
        return self.latest is not None or self.contact is not None


@dataclass(frozen=True, slots=True)
class SuccessPlan:
    """The whole plan as one person may see it."""

    customer: Customer
    today: date
    objectives: tuple[ObjectiveRow, ...]
    months: tuple[date, ...]
    pillars: tuple[PillarHeat, ...]
    duties: tuple[DutyRow, ...]
    unlinked: int

    @property
    def activities(self) -> list[ActivityRow]:
        """All activities, whatever they are for."""
        return [row for one in self.objectives for row in one.activities]


def edition_of(customer: Customer, on: date) -> Edition | None:
    """The edition of the agreement in force, or the published one."""
    order = order_in_force(customer, on)
    return order.edition if order else current_edition()


def pillar_activities(customer: Customer, *, on: date) -> list[PillarActivity]:
    """What can be planned: the activities of the customer's edition."""
    rows = PillarActivity.objects.filter(pillar__edition=edition_of(customer, on))
    return list(rows.select_related("pillar"))


def linkable(activity: SuccessActivity, viewer: User) -> list[Booking]:
    """The bookings that can be for an activity: its customer's, not cancelled."""
    rows = Booking.objects.visible_to(viewer).filter(
        customer=activity.customer_id, cancelled_at=None
    )
    return list(rows.select_related("entitlement__offering", "location").order_by("-starts_at"))


def success_plan(customer: Customer, *, viewer: User, now: datetime) -> SuccessPlan:
    """The plan as `viewer` may see it; the queries don't grow with its rows."""
    zone = zone_of(customer)
    today = local_date(now, zone)
    rows = _activity_rows(customer, viewer, today)
    months = months_until(today, count=MONTHS)
    return SuccessPlan(
        customer,
        today,
        tuple(_objectives(customer, viewer, rows, today)),
        months,
        tuple(_pillars(edition_of(customer, today), months, rows)),
        tuple(_duties(customer, viewer, edition_of(customer, today))),
        _unlinked(customer, viewer, months[0]),
    )


def _activity_rows(customer: Customer, viewer: User, today: date) -> list[ActivityRow]:
    seen = SuccessActivity.objects.visible_to(viewer).filter(customer=customer)
    actions: dict[int, list[SuccessAction]] = defaultdict(list)
    for action in SuccessAction.objects.visible_to(viewer).filter(customer=customer):
        actions[action.activity_id].append(action)
    linked = _linked(customer, viewer)
    return [
        ActivityRow(
            activity,
            activity_status(
                starts_on=activity.starts_on,
                due_on=activity.due_on,
                done_on=activity.done_on,
                dropped=bool(activity.dropped_reason),
                deliveries=sum(one.delivered_at is not None for one in linked[activity.pk]),
                on=today,
            ),
            tuple(linked[activity.pk]),
            tuple(actions[activity.pk]),
        )
        for activity in seen.select_related("objective")
    ]


def _linked(customer: Customer, viewer: User) -> Mapping[int, list[Booking]]:
    """Bookings by activity; those at locations that the viewer doesn't see are left out."""
    found: dict[int, list[Booking]] = defaultdict(list)
    pairs = SuccessActivity.bookings.through.objects.filter(
        successactivity__customer=customer, booking__cancelled_at=None
    ).values_list("successactivity_id", "booking_id")
    links = list(pairs)
    bookings = {
        booking.pk: booking
        for booking in Booking.objects.visible_to(viewer)
        .filter(pk__in={booking for _activity, booking in links})
        .select_related("location", "entitlement__offering")
    }
    for activity, booking in links:
        if booking in bookings:
            found[activity].append(bookings[booking])
    return found


def _objectives(
    customer: Customer, viewer: User, rows: list[ActivityRow], today: date
) -> list[ObjectiveRow]:
    by_objective: dict[int | None, list[ActivityRow]] = defaultdict(list)
    for row in rows:
        by_objective[row.activity.objective_id].append(row)
    found = []
    for objective in SuccessObjective.objects.visible_to(viewer).filter(customer=customer):
        mine = by_objective.pop(objective.pk, [])
        status = objective_status(
            achieved=objective.achieved_on is not None,
            dropped=bool(objective.dropped_reason),
            due_on=objective.due_on,
            activities=[row.status for row in mine],
            on=today,
        )
        found.append(ObjectiveRow(objective, status, tuple(mine)))
    rest = [row for mine in by_objective.values() for row in mine]
    return [*found, ObjectiveRow(None, None, tuple(rest))] if rest else found


def _pillars(
    edition: Edition | None, months: tuple[date, ...], rows: list[ActivityRow]
) -> list[PillarHeat]:
    delivered = []
    for row in rows:
        code, done_on = row.activity.pillar_activity, row.activity.done_on
        delivered += [
            (code, local_date(one.delivered_at, one.location.time_zone))
            for one in row.bookings
            if one.delivered_at is not None
        ]
        if done_on is not None:
            delivered.append((code, done_on))
    told = []
    for pillar in Pillar.objects.filter(edition=edition).prefetch_related("activities"):
        activities = list(pillar.activities.all())
        heats = heat_map([one.code for one in activities], months, delivered)
        told.append(PillarHeat(pillar, tuple(zip(activities, heats, strict=True))))
    return told


def _duties(customer: Customer, viewer: User, edition: Edition | None) -> list[DutyRow]:
    clauses = {row.code: row for row in Clause.objects.filter(edition=edition, code__in=DUTIES)}
    latest: dict[str, DutyEvidence] = {}
    evidence = DutyEvidence.objects.visible_to(viewer).filter(customer=customer)
    for row in evidence.select_related("created_by"):
        latest.setdefault(row.clause, row)
    people = _named(customer)
    return [DutyRow(code, clauses.get(code), latest.get(code), people.get(code)) for code in DUTIES]


def _named(customer: Customer) -> dict[str, Contact]:
    """Whom the contacts name for a duty: the host's administrator, the first reactive contact."""
    found: dict[str, Contact] = {}
    for contact in Contact.objects.filter(customer=customer).select_related("location"):
        if contact.role == Contact.Role.REACTIVE:
            found.setdefault("2.8-C6", contact)
        if contact.role == Contact.Role.ADMINISTRATOR:
            found.setdefault("2.8-C2", contact)
            if contact.location.role == contact.location.Role.HOST:
                found.setdefault("2.8-C4", contact)
    return found


def _unlinked(customer: Customer, viewer: User, since: date) -> int:
    """Deliveries since a day that no activity names."""
    rows = Booking.objects.visible_to(viewer).filter(customer=customer, success_activities=None)
    return rows.filter(delivered_at__date__gte=since).count()
