"""What the edition of an order sells, and what of it may be bought under the order."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import Location
from accounts.rules.refusal import Named, Refused
from accounts.wording.formats import country as country_name
from services.catalog.models import Availability, Offering
from services.catalog.queries import facts_of
from services.catalog.rules.offering import credits_may_buy
from workorders.models import WorkOrder
from workorders.queries.agreement import purchasable_under


def sold_row(code: str, country: str, on: date) -> Availability | None:
    """What the catalogue says of an offering in a country on a day; None: nothing (1-A5)."""
    row = Availability.objects.filter(offering_code=code, country=country).first()
    return row if row is not None and row.is_sold(on) is not None else None


def unsold(offering: Offering, location: Location) -> Refused:
    """What is said of an offering that isn't sold there, or was withdrawn (1-A5, 2.7-T21)."""
    return Refused(
        "not_available",
        clause="1-A5, 2.7-T21",
        field="offering",
        offering=Named(offering.code, offering.name),
        country=Named(location.country, country_name(location.country)),
    )


def check_sold(offering: Offering, location: Location, on: date) -> None:
    """Refuse `not_available` for what isn't sold in the location's country on that day."""
    row = sold_row(offering.code, location.country, on)
    if row is not None and not row.is_sold(on):
        raise unsold(offering, location)


def additional_offerings(order: WorkOrder) -> QuerySet[Offering]:
    """What the edition sells besides the base package, in the catalogue's order."""
    return _sold(order).exclude(mark=Offering.Mark.INCLUDED)


def offered_under(order: WorkOrder, on: date) -> QuerySet[Offering]:
    """What the edition sells, in the catalogue's order, on a day.

    Where the order with the base package lists what may be bought, that alone (2.1-B7).
    """
    listed = purchasable_under(order, on)
    return _sold(order).filter(code__in=listed) if listed else _sold(order)


def redeemable(order: WorkOrder, on: date) -> list[Offering]:
    """What credits may buy, by the order's edition and its list (2.3-PC4, 2.1-B7)."""
    rows = offered_under(order, on).prefetch_related("limits")
    return [one for one in rows if credits_may_buy(facts_of(one))]


def _sold(order: WorkOrder) -> QuerySet[Offering]:
    rows: QuerySet[Offering] = Offering.objects.filter(edition=order.edition_id, is_group=False)
    return rows.order_by("position")
