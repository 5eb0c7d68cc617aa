"""What broke: severity charts of an edition, products, incidents and their clocks."""

from incidents.models.aftermath import (
    EmergencyStart,
    EventSummary,
    FollowUp,
    IncidentReview,
    Problem,
    SavedView,
)
from incidents.models.analyses import AnalysisMaterial, EngineerTime, RootCauseAnalysis
from incidents.models.charts import (
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    ChartSet,
    Clock,
    Component,
    CustomerDuty,
    Escalation,
    ProductClass,
    ProductKind,
    ResponseTarget,
    Severity,
    SupportRole,
)
from incidents.models.conduct import DutyPause, MissedTarget, StepDown
from incidents.models.incidents import (
    Channel,
    Incident,
    IncidentAssignment,
    IncidentDuty,
    IncidentUpdate,
)

__all__ = [
    "AnalysisMaterial",
    "Channel",
    "Chart",
    "ChartExclusion",
    "ChartNote",
    "ChartRow",
    "ChartSet",
    "Clock",
    "Component",
    "CustomerDuty",
    "DutyPause",
    "EmergencyStart",
    "EngineerTime",
    "Escalation",
    "EventSummary",
    "FollowUp",
    "Incident",
    "IncidentAssignment",
    "IncidentDuty",
    "IncidentReview",
    "IncidentUpdate",
    "MissedTarget",
    "Problem",
    "ProductClass",
    "ProductKind",
    "ResponseTarget",
    "RootCauseAnalysis",
    "SavedView",
    "Severity",
    "StepDown",
    "SupportRole",
]
