"""Workshops with people: one dedicated and recorded, one short of its minimum, one full."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Location
from accounts.queries.calendars import business_hours
from accounts.rules.business_time import is_business_day
from services.scheduling.actions import (
    Person,
    book_service,
    enrol_attendees,
    prepare_recording,
    record_consents,
    switch_recording,
)
from services.scheduling.models import Booking, Mode
from ussd_portal.demo.credentials import address
from ussd_portal.demo.portfolio import Stage
from workorders.models import Entitlement
from workorders.models.orders import Unit

DEDICATED = "Contoso Motors"
PLANT = ("Lena Brandt", "Jonas Weber", "Mira Osei", "Paul Schuster", "Aylin Demir",
         "Tomas Novak", "Sofia Ricci", "Erik Lund", "Nadia Petrova")  # fmt: skip


@dataclass(frozen=True)
class Seats:
    """A workshop sold by attendee: where, how many seats, who comes; days from today."""

    customer: str
    position: int
    title: str
    language: str
    seats: int
    minimum: int
    booked: int
    starts: int
    decide: int
    names: tuple[str, ...]


SOLD_BY_SEAT = (
    Seats("Fabrikam Health", 1, "Clinical data in Azure", "en", 12, 8, -30, 18, 4,
          ("Amelia Stone", "Ravi Patel", "Chloe Martin", "Daniel Kim", "Grace Liu")),
    Seats("蓝湖制造", 1, "SQL Server 高可用", "zh", 6, 4, -25, 21, 9,
          ("李雷", "韩梅", "王芳", "陈刚", "刘洋", "赵静", "孙磊", "吴倩", "郑凯")),
)  # fmt: skip


def play_workshops(stage: Stage) -> None:
    """All three, for the customers that the demo has."""
    _dedicated(stage)
    for one in SOLD_BY_SEAT:
        if one.customer in stage.customers:
            _by_seat(stage, one)


def _dedicated(stage: Stage) -> None:
    """The next workshop that is booked for a customer alone: everybody agrees to be recorded."""
    ahead = Booking.objects.standing().filter(
        customer=stage.customers[DEDICATED],
        workshop__by_seat=False,
        starts_at__gt=stage.moment(1),
    )
    booking = ahead.order_by("starts_at", "pk").first()
    if booking is None:
        return
    by, at = booking.booked_by, stage.moment(-6)
    everybody = enrol_attendees(booking=booking, people=_people(PLANT), by=by, now=at)
    prepare_recording(
        booking=booking,
        notice_given=True,
        permission_needed=False,
        permission_given=False,
        by=by,
        now=at,
    )
    record_consents(booking=booking, attendees=everybody, given=True, by=by, now=at)
    switch_recording(booking=booking, on=True, by=by, now=at)


def _by_seat(stage: Stage, one: Seats) -> None:
    place = stage.places[one.customer][one.position]
    held = Entitlement.objects.get(
        order__customer=stage.customers[one.customer], unit=Unit.ATTENDEE, location=place
    )
    by = stage.csams["mara.keller"]
    starts_at = _morning(place, stage.day(one.starts))
    booking = book_service(
        entitlement=held,
        location=place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=7),
        quantity=one.seats,
        mode=Mode.ONLINE,
        language=one.language,
        minimum_attendees=one.minimum,
        decide_on=stage.day(one.decide),
        title=one.title,
        by=by,
        now=stage.moment(one.booked),
    )
    half = len(one.names) // 2
    for number, names in enumerate((one.names[:half], one.names[half:])):
        enrol_attendees(
            booking=booking,
            people=_people(names),
            may_wait=True,
            by=by,
            now=stage.moment(-9 + 4 * number),
        )


def _people(names: tuple[str, ...]) -> list[Person]:
    """With addresses of the demo: of a Chinese name by its code points."""
    return [Person(name, address(_local_part(name))) for name in names]


def _local_part(name: str) -> str:
    if name.isascii():
        return name.lower().replace(" ", ".")
    return "u" + "".join(f"{ord(letter):x}" for letter in name)


def _morning(place: Location, day: date) -> datetime:
    hours = business_hours(place)
    while not is_business_day(hours, day):
        day += timedelta(days=1)
    return datetime.combine(day, time(9), ZoneInfo(place.time_zone))
