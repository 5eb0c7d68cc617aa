"""Use it or lose it: what was not used by its last day lapses on the day after."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from accounts.rules.calendar_days import local_date
from workorders.actions import ledger
from workorders.models import Account, Transfer
from workorders.models.orders import STANDING_UNITS
from workorders.queries.lapsing import holdings_over, last_day_of_use, year_of
from workorders.queries.locations import zone_of

Bucket = Account.Bucket
Kind = Transfer.Kind


def lapse_entitlements(*, now: datetime) -> int:
    """Lapse what is left of everything whose last usable day is over; the number of holdings.

    A day is over at the host location (0-C13). Safe to repeat and in many workers: what
    lies on the account at that moment moves once. What is still booked stays booked
    until the booking is cancelled, and lapses then. Standing subscriptions don't lapse:
    they end as delivered. With nothing to lapse it is two queries, whatever has ended.
    """
    return sum(_lapse(account, now) for account in holdings_over(now=now))


@transaction.atomic
def _lapse(account: Account, now: datetime) -> int:
    # A standing subscription was served to its last day: nothing of it is lost.
    served = account.unit in STANDING_UNITS
    target, kind = (Bucket.DELIVERED, Kind.DELIVER) if served else (Bucket.LAPSED, Kind.LAPSE)
    held = {
        one.bucket: one
        for one in ledger.take(
            Account.objects.filter(
                order=account.order,
                holding=account.holding,
                entitlement=account.entitlement,
                location=account.location,
                flex_year=account.flex_year,
                unit=account.unit,
                bucket__in=[Bucket.AVAILABLE, target],
            )
        )
    }
    left = held[Bucket.AVAILABLE].balance
    if not left:
        return 0
    ledger.post(
        debit=held[Bucket.AVAILABLE],
        credit=held[target],
        amount=left,
        kind=kind,
        on=_day_of_lapse(account, local_date(now, zone_of(account.order.customer))),
        now=now,
        by=None,
        subject_key=f"entitlement:{account.entitlement_id}" if account.entitlement_id else "",
        clauses=("2.2-F4", "2.7-T10") if year_of(account) else ("2.7-T10",),
    )
    return 1


def _day_of_lapse(account: Account, today: date) -> date:
    """The day after the last one; today when something moved there after that."""
    latest = Transfer.objects.filter(Q(debit=account) | Q(credit=account)).aggregate(Max("on"))
    following = last_day_of_use(account) + timedelta(days=1)
    return today if latest["on__max"] and latest["on__max"] > following else following
