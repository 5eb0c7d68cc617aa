"""What cancelling a booking costs: on a day, day by day, and in the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from accounts.rules.calendar_days import local_date
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import request_deadline_binds
from services.scheduling.models import Booking
from services.scheduling.queries.terms import fee_of, frozen_terms, zone_of
from services.scheduling.rules.cancellation import (
    Party,
    cancellation_bands,
    last_free_day,
)
from services.scheduling.rules.settlement import Settlement, settle
from services.scheduling.wording.cancellation import BandCost, CurveData, DayCost
from services.scheduling.wording.losses import Amount, lost, measure_of
from workorders.models import Account, Redemption
from workorders.models.orders import Unit
from workorders.queries.entitlements import worth
from workorders.queries.locations import zone_of as host_zone_of
from workorders.queries.terms import last_day_of
from workorders.rules.milestones import request_cutoff

Bucket = Account.Bucket
# The curve begins so many days before the last free one.
DAYS_BEFORE = 7


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One account as it stands, what changes, and how it will stand."""

    code: str
    before: Amount
    change: Amount
    after: Amount


@dataclass(frozen=True, slots=True)
class Quote:
    """What cancelling on `day` does. `request_by` and `use_by` bind what is given back."""

    booking: Booking
    party: Party
    day: date
    explained: Explained[Settlement]
    loss: Amount
    redemption: Redemption | None
    request_by: date | None
    use_by: date

    @property
    def outcome(self) -> Settlement:
        """Units, money and credits, kept and given back."""
        return self.explained.result

    @property
    def figures(self) -> Mapping[str, object]:
        """The arithmetic by name."""
        return dict(self.explained.steps)

    @property
    def lead_days(self) -> int:
        """Whole calendar days ahead, at the delivery location; negative after the start."""
        return int(str(self.figures["lead_days"]))

    @property
    def percent(self) -> int:
        """The share of the fee that is kept."""
        return int(str(self.figures["charged_percent"]))


def event_day(booking: Booking) -> date:
    """The day on which it takes place, at the delivery location."""
    return local_date(booking.starts_at, zone_of(booking))


def charge_after(booking: Booking, day: date) -> tuple[int, Money]:
    """Percent and amount that cancelling costs on the day after `day`.

    Clause: 2.7-T17, 2.7-T18, 2.7-T19
    """
    tier = frozen_terms(booking).tier_for((event_day(booking) - day).days - 1)
    return tier.percent, fee_of(booking).share(tier.percent)


def quote(booking: Booking, *, now: datetime, party: Party = "customer") -> Quote:
    """What cancelling at `now` does; nothing moves."""
    day = local_date(now, zone_of(booking))
    redemption = redemption_of(booking)
    explained = _settled(booking, day, party, redemption)
    use_by = booking.entitlement.usable_until
    request_by = None
    if request_deadline_binds(facts_of(booking.entitlement.offering)):
        request_by = _cutoff(booking)
    return Quote(
        booking,
        party,
        day,
        explained,
        lost(booking, explained.result),
        redemption,
        request_by if request_by and request_by < use_by else None,
        use_by,
    )


def _cutoff(booking: Booking) -> date:
    order = booking.order
    return request_cutoff(
        terms_of(order.edition).request,
        order_end=last_day_of(order),
        zone=host_zone_of(order.customer),
    ).result


def curve(booking: Booking, *, now: datetime) -> CurveData:
    """The cost by day, from a week before the last free one to the event, and by tier."""
    terms, event = frozen_terms(booking), event_day(booking)
    free = last_free_day(terms, starts_on=event)
    first = (free.result if free else event) - timedelta(days=DAYS_BEFORE)
    redemption = redemption_of(booking)
    costs: dict[int, Amount] = {}

    def cost(lead: int) -> Amount:
        percent = terms.tier_for(lead).percent
        if percent not in costs:
            day = event - timedelta(days=lead)
            outcome = _settled(booking, day, "customer", redemption).result
            costs[percent] = lost(booking, outcome)
        return costs[percent]

    days = [
        DayCost(event - timedelta(days=lead), lead, terms.tier_for(lead).percent, cost(lead))
        for lead in range((event - first).days, -1, -1)
    ]
    today = local_date(now, zone_of(booking))
    bands = [
        BandCost(
            first_day=band.first_day,
            last_day=band.last_day,
            least_lead=band.min_lead_days,
            most_lead=(event - band.first_day).days if band.first_day else None,
            percent=band.percent,
            clause=band.clause,
            loss=cost((event - (band.last_day or event)).days),
            applies=(band.first_day is None or band.first_day <= today)
            and (band.last_day is None or today <= band.last_day),
        )
        for band in cancellation_bands(terms, fee=fee_of(booking), starts_on=event)
    ]
    return CurveData(today, event, free.result if free else None, days, bands)


