"""What an emergency start of MSCIR rests on."""

from datetime import date

from accounts.models import Customer
from workorders.models import WorkOrder, WorkOrderLine
from workorders.queries.agreement import base_order

MSCIR = "mscir"


def mscir_order(customer: Customer, on: date) -> WorkOrder | None:
    """The agreement that MSCIR is an addition to (2.4-IR2)."""
    return base_order(customer, on)


def has_mscir(customer: Customer, on: date) -> bool:
    """Whether MSCIR is bought already, so that its work starts under its own contract."""
    order = base_order(customer, on)
    if order is None:
        return False
    return WorkOrderLine.objects.filter(order=order, offering__code=MSCIR).exists()
