"""What broke: severity charts of an edition, products, incidents and their clocks."""

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
    "Escalation",
    "Incident",
    "IncidentAssignment",
    "IncidentDuty",
    "IncidentUpdate",
    "MissedTarget",
    "ProductClass",
    "ProductKind",
    "ResponseTarget",
    "Severity",
    "StepDown",
    "SupportRole",
]
