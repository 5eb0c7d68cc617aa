"""Incidents in the API: the same actions, rights and refusals as the pages."""

from rest_framework.routers import SimpleRouter

from incidents.api.afterwards import (
    EmergencyViewSet,
    EventSummaryViewSet,
    FollowUpViewSet,
    ProblemViewSet,
)
from incidents.api.incidents import ChartViewSet, ComponentViewSet, IncidentViewSet
from incidents.api.queue import SavedViewViewSet
from incidents.api.replays import ReplayViewSet

router = SimpleRouter()
router.register("incidents", IncidentViewSet, basename="incident")
router.register("charts", ChartViewSet, basename="chart")
router.register("components", ComponentViewSet, basename="component")
router.register("problems", ProblemViewSet, basename="problem")
router.register("follow-ups", FollowUpViewSet, basename="follow-up")
router.register("incident-views", SavedViewViewSet, basename="incident-view")
router.register("event-summaries", EventSummaryViewSet, basename="event-summary")
router.register("emergency-starts", EmergencyViewSet, basename="emergency-start")
router.register("replays", ReplayViewSet, basename="replay")
