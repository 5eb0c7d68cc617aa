"""What credits and custom work take of a contract year's ceiling, before and after an exchange."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from accounts.rules.explained import Explained
from accounts.rules.money import Money
from services.catalog.models import Offering
from services.catalog.queries import terms_of
from services.catalog.rules.offering import (
    OfferingFacts,
    flex_is_capped,
)
from workorders.models import Account, Entitlement, Exchange, FlexYear, WorkOrder
from workorders.queries.entitlements import worth
from workorders.queries.exchange_sides import Given
from workorders.rules.exchange import Exchanged
from workorders.rules.flex import flex_ceiling

Bucket = Account.Bucket


@dataclass(frozen=True, slots=True)
class FlexMix:
    """The ceiling of the contract year, and what credits and custom work take of it."""

    ceiling: Explained[Money]
    before: Money
    after: Money


def flex_mix(order: WorkOrder, flex_year: int, *, given: Entitlement | None = None) -> FlexMix:
    """The year's ceiling and what its credits and custom work take of it (2.2-F3).

    What was given up or moved away counts no more, what was bought on top of an exchange
    not at all, except with the service that is `given` up now: it leaves with its value.
    Refuses `rate_required`.
    """
    year = FlexYear.objects.filter(order=order, number=flex_year).first()
    allotment = Money(year.allotment_minor if year else 0, order.currency)
    ceiling = flex_ceiling(
        terms_of(order.edition).flex, allotment=allotment, units_per_usd=order.units_per_usd
    )
    taken = Money(_capped_minor(order, flex_year, given), order.currency)
    return FlexMix(ceiling, taken, taken)


def _capped_minor(order: WorkOrder, flex_year: int, given: Entitlement | None) -> int:
    gone = Q(accounts__bucket__in=(Bucket.EXCHANGED, Bucket.TRANSFERRED))
    rows = (
        Entitlement.objects.filter(
            order=order, flex_year=flex_year, offering__flex=Offering.Flex.CAPPED
        )
        .annotate(gone=Sum("accounts__balance", filter=gone, default=0))
        .select_related("exchange")
    )
    total = 0
    for one in rows:
        kept = one.granted - one.gone  # type: ignore[attr-defined] # annotated above
        total += worth(one, kept)
        made: Exchange | None = getattr(one, "exchange", None)
        if made is not None and one != given:
            total -= made.extra_minor * kept // one.granted
    return max(total, 0)


def mix_after(mix: FlexMix, given: Given, facts: OfferingFacts, made: Exchanged) -> FlexMix:
    after = mix.before
    if given.entitlement and given.entitlement.offering.flex == Offering.Flex.CAPPED:
        after -= given.value
    if flex_is_capped(facts):
        after += made.equal_part
    return FlexMix(mix.ceiling, mix.before, after)
