"""Opening an incident, changing its severity, and what happens by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from accounts.rules.refusal import Refused
from incidents.rules.charts import CRITICAL, ChartFacts, Clauses, Downgrade
from incidents.rules.components import Component

SeverityParty: TypeAlias = Literal["customer", "microsoft"]

CLOUD_ADMINISTRATOR = "cloud_administrator"

# Whose business an incident is: the customer's own or an affiliate's.
CUSTOMERS_CUSTOMER = "customers_customer"

# Who takes part in the review after a severity 1 (2.5-UE8).
REVIEWERS = frozenset({"customer", "csam", "account_team", "incident_management_team"})


def check_opening(
    *,
    impact: str | None,
    channel: str | None,
    role: str = "",
    online_service: bool = False,
    requester: str = "customer",
    programme: str = "",
) -> None:
    """Refuse an incident that can't be opened like this.

    `impact_required`: the customer states the business impact, in words. `portal_required`:
    a cloud administrator takes online services to their portal; staff may override it in
    an outage. `not_internal_use`: it serves the customer's own customers. An unanswered
    survey is never a reason. No `channel` means that it isn't known yet.

    Clause: 2.3-RE11, 2.8-C6, 2.8-C8, 2.4-AP52, 2.7-T28, 2.8-C16, A-BS17, 0-C17
    """
    if requester == CUSTOMERS_CUSTOMER:
        clause = "2.4-AP52, 2.7-T28" if programme.startswith("mcsap") else "2.7-T28"
        raise Refused("not_internal_use", clause=clause, field="requester")
    if not (impact or "").strip():
        raise Refused("impact_required", clause="2.3-RE11", field="impact")
    by_portal = channel in {None, "portal"}
    if role == CLOUD_ADMINISTRATOR and online_service and not by_portal:
        raise Refused("portal_required", clause="2.8-C8", field="channel", overridable=True)


def severity_change_applies(by: SeverityParty, *, is_open: bool) -> bool:
    """Whether a change of severity takes effect at once; if not, Microsoft decides.

    The customer asks, Microsoft assigns after consulting the customer. Refuses
    `incident_closed`: severity changes during the life of an incident alone.

    Clause: 2.3-RE11, 2.3-RE12
    """
    if not is_open:
        raise Refused("incident_closed", clause="2.3-RE12", field="severity")
    return by == "microsoft"


def downgrade_option(chart: ChartFacts, severity: str) -> Downgrade | None:
    """What Microsoft may do when the customer can't supply people or answers.

    Base and UER lower the severity; the others stop working around the clock. None where
    the chart names nothing for the severity.

    Clause: A-BS20, A-AP5, A-AE7, A-SE5, A-AR5, A-UE9, X-36
    """
    option = chart.downgrade
    return option.effect if option and severity in option.severities else None


def rede_joins(
    component: Component, *, products: Iterable[Component], severity: str, requested: bool = False
) -> bool:
    """Whether the designated engineer (REDE) takes part in an incident.

    On products listed on the work order, what belongs to them included: by itself at
    severity 1 and A, on request at B and C.

    Clause: 2.5-RD5, 2.5-RD6
    """
    listed = component.is_among(product.name for product in products)
    return listed and (severity in CRITICAL or requested)


@dataclass(frozen=True, slots=True)
class Review:
    """A review after closure, and who takes part; no date is printed for it."""

    participants: frozenset[str]
    clauses: Clauses


def closing_review(charts: Iterable[ChartFacts], *, severity: str) -> Review | None:
    """The review that follows when an incident closes, or None.

    `charts` are those whose programmes are in force.

    Clause: 2.5-UE8
    """
    for chart in charts:
        row = chart.rows.get(severity)
        if row is not None and row.review_clauses:
            return Review(REVIEWERS, row.review_clauses)
    return None
