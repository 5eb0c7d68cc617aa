"""The root of the API: every package's resources under one address."""

from rest_framework.routers import DefaultRouter

from accounts.api import router as accounts
from incidents.api import router as incidents
from services.catalog.api import router as catalog
from services.scheduling.api import router as scheduling
from ussd_portal.api.feeds import FeedViewSet
from ussd_portal.api.operations import OperationsViewSet
from workorders.api import router as workorders

router = DefaultRouter()
for package in (accounts, catalog, workorders, scheduling, incidents):
    router.registry.extend(package.registry)
router.register("calendar-feeds", FeedViewSet, basename="calendar-feed")
router.register("operations", OperationsViewSet, basename="operations")
