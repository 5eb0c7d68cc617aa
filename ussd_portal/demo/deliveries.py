"""Play the schedule: what was delivered, booked, redeemed, cancelled and asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Location, User
from accounts.queries.calendars import business_hours
from accounts.rules.business_time import BusinessHours, is_business_day
from accounts.rules.money import Money
from services.catalog.models import Offering
from services.scheduling.actions import (
    book_service,
    cancel_booking,
    deliver_booking,
    request_with_data,
)
from services.scheduling.models import Booking, Mode
from ussd_portal.demo import usage
from ussd_portal.demo.portfolio import Stage
from ussd_portal.demo.shapes import Org
from ussd_portal.demo.titles import title_of
from workorders.actions.holdings.credits import redeem_credits
from workorders.models import Entitlement, WorkOrder

SESSION = timedelta(hours=6)
DAY_OF_HOURS = 8
FIRST_SESSION = time(9, 30)
BOOKED_AHEAD = 45
NEXT_BOOKINGS = (10, 16, 24, 33, 46)
# Whose request still misses data.
DATA_TO_COME = "Tailspin Energy"
# Whose first workshop ahead can be cancelled free of charge until today.
LAST_FREE_TODAY = "Fabrikam Health"


@dataclass
class Slots:
    """Days for sessions at a location: business days, none twice."""

    hours: BusinessHours
    taken: set[date]

    def on_or_after(self, day: date) -> date:
        """The next free business day."""
        while day in self.taken or not is_business_day(self.hours, day):
            day += timedelta(days=1)
        self.taken.add(day)
        return day


class Schedule:
    """One customer's deliveries and bookings."""

    def __init__(self, stage: Stage, org: Org) -> None:
        self.stage = stage
        self.org = org
        self.by: User = stage.csams[org.csam]
        self.places = stage.places[org.name]
        self.slots: dict[int, Slots] = {}
        self.count = 0

    def play(self) -> None:
        """Everything of the script that concerns this customer."""
        orders = [one for one in self.stage.orders.get(self.org.name, []) if not one.is_draft]
        if not orders:
            return
        order = orders[-1]
        for (year, code), places in usage.USAGE.get(self.org.name, {}).items():
            for position, (delivered, booked) in places.items():
                self._use(self._entitlement(order, code, year, position), delivered, booked)
        for ago, position, code, value in usage.REDEEMED.get(self.org.name, ()):
            self._redeem(order, ago, position, code, value)
        for row in usage.CANCELLED.get(self.org.name, ()):
            self._cancel(order, *row)
        for request in usage.REQUESTED.get(self.org.name, ()):
            self._request(order, *request)

    # --- one thing at a time ----------------------------------------------------------------

    def _entitlement(self, order: WorkOrder, code: str, year: int, position: int) -> Entitlement:
        return Entitlement.objects.select_related("offering", "location", "order").get(
            order=order,
            offering__code=code,
            flex_year=year or None,
            location=self.places[position],
            redemption=None,
        )

    def _use(self, entitlement: Entitlement, delivered: int, booked: int) -> None:
        per_session = DAY_OF_HOURS if entitlement.unit == "minute" else 1
        sessions = list(_portions(delivered, per_session))
        first = entitlement.usable_from + timedelta(days=20)
        last = min(self.stage.day(-15), entitlement.usable_until - timedelta(days=5))
        span = max(1, (last - first).days)
        for number, portion in enumerate(sessions):
            day = first + timedelta(days=span * number // max(1, len(sessions)))
            self._deliver(entitlement, portion, self._slots(entitlement.location).on_or_after(day))
        for number, portion in enumerate(_portions(booked, per_session)):
            ahead = NEXT_BOOKINGS[number % len(NEXT_BOOKINGS)] + 7 * (number // len(NEXT_BOOKINGS))
            if self.org.name == LAST_FREE_TODAY and entitlement.offering.code == "workshops":
                ahead = 14
            day = self._slots(entitlement.location).on_or_after(self.stage.day(ahead))
            self._book(entitlement, portion, day, now=self._before(day))

    def _deliver(self, entitlement: Entitlement, portion: int, day: date) -> None:
        booking = self._book(
            entitlement, portion, day, now=self._at(entitlement.location, day) - timedelta(days=30)
        )
        deliver_booking(booking=booking, by=self.by, now=booking.ends_at + timedelta(hours=1))

    def _book(self, entitlement: Entitlement, portion: int, day: date, *, now: datetime) -> Booking:
        self.count += 1
        location, is_hours = entitlement.location, entitlement.unit == "minute"
        starts_at = self._at(location, day)
        length = timedelta(hours=portion) if is_hours else SESSION
        if is_hours and portion == DAY_OF_HOURS:
            starts_at -= timedelta(minutes=30)
        modes = entitlement.offering.delivery_modes
        return book_service(
            entitlement=entitlement,
            location=location,
            starts_at=starts_at,
            ends_at=starts_at + length,
            quantity=portion * 60 if is_hours else portion,
            mode=Mode.REMOTE if Mode.REMOTE in modes else Mode.ONLINE,
            language="zh" if self.org.is_chinese else "en",
            attendees=14 if entitlement.offering.code == "workshops" else None,
            title=title_of(entitlement.offering.code, self.count, self.org.is_chinese),
            by=self.by,
            now=max(now, entitlement.granted_at + timedelta(hours=1)),
        )

    def _redeem(self, order: WorkOrder, ago: int, position: int, code: str, value: int) -> None:
        place = self.places[position]
        redeem_credits(
            order=order,
            location=place,
            lines=[
                (
                    Offering.objects.get(edition=self.stage.edition, code=code),
                    Money(value, place.currency),
                )
            ],
            approved_on=self.stage.day(-ago),
            by=self.by,
            now=self.stage.moment(-ago),
        )

    def _cancel(
        self, order: WorkOrder, code: str, position: int, booked: int, cancelled: int, event: int
    ) -> None:
        entitlement = Entitlement.objects.filter(
            order=order, offering__code=code, location=self.places[position], redemption=None
        ).order_by("-usable_until")[0]
        day = self._slots(entitlement.location).on_or_after(self.stage.day(event))
        booking = self._book(entitlement, 1, day, now=self.stage.moment(-booked))
        cancel_booking(
            booking=booking,
            party=Booking.Party.CUSTOMER,
            reason="工厂停产检修改期" if self.org.is_chinese else "Plant shutdown moved",
            by=self.by,
            now=self.stage.moment(-cancelled),
        )

    def _request(
        self, order: WorkOrder, code: str, position: int, ago: int, start: int, end: int
    ) -> None:
        entitlement = Entitlement.objects.filter(
            order=order, offering__code=code, location=self.places[position], redemption=None
        ).order_by("-usable_until")[0]
        is_partly = self.org.name == DATA_TO_COME
        request_with_data(
            entitlement=entitlement,
            location=entitlement.location,
            quantity=1,
            wanted_from=self.stage.day(start),
            wanted_until=self.stage.day(end),
            mode=Mode.ONLINE,
            language="zh" if self.org.is_chinese else "en",
            note=title_of(code, 3, self.org.is_chinese),
            data_complete=not is_partly,
            data={"goal": "Outage drill with the grid operators"} if is_partly else {},
            by=self.stage.people[self.org.administrator[1]],
            now=self.stage.moment(-ago),
        )

    # --- when -------------------------------------------------------------------------------

    def _slots(self, location: Location) -> Slots:
        return self.slots.setdefault(location.pk, Slots(business_hours(location), set()))

    def _at(self, location: Location, day: date) -> datetime:
        return datetime.combine(day, FIRST_SESSION, ZoneInfo(location.time_zone))

    def _before(self, day: date) -> datetime:
        ago = max(1, BOOKED_AHEAD - (day - self.stage.today).days)
        return self.stage.moment(-ago)


def play_schedules(stage: Stage, orgs: tuple[Org, ...]) -> None:
    """Every customer's schedule."""
    for org in orgs:
        Schedule(stage, org).play()


def _portions(total: int, size: int) -> Iterator[int]:
    while total > 0:
        yield min(size, total)
        total -= size
