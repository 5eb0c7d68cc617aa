"""Whether a severity chart is a candidate for an incident: the tests of reading 0-C14."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from incidents.rules.charts import SEVERITIES, ChartFacts, Clauses
from incidents.rules.components import (
    NON_PUBLIC_CLOUD,
    OTHER,
    SECURITY,
    Component,
    ProductClass,
)
from workorders.rules.term import Period

Channel: TypeAlias = Literal["portal", "web", "phone", "chat", "email"]
Failure: TypeAlias = tuple[str, Clauses, dict[str, object]]

CHANNELS: tuple[Channel, ...] = ("portal", "web", "phone", "chat", "email")


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """What is known of a programme on the work order; each default lets it apply.

    `gate_open`: what has to be done first is done (MCSAP: the intake document).
    `excluded` are components that staff took out of an open list.
    """

    in_force: Period = field(default_factory=Period)
    gate_open: bool = True
    subscription_enrolled: bool = True
    buyer_affiliated: bool = True
    tenant_listed: bool = True
    inside_window: bool = True
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """An incident as the charts see it.

    `programmes` are offering codes on the work order. `product_class` overrides the
    component's own. No `channel` means that it doesn't matter; no date, that everything
    is in force. `cloud` is the one it runs in, unless that is Azure's public cloud.
    """

    severity: str
    component: Component
    programmes: Mapping[str, ProgrammeFacts]
    channel: Channel | None = None
    submitted_on: date | None = None
    description: str = ""
    product_class: ProductClass | None = None
    cloud: Component | None = None

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"no such severity: {self.severity}")
        if self.channel is not None and self.channel not in CHANNELS:
            raise ValueError(f"no such channel: {self.channel}")


def failed_tests(
    chart: ChartFacts, base: ChartFacts, facts: ProgrammeFacts, situation: Situation
) -> Iterator[Failure]:
    """The tests that a programme fails, in the order in which a reader would ask.

    Each with its reason, clauses and figures; what no test asks for is no obstacle.

    Clause: 0-C14, 2.4-AP2, 2.4-AP3, 2.4-AP11, 2.4-AP17, 2.4-SE5, 2.5-AR2, 2.5-UE3, A-AE1
    """
    yield from _out_of_force(base, facts, situation)
    if class_in(chart, situation) is None:
        yield "product_not_covered", ("0-C14", *chart.exclusions.clauses), {}
    if chart.exclusions.effect == "out_of_programme":
        clauses = exclusion(chart, situation, facts.excluded)
        if clauses:
            yield "excluded", clauses, {"component": situation.component.name}
    for passed, reason, clauses in (
        (facts.gate_open, "gate_closed", ("2.4-AP11",)),
        (facts.subscription_enrolled, "subscription_not_enrolled", ("2.4-AP2",)),
        (facts.buyer_affiliated, "buyer_not_affiliated", ("2.4-AP3",)),
        (facts.tenant_listed, "tenant_not_listed", ("2.4-SE5",)),
        (facts.inside_window, "outside_window", ("2.4-AE10", "A-AE1")),
    ):
        if not passed:
            yield reason, clauses, {}
    if chart.keyword and not _has_word(chart.keyword, situation.description):
        yield "keyword_missing", ("A-AE1",), {"keyword": chart.keyword}
    if situation.channel and not _reached_by(chart, situation.channel):
        yield "channel", ("0-C14",), {"channels": tuple(sorted(chart.channels))}


def _out_of_force(
    base: ChartFacts, facts: ProgrammeFacts, situation: Situation
) -> Iterator[Failure]:
    """A programme lives as long as itself and the base agreement, last days included."""
    day = situation.submitted_on
    if day is None:
        return
    if day not in facts.in_force:
        yield (
            "not_in_force",
            ("0-C16",),
            {"first": facts.in_force.first, "last": facts.in_force.last},
        )
    for code in base.programmes:
        agreement = situation.programmes.get(code)
        if agreement and day not in agreement.in_force:
            yield "base_not_in_force", ("2.1-B1", "2.4-AP46"), {"last": agreement.in_force.last}


def class_in(chart: ChartFacts, situation: Situation) -> str | None:
    """The class under which a chart covers the product; None if it doesn't.

    A chart with a list of products covers these and what belongs to them, whatever class
    they are filed under. To all others a security product is like any other.

    Clause: 0-C14, 2.4-SE3
    """
    if chart.products:
        listed = situation.component.is_among(chart.products)
        return chart.product_classes[0] if listed else None
    product_class = situation.product_class or situation.component.product_class
    if product_class == SECURITY and SECURITY not in chart.product_classes:
        product_class = OTHER
    return product_class if product_class in chart.product_classes else None


def exclusion(chart: ChartFacts, situation: Situation, more: frozenset[str]) -> Clauses:
    """The clauses by which a chart excludes the component or its cloud; none if it doesn't.

    `more` are components that staff took out as well.

    Clause: 2.4-AP14, 2.4-AP50, 2.4-AE17, 2.5-AR5, A-BS18, A-UE7, X-16
    """
    exclusions = chart.exclusions
    things = [situation.component, *([situation.cloud] if situation.cloud else [])]
    if any(thing.is_among(exclusions.components | more) for thing in things):
        return exclusions.clauses
    if any(thing.kinds & exclusions.kinds for thing in things):
        return exclusions.kind_clauses
    elsewhere = situation.cloud is not None or NON_PUBLIC_CLOUD in situation.component.kinds
    return exclusions.clauses if exclusions.clouds and elsewhere else ()


def _has_word(word: str, text: str) -> bool:
    """`word` as a whole word, whatever its case; Chinese around it doesn't hide it."""
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE | re.ASCII))


def _reached_by(chart: ChartFacts, channel: Channel) -> bool:
    """Whether a channel meets the chart's rule; the portal is on the web, not the reverse."""
    means = {channel, "web"} if channel == "portal" else {channel}
    return not chart.channels or not chart.channels.isdisjoint(means)
