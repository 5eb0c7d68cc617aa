"""Hours services: bought, reserved, delivered, left; and what was delivered when."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from accounts.models import User
from accounts.queries.calendars import business_hours
from accounts.rules.business_time import BusinessHours
from services.catalog.queries import facts_of, terms_of
from services.scheduling.models import Booking, HourLog
from services.scheduling.queries.objections import standard_hours
from services.scheduling.rules.booking import session_zone
from workorders.models import Account, Entitlement, Transfer
from workorders.models.orders import Unit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

Bucket = Account.Bucket


@dataclass(frozen=True, slots=True)
class HourBalance:
    """Minutes of one service at one location; charged, lapsed and exchanged ones are gone."""

    entitlement: Entitlement
    bought: int
    reserved: int
    delivered: int
    left: int
    gone: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """Minutes of a day, by a booked session or logged afterwards; `taken_back` by which movement."""

    on: date
    minutes: int
    booking: Booking | None
    log: HourLog | None
    taken_back: Transfer | None = None


def hour_balances(user: "User | AnonymousUser") -> list[HourBalance]:
    """The balances of all services that are sold in hours, the first to lapse first."""
    found = Entitlement.objects.visible_to(user).filter(
        unit=Unit.MINUTE, order__executed_at__isnull=False
    )
    rows = found.select_related("offering", "location", "order__customer", "order__edition")
    rows = rows.prefetch_related("offering__limits", "accounts")
    return [hour_balance(row) for row in rows.order_by("usable_until", "pk")]


def hour_balance(entitlement: Entitlement) -> HourBalance:
    """How the accounts of one service stand."""
    stands = {account.bucket: account.balance for account in entitlement.accounts.all()}
    told = {Bucket.ISSUED, Bucket.RESERVED, Bucket.DELIVERED, Bucket.AVAILABLE}
    return HourBalance(
        entitlement,
        bought=stands.get(Bucket.ISSUED, 0),
        reserved=stands.get(Bucket.RESERVED, 0),
        delivered=stands.get(Bucket.DELIVERED, 0),
        left=stands.get(Bucket.AVAILABLE, 0),
        gone=sum(balance for bucket, balance in stands.items() if bucket not in told),
    )


def deliveries_of(entitlement: Entitlement) -> list[Delivered]:
    """What was delivered, the latest first; three queries, at most 200 rows."""
    rows = list(
        Transfer.objects.filter(debit__entitlement=entitlement, kind=Transfer.Kind.DELIVER)
        .select_related("reversed_by__by")
        .order_by("-on", "-pk")[:200]
    )
    bookings = Booking.objects.in_bulk(_keys(rows, "booking:"))
    logs = HourLog.objects.select_related("engineer", "logged_by").in_bulk(_keys(rows, "hours:"))
    return [
        Delivered(
            row.on,
            row.amount,
            bookings.get(_key(row, "booking:")),
            logs.get(_key(row, "hours:")),
            getattr(row, "reversed_by", None),
        )
        for row in rows
    ]


def _keys(rows: list[Transfer], prefix: str) -> list[int]:
    return [key for row in rows if (key := _key(row, prefix))]


def _key(row: Transfer, prefix: str) -> int:
    name = row.subject_key.removeprefix(prefix)
    return int(name) if row.subject_key.startswith(prefix) and name.isdecimal() else 0


def binding_hours(entitlement: Entitlement) -> BusinessHours | None:
    """The business hours in which the service is delivered, or None where none bind it."""
    line, location = entitlement.line, entitlement.location
    zone = session_zone(
        facts_of(entitlement.offering).business_hours,
        location_zone=location.time_zone,
        agreed_zone=line.agreed_time_zone if line else None,
    )
    if zone is None or zone == location.time_zone:
        return business_hours(location) if zone else None
    return standard_hours(terms_of(entitlement.order.edition), zone)
