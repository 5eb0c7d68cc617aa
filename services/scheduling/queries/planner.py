"""In which order to book what a customer has left, read against its calendars."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Customer, User
from accounts.rules.business_time import BusinessHours, is_business_day
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.queries import terms_of
from services.catalog.rules.terms import EventTerms
from services.scheduling.queries.forecast import Item, forecast
from services.scheduling.queries.grounds import Ground, read_ground
from services.scheduling.queries.plans import (
    PLANNED_UNITS,
    CustomerPlan,
    PinShown,
    Reason,
    Remainder,
    Step,
    entitlement_of,
    is_planned,
)
from services.scheduling.queries.wishes import MOST_DAYS, MOST_PER_WEEK, Pin, Wishes
from services.scheduling.rules.planner import (
    LeftOut,
    Placement,
    Plan,
    Task,
    Window,
    event_stretches,
    plan,
    session_days,
    session_stretches,
)
from workorders.models import Entitlement
from workorders.models.orders import Unit
from workorders.queries.entitlements import worth
from workorders.queries.risk import in_usd

# An hours service is planned in days of eight hours, less where a location opens for less.
SESSION_MINUTES = 8 * 60


def read_plan(viewer: User, customer: Customer, wishes: Wishes, *, now: datetime) -> CustomerPlan:
    """Plan what the viewer may see of the customer's; a fixed number of queries.

    One session a day at a location; Azure events beside them, back to back. Standing
    bookings keep their days. What credits and exchange value will buy has to be decided
    first, so it isn't planned.
    """
    items = forecast(viewer, now=now, customer=customer)
    bookable = [item for item in items if is_planned(item)]
    places = {entitlement_of(item).location_id for item in bookable}
    ground = read_ground(viewer, customer, places, now=now)
    desk = _Desk(wishes, ground, now)
    pins = desk.place_pins(bookable)
    found = desk.place_rest(bookable)
    return CustomerPlan(
        wishes=wishes,
        today=local_date(now, ground.host_zone),
        steps=sorted(desk.steps(found), key=lambda one: (one.book_by, one.first_day)),
        left_out=desk.remainders(found, items),
        decisions=[item for item in items if item.account.unit not in PLANNED_UNITS],
        pins=pins,
        planned=[(item, desk.days_of(item)) for item in bookable],
        enough_per_week=desk.enough_per_week(bookable, found),
    )


class _Desk:
    """One plan in the making: what is pinned, what is taken, which tasks there are."""

    def __init__(self, wishes: Wishes, ground: Ground, now: datetime) -> None:
        self.wishes = wishes
        self.ground = ground
        self.now = now
        self.taken = {key: set(days) for key, days in ground.taken.items()}
        self.pinned: dict[int, list[tuple[date, date, int]]] = defaultdict(list)
        self.of_task: dict[int, tuple[Item, int]] = {}
        self.items: dict[int, Item] = {}

    def days_of(self, item: Item) -> int:
        """How many days one delivery takes: as asked, else as it took last time."""
        entitlement = entitlement_of(item)
        if entitlement.unit != Unit.EACH:
            return 1
        usual = self.ground.lengths.get(entitlement.offering.code, 1)
        return min(max(self.wishes.days.get(entitlement.pk, usual), 1), MOST_DAYS)

    # pins

    def place_pins(self, items: list[Item]) -> list[PinShown]:
        """Keep the days of fixed bookings, one after the other; say why one can't be kept."""
        self.items = {entitlement_of(item).pk: item for item in items}
        shown = []
        for pin in self.wishes.pins:
            item, refusal = self.items.get(pin.entitlement), None
            try:
                self._pin(item, pin)
            except Refused as refused:
                refusal = refused
            shown.append(PinShown(pin, item, refusal))
        return shown

    def _pin(self, item: Item | None, pin: Pin) -> None:
        if item is not None and item.is_certain and not item.asked:
            until = item.request_until
            raise Refused("too_late", clause="2.8-C20", last_day=until, requested_until=until)
        left = self._left_to_plan(item) if item else 0
        if item is None or left < 1:
            raise Refused("insufficient_units", clause="2.6-M8", left=0, asked=1)
        entitlement = entitlement_of(item)
        key = self._key(entitlement)
        days = self._pinned_days(item, pin.on)
        clause = "2.2-F4" if entitlement.flex_year else "2.7-T10"
        if pin.on <= (today := self._today(entitlement)):
            raise Refused("in_the_past", clause="2.7-T11", until=pin.on, today=today)
        if pin.on < entitlement.usable_from:
            raise Refused("too_early", clause="2.3-P4", first_day=entitlement.usable_from)
        if days[-1] > item.last_day:
            raise Refused("too_late", clause=clause, last_day=item.last_day)
        for day in days:
            self._check_day(entitlement, day)
        self.taken.setdefault(key, set()).update(days)
        quantity = min(self._per_task(item), left)
        self.pinned[entitlement.pk].append((days[0], days[-1], quantity))

    def _check_day(self, entitlement: Entitlement, day: date) -> None:
        if day in self.taken.get(self._key(entitlement), ()):
            raise Refused("day_planned", clause="2.7-T11", day=day)
        hours = self.ground.hours[entitlement.location_id]
        if entitlement.unit != Unit.EVENT and not is_business_day(hours, day):
            raise Refused("no_business_day", clause="0-C6", day=day)

    def _pinned_days(self, item: Item, first: date) -> list[date]:
        """The days of a fixed delivery: business days from `first` on, for an event all days."""
        entitlement = entitlement_of(item)
        if entitlement.unit == Unit.EVENT:
            length = self._event_length(entitlement)
            return [first + timedelta(days=number) for number in range(length)]
        days, day = [first], first
        hours = self.ground.hours[entitlement.location_id]
        while len(days) < self.days_of(item):
            day += timedelta(days=1)
            if is_business_day(hours, day):
                days.append(day)
        return days

    # tasks

    def place_rest(self, items: list[Item], per_week: int = 0) -> Plan:
        """Plan what isn't pinned: the longest deliveries first, the others beside them."""
        tasks = list(self._tasks(items))
        taken = {key: set(days) for key, days in self.taken.items()}
        placed: list[Placement] = []
        left_out: list[LeftOut] = []
        for length in sorted({self._length(task) for task in tasks}, reverse=True):
            members = [task for task in tasks if self._length(task) == length]
            found = plan(members, self._calendars(members, taken, length, per_week))
            placed += found.placed
            left_out += found.left_out
            for one in found.placed:
                key = self._key(entitlement_of(self.of_task[one.task.key][0]))
                taken.setdefault(key, set()).update(_days(one.window))
        return Plan(tuple(placed), tuple(left_out))

    def _length(self, task: Task) -> int:
        return self.days_of(self.of_task[task.key][0])

    def _tasks(self, items: list[Item]) -> Iterator[Task]:
        self.of_task = {}
        for item in items:
            entitlement = entitlement_of(item)
            size, left = self._per_task(item), self._left_to_plan(item)
            while left > 0:
                quantity = min(size, left)
                left -= quantity
                key = len(self.of_task)
                self.of_task[key] = (item, quantity)
                yield Task(
                    key=key,
                    calendar=self._calendar_name(entitlement),
                    first_day=self._earliest(entitlement),
                    last_day=item.last_day,
                    value=self._usd(item, quantity),
                )

    def _left_to_plan(self, item: Item) -> int:
        """What can still be booked and isn't pinned; past the cut-off what was asked for."""
        pinned = sum(quantity for *_days, quantity in self.pinned[entitlement_of(item).pk])
        return max(item.outlook.requestable - pinned, 0)

    def _per_task(self, item: Item) -> int:
        """How many units one delivery takes: a session's minutes, all seats, else one."""
        unit = entitlement_of(item).unit
        if unit == Unit.ATTENDEE:
            return item.left
        if unit != Unit.MINUTE:
            return 1
        hours = self.ground.hours[entitlement_of(item).location_id]
        return min(SESSION_MINUTES, _open_minutes(hours))

    def _usd(self, item: Item, quantity: int) -> int:
        entitlement = entitlement_of(item)
        value = Money(worth(entitlement, quantity), entitlement.currency)
        return in_usd(value, item.order) or 0

    def _today(self, entitlement: Entitlement) -> date:
        place = self.ground.places[entitlement.location_id]
        return local_date(self.now, place.time_zone)

    def _earliest(self, entitlement: Entitlement) -> date:
        """After the lead, and for an event after the notice that it needs (2.4-AE13)."""
        lead = self.wishes.lead_days
        if entitlement.unit == Unit.EVENT:
            lead = max(lead, self._notice(entitlement))
        return max(self._today(entitlement) + timedelta(days=max(lead, 1)), entitlement.usable_from)

    def _notice(self, entitlement: Entitlement) -> int:
        return 7 * self._event_terms(entitlement).notice_weeks

    def _event_length(self, entitlement: Entitlement) -> int:
        return self._event_terms(entitlement).max_days

    def _event_terms(self, entitlement: Entitlement) -> EventTerms:
        return terms_of(self.items[entitlement.pk].order.edition).event

    def _key(self, entitlement: Entitlement) -> tuple[int, bool]:
        return entitlement.location_id, entitlement.unit == Unit.EVENT

    def _calendar_name(self, entitlement: Entitlement) -> str:
        kind = "events" if entitlement.unit == Unit.EVENT else "sessions"
        return f"{kind}:{entitlement.location_id}"

    def _calendars(
        self,
        tasks: list[Task],
        taken: dict[tuple[int, bool], set[date]],
        length: int,
        per_week: int,
    ) -> dict[str, tuple[Window, ...]]:
        """The free windows of each calendar, from its first task's first day on."""
        members: dict[str, list[Task]] = defaultdict(list)
        for task in tasks:
            members[task.calendar].append(task)
        found = {}
        for name, several in members.items():
            entitlement = entitlement_of(self.of_task[several[0].key][0])
            span: dict[str, Any] = {
                "first": min(task.first_day for task in several),
                "last": max(task.last_day for task in several),
                "taken": taken.get(self._key(entitlement), set()),
            }
            if entitlement.unit == Unit.EVENT:
                windows = event_stretches(length=self._event_length(entitlement), **span)
            else:
                span["per_week"] = per_week or self.wishes.per_week
                hours = self.ground.hours[entitlement.location_id]
                windows = (
                    session_days(hours, **span)
                    if length == 1
                    else session_stretches(hours, length=length, **span)
                )
            found[name] = windows
        return found

    # the answer

    def steps(self, found: Plan) -> Iterator[Step]:
        """Pinned and placed deliveries."""
        for placement in found.placed:
            item, quantity = self.of_task[placement.task.key]
            window = placement.window
            yield self._step(item, quantity, window.first, window.last, is_pinned=False)
        for pk, rows in self.pinned.items():
            for first, last, quantity in rows:
                yield self._step(self.items[pk], quantity, first, last, is_pinned=True)

    def _step(self, item: Item, quantity: int, first: date, last: date, *, is_pinned: bool) -> Step:
        entitlement = entitlement_of(item)
        today = self._today(entitlement)
        ahead = first - timedelta(days=self.wishes.lead_days)
        return Step(
            item=item,
            quantity=quantity,
            first_day=first,
            last_day=last,
            book_by=max(min(ahead, item.request_until), today),
            is_pinned=is_pinned,
            hours=self.ground.hours[entitlement.location_id],
        )

    def remainders(self, found: Plan, items: list[Item]) -> list[Remainder]:
        """What the plan leaves out, and what can't be requested or isn't booked at all."""
        sums: dict[tuple[int, Reason], tuple[Item, int]] = {}
        for one in found.left_out:
            item, quantity = self.of_task[one.task.key]
            reason: Reason = "notice" if self._lacks_notice(item) else one.reason
            key = (item.account.pk, reason)
            sums[key] = (item, sums.get(key, (item, 0))[1] + quantity)
        for item in items:
            if item.account.unit not in PLANNED_UNITS:
                continue
            if not is_planned(item):
                sums[item.account.pk, "not_booked"] = (item, item.left)
            elif lost := item.left - item.outlook.requestable:
                sums[item.account.pk, "past_cutoff"] = (item, lost)
        return [
            Remainder(item, quantity, reason, _clauses(item, reason))
            for (_pk, reason), (item, quantity) in sums.items()
        ]

    def _lacks_notice(self, item: Item) -> bool:
        """Whether an event could end in time but for the notice that it needs."""
        entitlement = entitlement_of(item)
        if entitlement.unit != Unit.EVENT:
            return False
        length = timedelta(days=self._event_length(entitlement) - 1)
        notice = self._today(entitlement) + timedelta(days=self._notice(entitlement))
        return notice + length > item.last_day

    def enough_per_week(self, items: list[Item], found: Plan) -> int | None:
        """The least number of days a week, above the one asked for, with which all would fit."""
        if not found.left_out:
            return None
        kept = self.of_task
        try:
            for number in range(self.wishes.per_week + 1, MOST_PER_WEEK + 1):
                if not self.place_rest(items, number).left_out:
                    return number
        finally:
            self.of_task = kept
        return None


def _days(window: Window) -> Iterator[date]:
    day = window.first
    while day <= window.last:
        yield day
        day += timedelta(days=1)


def _open_minutes(hours: BusinessHours) -> int:
    opens, closes = hours.opens, hours.closes
    return (closes.hour - opens.hour) * 60 + closes.minute - opens.minute


def _clauses(item: Item, reason: Reason) -> tuple[str, ...]:
    match reason:
        case "past_cutoff":
            return ("2.8-C20",)
        case "notice":
            return ("2.4-AE13",)
    entitlement = entitlement_of(item)
    return ("2.2-F4",) if entitlement.flex_year else ("2.7-T10",)
