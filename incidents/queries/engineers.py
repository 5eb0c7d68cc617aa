"""The designated engineer's hours, and what decides on somebody who is asked to join."""

from dataclasses import dataclass
from datetime import date

from accounts.rules.refusal import Refused
from incidents.models import Incident
from incidents.queries.charts import charts_of, components_of
from incidents.queries.situations import (
    REDE,
    agreement_of,
    designated_products,
    situation_of,
    submission_of,
)
from incidents.rules.opening import rede_joins
from incidents.rules.resolver import covers
from incidents.rules.roles import CLAUSES, Requested, RoleFacts, check_role_request
from workorders.models import Account, Entitlement
from workorders.models.orders import Unit


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes left of an entitlement, and how many there were."""

    entitlement: Entitlement
    left: int

    @property
    def granted(self) -> int:
        """Minutes bought."""
        return self.entitlement.granted


def designated_hours(incident: Incident, *, on: date) -> list[Hours]:
    """What can be deducted from on a day, what lapses first at the head."""
    accounts = (
        Account.objects.filter(
            bucket=Account.Bucket.AVAILABLE,
            entitlement__order__customer=incident.customer,
            entitlement__offering__code=REDE,
            entitlement__unit=Unit.MINUTE,
            entitlement__usable_from__lte=on,
            entitlement__usable_until__gte=on,
        )
        .select_related("entitlement")
        .order_by("entitlement__usable_until", "entitlement__pk")
    )
    return [Hours(one.entitlement, one.balance) for one in accounts if one.entitlement]


def role_facts(incident: Incident, *, asked_by_engineer: bool = False) -> RoleFacts:
    """What decides on a request at the incident's severity, as the agreement was at opening."""
    submission = submission_of(incident)
    agreement = agreement_of(submission)
    resolution = incident.resolution
    if agreement is None:
        return RoleFacts(severity=incident.severity)
    charts = charts_of(agreement.edition)
    situation = situation_of(submission, agreement)
    product = components_of(agreement.edition).find(incident.component.name)
    return RoleFacts(
        severity=incident.severity,
        rede_covers=rede_joins(
            product,
            products=designated_products(agreement),
            severity=incident.severity,
            requested=True,
        ),
        executives_on_request=bool(resolution.get("executives_on_request")),
        mcsap_covers=any(
            chart.code == "mcsap" and covers(chart, charts, situation) for chart in charts
        ),
        asked_by_engineer=asked_by_engineer,
    )


def requestable_roles(incident: Incident) -> list[Requested]:
    """Who can be asked to join now and hasn't been."""
    facts = role_facts(incident, asked_by_engineer=True)
    known = set(incident.assignments.values_list("role", flat=True))
    return [role for role in CLAUSES if role not in known and _may(role, facts)]


def _may(role: Requested, facts: RoleFacts) -> bool:
    try:
        check_role_request(role, facts)
    except Refused:
        return False
    return True
