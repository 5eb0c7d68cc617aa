"""Cases about which chart applies, who is assigned, and what may be lowered."""

from incidents.rules import opening
from incidents.rules.resolver import Resolution, resolve
from ussd_portal.conformance.incidents.situations import (
    BASE_CHART,
    catalogue,
    charts,
    programmes_of,
    situation_of,
)
from ussd_portal.conformance.registry import Answer, adapter
from ussd_portal.conformance.words import Words


@adapter("matrix", "select_matrix")
def select_matrix(given: Words, when: Words) -> Answer:
    """The chart that sets the target, its minutes and clock, and who takes the incident."""
    resolution = resolve(charts(), situation_of(given, when))
    return {
        "matrix": resolution.chart,
        "minutes": resolution.minutes,
        "clock": resolution.clock,
        "routed_to": resolution.routed_to,
        "assign": _automatic_roles(resolution),
    }


@adapter("automatics", "on_incident_opened")
def on_incident_opened(given: Words, when: Words) -> Answer:
    """The roles that are assigned by themselves."""
    roles = _automatic_roles(resolve(charts(), situation_of(given, when)))
    return {"assign": roles, "automatic": bool(roles)}


def _automatic_roles(resolution: Resolution) -> list[str]:
    return [one.role for one in resolution.assigned if one.automatic]


@adapter("automatics", "on_incident_closed")
def on_incident_closed(given: Words, when: Words) -> Answer:
    """The review that follows."""
    held = programmes_of(given)
    in_force = [chart for chart in charts() if not held.keys().isdisjoint(chart.programmes)]
    review = opening.closing_review(in_force, severity=str({**given, **when}["severity"]))
    return {
        "review_task": review is not None,
        "participants": sorted(review.participants) if review else [],
    }


@adapter("automatics", "rede_joins")
def rede_joins(given: Words, when: Words) -> Answer:
    """Whether the designated engineer takes part."""
    words = {**given, **when}
    return {
        "joins": opening.rede_joins(
            catalogue().find(str(words.get("component") or "")),
            products=[catalogue().find(str(name)) for name in given.get("rede_products") or ()],
            severity=str(words["severity"]),
            requested=bool(words.get("requested")),
        )
    }


@adapter("downgrade", "customer_cannot_supply_resources")
def customer_cannot_supply_resources(given: Words, when: Words) -> Answer:
    """What Microsoft may do then."""
    words = {**given, **when}
    chart = next(one for one in charts() if one.code == (words.get("matrix") or BASE_CHART))
    return {"option": opening.downgrade_option(chart, str(words["severity"]))}
