"""The charts of the shipped edition, and incidents to put to them."""

from incidents.rules.candidacy import ProgrammeFacts, Situation
from incidents.rules.charts import charts_from
from incidents.rules.components import components_from
from services.catalog.editions import SHIPPED, read

DATA = read(SHIPPED).data
COMPONENTS = components_from(DATA["components"])
CHARTS = charts_from(DATA["severity_matrices"], COMPONENTS)
CHART = {chart.code: chart for chart in CHARTS}

BASE, ARR, UER = "base-package", "azure-rapid-response", "unified-enhanced-response"
MCSAP, MCSAP_PLUS, SECURITY_PLUS, EVENT = "mcsap", "mcsap-plus", "mcsfs-plus", "azure-event-mcs"
VIRTUAL_MACHINES = "Azure Virtual Machines"


def incident(
    severity: str,
    *held: str,
    component: str = VIRTUAL_MACHINES,
    channel: str | None = "portal",
    facts: dict[str, ProgrammeFacts] | None = None,
    **more,
) -> Situation:
    """An incident under the base package and the programmes `held`, some with `facts`."""
    return Situation(
        severity=severity,
        component=COMPONENTS.find(component),
        programmes=dict.fromkeys((BASE, *held), ProgrammeFacts()) | (facts or {}),
        channel=channel,
        **more,
    )