def redemption_of(booking: Booking) -> Redemption | None:
    """The credits that paid for it, if credits did."""
    if measure_of(booking) != "credits":
        return None
    return Redemption.objects.filter(entitlement=booking.entitlement_id).first()


def _settled(
    booking: Booking, day: date, party: Party, redemption: Redemption | None
) -> Explained[Settlement]:
    return settle(
        frozen_terms(booking),
        units=booking.quantity,
        divisible=booking.entitlement.unit == Unit.MINUTE,
        fee=fee_of(booking),
        starts_on=event_day(booking),
        cancelled_on=day,
        by=party,
        zone=zone_of(booking),
        spent_credits=redemption.credits if redemption else None,
    )


def ledger_effect(quoted: Quote) -> tuple[list[LedgerRow], LedgerRow]:
    """The accounts that change, and their sum, which doesn't; in the booking's measure."""
    match measure_of(quoted.booking):
        case "credits":
            rows = _in_credits(quoted)
        case "units":
            rows = _in_units(quoted)
        case _:
            rows = _in_money(quoted)
    unit, is_money = rows[0].before.unit, rows[0].before.is_money
    before = sum(row.before.count for row in rows)
    change = sum(row.change.count for row in rows)
    return rows, _row("sum", before, change, unit, is_money=is_money)


def _row(code: str, before: int, change: int, unit: str, *, is_money: bool = False) -> LedgerRow:
    return LedgerRow(
        code,
        Amount(before, unit, is_money),
        Amount(change, unit, is_money),
        Amount(before + change, unit, is_money),
    )


def _balances(booking: Booking) -> dict[str, int]:
    accounts = Account.objects.filter(entitlement=booking.entitlement_id)
    return dict(accounts.values_list("bucket", "balance"))


def _in_units(quoted: Quote) -> list[LedgerRow]:
    booking, outcome = quoted.booking, quoted.outcome
    stands, unit = _balances(booking), booking.entitlement.unit
    return [
        _row("reserved", stands.get(Bucket.RESERVED, 0), -booking.quantity, unit),
        _row("charged", stands.get(Bucket.CHARGED, 0), outcome.kept, unit),
        _row("available", stands.get(Bucket.AVAILABLE, 0), outcome.released, unit),
    ]


def _in_credits(quoted: Quote) -> list[LedgerRow]:
    """Credits spent on the service: what stays spent and what is left again."""
    booking, outcome = quoted.booking, quoted.outcome
    lots = Account.objects.filter(
        order=booking.order_id,
        location=booking.entitlement.location_id,
        unit=Unit.CREDIT,
        bucket=Bucket.AVAILABLE,
    )
    left = lots.aggregate(left=Sum("balance"))["left"] or 0
    spent = outcome.credits_kept + outcome.credits_returned
    return [
        _row("spent", spent, -spent, Unit.CREDIT),
        _row("charged", 0, outcome.credits_kept, Unit.CREDIT),
        _row("available", left, outcome.credits_returned, Unit.CREDIT),
    ]


def _in_money(quoted: Quote) -> list[LedgerRow]:
    """Whole units at what they are worth, and the value that isn't a whole unit."""
    booking, outcome = quoted.booking, quoted.outcome
    entitlement, currency = booking.entitlement, booking.currency
    stands = _balances(booking)
    charged = Booking.objects.filter(entitlement=entitlement.pk).aggregate(sum=Sum("charge_minor"))
    value = Account.objects.filter(
        order=booking.order_id,
        holding=Account.Holding.VALUE,
        location=entitlement.location_id,
        flex_year=entitlement.flex_year,
        unit=currency,
        bucket=Bucket.AVAILABLE,
    ).first()
    rows = [
        _row(
            "reserved",
            worth(entitlement, stands.get(Bucket.RESERVED, 0)),
            -booking.fee_minor,
            currency,
            is_money=True,
        ),
        _row("charged", charged["sum"] or 0, outcome.charge.minor, currency, is_money=True),
    ]
    if outcome.released:
        left = worth(entitlement, stands.get(Bucket.AVAILABLE, 0))
        rows.append(_row("available", left, outcome.released_value.minor, currency, is_money=True))
    if outcome.exchange_value or not outcome.released:
        standing = value.balance if value else 0
        rows.append(
            _row("exchange", standing, outcome.exchange_value.minor, currency, is_money=True)
        )
    return rows
