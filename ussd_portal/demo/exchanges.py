"""Play the exchanges: one made with a remainder, one that a customer has asked for."""

from dataclasses import dataclass

from accounts.rules.money import Money
from services.catalog.models import Offering
from ussd_portal.demo.portfolio import Stage
from workorders.actions.holdings import ask_exchange, make_exchange
from workorders.models import Entitlement


@dataclass(frozen=True)
class Trade:
    """What is given up where for what; days are counted from today, money in minor units."""

    org: str
    code: str
    year: int
    at: int
    wanted: str
    number: int
    price: int
    ago: int
    note: str
    consent_of: str = ""
    agreement: str = ""


TRADES = (
    Trade("Contoso Motors", "security-services", 2, 0, "chalk-talks", 1, 900_000, 20,
          "The review was done in house", "Iris Vogel", "Change note 2"),
    Trade("Contoso Motors", "architecture-services", 2, 1, "workshops", 2, 1_920_000, 3,
          "Two workshops for the plant team would help more"),
)  # fmt: skip


def play_exchanges(stage: Stage) -> None:
    """Ask for each on the first order of its customer; make those that have a consent."""
    for trade in TRADES:
        if trade.org not in stage.orders:
            continue
        order = stage.orders[trade.org][0]
        place = stage.places[trade.org][trade.at]
        asked = ask_exchange(
            order=order,
            entitlement=Entitlement.objects.get(
                order=order, offering__code=trade.code, flex_year=trade.year, location=place
            ),
            quantity=1,
            offering=Offering.objects.get(edition=stage.edition, code=trade.wanted),
            location=place,
            wanted_quantity=trade.number,
            price=Money(trade.price, order.currency),
            note=trade.note,
            by=stage.people["jana.vogt"],
            now=stage.moment(-trade.ago),
        )
        if trade.consent_of:
            make_exchange(
                exchange=asked,
                consent_of=trade.consent_of,
                written_agreement=trade.agreement,
                by=order.created_by,
                now=stage.moment(-trade.ago + 1),
            )
