"""Agreements in the API: orders, lines, entitlements, ledger, credits, deadlines."""

from rest_framework.routers import SimpleRouter

from workorders.api.credits import CreditViewSet
from workorders.api.exchanges import ExchangeViewSet
from workorders.api.holdings import (
    AccountViewSet,
    DeadlineViewSet,
    EntitlementViewSet,
    TransferViewSet,
)
from workorders.api.invoices import ChargeViewSet, CustomerStatementViewSet, InvoiceViewSet
from workorders.api.lines import LineViewSet
from workorders.api.orders import OrderViewSet

router = SimpleRouter()
router.register("orders", OrderViewSet, basename="order")
router.register(r"orders/(?P<order>\d{1,18})/credits", CreditViewSet, basename="order-credit")
router.register(r"orders/(?P<order>\d{1,18})/invoices", InvoiceViewSet, basename="order-invoice")
router.register(r"orders/(?P<order>\d{1,18})/charges", ChargeViewSet, basename="order-charge")
router.register(
    r"customers/(?P<customer>\d{1,18})/statement",
    CustomerStatementViewSet,
    basename="customer-statement",
)
router.register(r"orders/(?P<order>\d{1,18})/exchanges", ExchangeViewSet, basename="order-exchange")
router.register("lines", LineViewSet, basename="line")
router.register("entitlements", EntitlementViewSet, basename="entitlement")
router.register("ledger/accounts", AccountViewSet, basename="ledger-account")
router.register("ledger/transfers", TransferViewSet, basename="ledger-transfer")
router.register("deadlines", DeadlineViewSet, basename="deadline")
