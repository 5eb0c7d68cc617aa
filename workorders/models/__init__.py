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
    SpendTier,
    WorkOrder,
    WorkOrderLine,
)
from workorders.models.trades import Charge, Exchange

__all__ = [
    "Account",
    "Charge",
    "Deadline",
    "Entitlement",
    "Exchange",
    "FlexYear",
    "LineAllocation",
    "LineScope",
    "OrderLocation",
    "Override",
    "Redemption",
    "SpendTier",
    "Transfer",
    "WorkOrder",
    "WorkOrderLine",
]
