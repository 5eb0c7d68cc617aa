"""What was agreed and what is owed: work orders, entitlements, the ledger, deadlines."""

from workorders.models.deadlines import Deadline
from workorders.models.entitlements import Entitlement, Redemption
from workorders.models.ledger import Account, Transfer
from workorders.models.orders import (
    FlexYear,
    LineAllocation,
    LineScope,
    OrderLocation,
    Override,
    WorkOrder,
    WorkOrderLine,
)

__all__ = [
    "Account",
    "Deadline",
    "Entitlement",
    "FlexYear",
    "LineAllocation",
    "LineScope",
    "OrderLocation",
    "Override",
    "Redemption",
    "Transfer",
    "WorkOrder",
    "WorkOrderLine",
]
