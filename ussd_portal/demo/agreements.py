"""Play what becomes of orders: amended, renewed by a draft, renewed and in review."""

from dataclasses import dataclass

from services.catalog.models import Offering
from ussd_portal.demo.portfolio import Stage
from workorders.actions.orders import (
    add_line,
    draft_amendment,
    draft_renewal,
    execute_order,
    submit_draft,
)
from workorders.models import WorkOrder
from workorders.models.orders import Funding


@dataclass(frozen=True)
class Addition:
    """An amendment of a customer's first order: a service at one location, by position."""

    org: str
    drafted: int
    title: str
    code: str
    price: int
    at: int
    quantity: int


ADDITIONS = (
    Addition("Contoso Motors", -34, "Two more workshops in Detroit", "workshops", 1_920_000, 1, 2),
    Addition("蓝湖制造", -20, "成都追加研讨会", "workshops", 8_600_000, 1, 1),
)
# Whose first order is renewed in time: by a draft, by one that waits for review.
DRAFTED, IN_REVIEW = "Contoso Motors", "Fabrikam Health"


def play_agreements(stage: Stage) -> None:
    """Amend and renew the orders of the customers that are there."""
    for addition in ADDITIONS:
        if addition.org in stage.orders:
            _amend(stage, addition)
    if DRAFTED in stage.orders:
        _renew(stage, DRAFTED, ago=5)
    if IN_REVIEW in stage.orders:
        draft = _renew(stage, IN_REVIEW, ago=3)
        submit_draft(order=draft, by=draft.created_by, now=stage.moment(-1))


def _amend(stage: Stage, addition: Addition) -> None:
    order = stage.orders[addition.org][0]
    who = {"by": order.created_by, "now": stage.moment(addition.drafted)}
    draft = draft_amendment(order=order, title=addition.title, **who)  # type: ignore[arg-type]
    place = stage.places[addition.org][addition.at]
    add_line(
        order=draft,
        offering=Offering.objects.get(edition=order.edition, code=addition.code),
        unit="each",
        price_minor=addition.price,
        funding=Funding.MONEY,
        allocations=[(place, addition.quantity)],
        **who,  # type: ignore[arg-type]
    )
    execute_order(order=draft, **who)  # type: ignore[arg-type]


def _renew(stage: Stage, org: str, *, ago: int) -> WorkOrder:
    order = stage.orders[org][0]
    return draft_renewal(order=order, by=order.created_by, now=stage.moment(-ago))
