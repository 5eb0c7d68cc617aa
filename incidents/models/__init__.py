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
    "Escalation",
    "Incident",
    "IncidentAssignment",
    "IncidentDuty",
    "IncidentUpdate",
    "ProductClass",
    "ProductKind",
    "ResponseTarget",
    "Severity",
    "SupportRole",
]
