"""Play the charges: travel that was agreed before the visit, and one that was taken back."""

from dataclasses import dataclass

from accounts.rules.money import Money
from ussd_portal.demo.portfolio import Stage
from workorders.actions.charges import record_charge, take_back_charge
from workorders.models import Charge


@dataclass(frozen=True)
class Visit:
    """Travel for a visit; `at` is the location by position, days are counted from today."""

    org: str
    at: int
    amount: int
    agreed: int
    on: int
    text: str
    taken_back: str = ""


VISITS = (
    Visit("Contoso Motors", 1, 184_050, -75, -52, "Workshop in Detroit, two days"),
    Visit("Contoso Motors", 2, 96_000, -48, -30, "Health assessment in Pune",
          "The assessment was held remotely"),
    Visit("蓝湖制造", 1, 652_000, -66, -44, "成都现场研讨会差旅费"),
)  # fmt: skip


def play_charges(stage: Stage) -> None:
    """Record the visits' travel on the first order of each customer that is there."""
    for visit in VISITS:
        if visit.org not in stage.orders:
            continue
        order = stage.orders[visit.org][0]
        charge = record_charge(
            order=order,
            location=stage.places[visit.org][visit.at],
            kind=Charge.Kind.TRAVEL,
            amount=Money(visit.amount, order.currency),
            on=stage.day(visit.on),
            agreed_on=stage.day(visit.agreed),
            text=visit.text,
            by=order.created_by,
            now=stage.moment(visit.on + 1),
        )
        if visit.taken_back:
            take_back_charge(
                charge=charge,
                reason=visit.taken_back,
                by=order.created_by,
                now=stage.moment(visit.on + 4),
            )
