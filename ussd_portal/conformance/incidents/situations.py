"""An incident and its programmes as the cases describe them."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from accounts.rules.calendar_days import local_date
from incidents.rules.candidacy import ProgrammeFacts, Situation
from incidents.rules.charts import (
    CHANNEL_NAMES,
    ChartFacts,
    FirstResponseTerms,
    charts_from,
    first_response_from,
)
from incidents.rules.components import ComponentCatalogue, components_from
from services.scheduling.rules.events import PUBLIC_CLOUD
from ussd_portal.conformance.edition import shipped_edition
from ussd_portal.conformance.words import Words, date_or_instant, maybe_date
from workorders.rules.term import Period

# What the cases call the facts of a programme, by offering code.
MCSAP_FACTS: Mapping[str, str] = {
    "mcsap_intake_complete": "gate_open",
    "subscription_enrolled": "subscription_enrolled",
    "subscription_buyer": "buyer_affiliated",
}
FACTS: Mapping[str, Mapping[str, str]] = {
    "mcsap": MCSAP_FACTS,
    "mcsap-plus": MCSAP_FACTS,
    "mcsfs-plus": {"tenant_listed": "tenant_listed"},
    "azure-event-mcs": {"inside_event_window": "inside_window"},
}
# A buyer is a word where the other facts are yes or no.
OWN_BUYERS = frozenset({"customer", "affiliate"})


# The chart of a case that names none.
BASE_CHART = "base"


@cache
def catalogue() -> ComponentCatalogue:
    """The components of the shipped edition."""
    return components_from(shipped_edition().content["components"])


@cache
def charts() -> tuple[ChartFacts, ...]:
    """The charts of the shipped edition."""
    return charts_from(shipped_edition().content["severity_matrices"], catalogue())


@cache
def response_terms() -> FirstResponseTerms:
    """What counts as first response in the shipped edition."""
    return first_response_from(shipped_edition().content["severity_matrices"])


def situation_of(given: Words, when: Words) -> Situation:
    """An incident as a case describes it, in what is given or in what happens."""
    words = {**given, **when}
    cloud = str(words.get("cloud") or PUBLIC_CLOUD)
    channel = words.get("channel")
    return Situation(
        severity=str(words["severity"]),
        component=catalogue().find(str(words.get("component") or "")),
        programmes=programmes_of(words),
        channel=CHANNEL_NAMES.get(str(channel), channel) if channel else None,
        submitted_on=_submitted_on(words),
        description=str(words.get("description") or ""),
        product_class=words.get("product_class"),
        cloud=None if cloud == PUBLIC_CLOUD else catalogue().find(cloud),
    )


def programmes_of(words: Words) -> dict[str, ProgrammeFacts]:
    """The programmes of a case by offering code, with what it says of each."""
    named = {str(name): _offering_code(str(name)) for name in words.get("programmes") or ()}
    return {code: _facts(words, name, code) for name, code in named.items()}


def _offering_code(name: str) -> str:
    """Cases use the code of a chart for its programme, or an offering's with underscores."""
    by_chart = {chart.code: chart.programmes[0] for chart in charts()}
    return by_chart.get(name.replace("-", "_")) or name.replace("_", "-")


def _facts(words: Words, name: str, code: str) -> ProgrammeFacts:
    first, last = (
        maybe_date(words, f"{name}_{end}") or maybe_date(words, f"{_chart_code(code)}_{end}")
        for end in ("first_day", "last_day")
    )
    facts: dict[str, object] = {"in_force": Period(first, last)}
    for key, field in FACTS.get(code, {}).items():
        if key in words:
            value = words[key]
            facts[field] = value in OWN_BUYERS if isinstance(value, str) else bool(value)
    return ProgrammeFacts(**facts)  # type: ignore[arg-type]


def _chart_code(code: str) -> str:
    """The code of the chart that a programme has, its own if it has none."""
    return next((chart.code for chart in charts() if code in chart.programmes), code)


def _submitted_on(words: Words) -> date | None:
    """The date of submission at the host; as it is written where a case names no zone."""
    zone = words.get("host_tz") or words.get("tz")
    moment = date_or_instant(words, "submitted", str(zone or "UTC"))
    if moment is None:
        return None
    return local_date(moment, str(zone)) if zone else moment.date()
