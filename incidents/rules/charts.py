"""The severity charts of an edition as values, and how its file spells them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from incidents.rules.components import OTHER, ComponentCatalogue

Clock: TypeAlias = Literal["24x7", "business_hours"]
Downgrade: TypeAlias = Literal["lower_severity", "lose_24x7"]
ExclusionEffect: TypeAlias = Literal["row_only", "out_of_programme"]
Clauses: TypeAlias = tuple[str, ...]

ELAPSED: Clock = "24x7"
BUSINESS_HOURS: Clock = "business_hours"

# The gravest first (2.3-RE10); 1 and A are the critical situations.
SEVERITIES = ("1", "A", "B", "C")
CRITICAL = frozenset({"1", "A"})

# Every offering hangs on this one (2.1-B1), and its chart is always a candidate (0-C14).
BASE_PROGRAMME = "base-package"


@dataclass(frozen=True, slots=True)
class Target:
    """Minutes to first response, both ends included."""

    minutes: int
    clauses: Clauses = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who is assigned; `within_minutes` counts from submission, None: no time is printed."""

    role: str
    automatic: bool = True
    within_minutes: int | None = None
    clauses: Clauses = ()


@dataclass(frozen=True, slots=True)
class Escalation:
    """A way in which Microsoft escalates."""

    code: str
    clauses: Clauses = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """What the customer does; `minutes` count from Microsoft's request, None: untimed."""

    code: str
    minutes: int | None = None
    clock: Clock = ELAPSED
    clauses: Clauses = ()


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One severity of a chart.

    `attention_minutes` says how soon the situation needs attention (0: at once, None:
    not printed); it helps to choose the severity and is no target (X-21). A review
    follows closure if `review_clauses` name why.
    """

    severity: str
    targets: Mapping[str, Target]
    clock: Clock
    effort: str = ""
    attention_minutes: int | None = None
    attention_clock: Clock = ELAPSED
    assigned: Assigned | None = None
    escalations: tuple[Escalation, ...] = ()
    executives_on_request: bool = False
    duties: tuple[Duty, ...] = ()
    review_clauses: Clauses = ()
    clauses: Clauses = ()


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What a chart doesn't cover.

    With effect ``row_only`` an excluded component falls to the row of `fallback_class`;
    otherwise the whole programme doesn't apply. Naming clouds means: public cloud only.
    """

    effect: ExclusionEffect = "out_of_programme"
    components: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    clouds: frozenset[str] = frozenset()
    fallback_class: str = OTHER
    open_list: bool = False
    clauses: Clauses = ()
    kind_clauses: Clauses = ()


@dataclass(frozen=True, slots=True)
class DowngradeFacts:
    """What may follow when the customer can't supply people or answers."""

    effect: Downgrade
    severities: frozenset[str]
    clauses: Clauses = ()


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """One severity chart: whose it is, how it is reached, what it promises.

    `programmes` are codes of offerings, one of which is enough. With `products` it
    covers those and nothing else. `tie_rank` names the most specific on a tie, the
    lowest first. A severity without a row takes the base chart's; `routing_clauses` say
    that its incidents go to the programme's engineers all the same.
    """

    code: str
    programmes: tuple[str, ...]
    tie_rank: int
    product_classes: tuple[str, ...]
    rows: Mapping[str, RowFacts]
    channels: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    products: frozenset[str] = frozenset()
    keyword: str = ""
    gate: str = ""
    exclusions: Exclusions = field(default_factory=Exclusions)
    downgrade: DowngradeFacts | None = None
    routing_clauses: Clauses = ()
    clauses: Clauses = ()

    @property
    def is_base(self) -> bool:
        """The chart of the base package."""
        return BASE_PROGRAMME in self.programmes


def base_chart(charts: Iterable[ChartFacts]) -> ChartFacts:
    """The chart of the base package; an edition without one is a mistake in its data.

    Clause: 0-C14
    """
    for chart in charts:
        if chart.is_base:
            return chart
    raise ValueError("the edition has no base chart")


def chart_row(charts: Iterable[ChartFacts], code: str, severity: str) -> RowFacts:
    """The row of a chart, or of the base chart where that one prints none (B and C).

    Clause: 0-C14, 2.4-AP16
    """
    known = {chart.code: chart for chart in charts}
    if code not in known:
        raise ValueError(f"no such chart: {code}")
    row = known[code].rows.get(severity) or base_chart(known.values()).rows.get(severity)
    if row is None:
        raise ValueError(f"no chart has a row for severity {severity}")
    return row


def target_in(row: RowFacts, product_class: str) -> Target:
    """The target for a class of products; one that the row doesn't tell apart is `other`.

    A chart for one class alone has one target, whatever the product is called.

    Clause: A-BS2, A-BS3, 0-C14
    """
    if len(row.targets) == 1:
        return next(iter(row.targets.values()))
    return row.targets.get(product_class) or row.targets[OTHER]


@dataclass(frozen=True, slots=True)
class FirstResponseTerms:
    """What counts as first response: by a person, over one of these channels.

    Clause: 2.3-RE14
    """

    channels: frozenset[str]
    human_only: bool = True
    clauses: Clauses = ("2.3-RE14",)


def first_response_from(data: Mapping[str, Any]) -> FirstResponseTerms:
    """The section ``first_response`` of an edition's ``severity_matrices``.

    Clause: 2.3-RE14
    """
    section = data["first_response"]
    return FirstResponseTerms(
        frozenset(section["counts"]), bool(section["human_only"]), _ids(section)
    )


def charts_from(data: Mapping[str, Any], components: ComponentCatalogue) -> tuple[ChartFacts, ...]:
    """The charts of an edition's ``severity_matrices``, the most specific first.

    Names of components are those of the catalogue, whatever spelling a chart uses.
    Raises `ValueError` when the order of ties and the charts don't match.

    Clause: 0-C14, 1-A1, X-16
    """
    ranks = {code: rank for rank, code in enumerate(data["precedence"]["tie_order"])}
    matrices = data["matrices"]
    if set(ranks) != set(matrices):
        raise ValueError(
            f"the tie order and the charts differ: {sorted(set(ranks) ^ set(matrices))}"
        )
    charts = (_chart(code, matrices[code], rank, components) for code, rank in ranks.items())
    return tuple(sorted(charts, key=lambda chart: chart.tie_rank))


def _chart(
    code: str, data: Mapping[str, Any], rank: int, components: ComponentCatalogue
) -> ChartFacts:
    gate = data.get("gate") or {}
    routed = data.get("b_and_c") or {}
    return ChartFacts(
        code=code,
        programmes=tuple(data["programmes"]),
        tie_rank=rank,
        product_classes=tuple(data["product_classes"]),
        rows={str(key): _row(str(key), row) for key, row in data["severities"].items()},
        channels=frozenset(CHANNEL_NAMES.get(name, name) for name in data["channels"]),
        languages=tuple(data["languages"]),
        products=frozenset(components.name_of(name) for name in data.get("products") or ()),
        keyword=str(data.get("keyword_in_description") or ""),
        gate=str(gate.get("code") or ""),
        exclusions=_exclusions(data.get("exclusions") or {}, components),
        downgrade=_downgrade(data.get("downgrade")),
        routing_clauses=_ids(routed),
        clauses=tuple(data.get("name_clauses") or ()),
    )


# A chart names the portal it means; to the rules it is the portal.
CHANNEL_NAMES = {"azure_portal": "portal", "cloud_portal": "portal"}


def _row(severity: str, data: Mapping[str, Any]) -> RowFacts:
    response_clauses = data.get("response_clauses") or {}
    review = data.get("after") or {}
    return RowFacts(
        severity=severity,
        targets={
            product_class: Target(minutes, _tuple(response_clauses.get(product_class)))
            for product_class, minutes in data["initial_response_minutes"].items()
        },
        clock=_clock(data["clock"]),
        effort=data["effort"]["code"],
        attention_minutes=0 if data.get("attention") else data.get("attention_minutes"),
        attention_clock=_clock(data.get("attention_clock")),
        assigned=_assigned(data.get("assigned")),
        escalations=tuple(Escalation(one["code"], _ids(one)) for one in data["escalation"]),
        executives_on_request=data.get("microsoft_executives") == "on_request",
        duties=tuple(
            Duty(one["code"], one.get("minutes"), _clock(one.get("clock")), _ids(one))
            for one in data["customer_duties"]
        ),
        review_clauses=_ids(review) if review.get("incident_process_review") else (),
        clauses=_ids(data),
    )


def _assigned(data: Mapping[str, Any] | None) -> Assigned | None:
    if not data:
        return None
    return Assigned(data["role"], bool(data["automatic"]), data.get("within_minutes"), _ids(data))


def _exclusions(data: Mapping[str, Any], components: ComponentCatalogue) -> Exclusions:
    clauses = _ids(data)
    return Exclusions(
        effect=data.get("effect", "out_of_programme"),
        components=frozenset(components.name_of(name) for name in data.get("components") or ()),
        kinds=frozenset(data.get("kinds") or ()),
        clouds=frozenset(data.get("clouds") or ()),
        fallback_class=data.get("fallback_class") or OTHER,
        open_list=bool(data.get("open_list", False)),
        clauses=clauses,
        kind_clauses=_tuple(data.get("kind_clauses")) or clauses,
    )


def _downgrade(data: Mapping[str, Any] | None) -> DowngradeFacts | None:
    if not data:
        return None
    severities = frozenset(str(severity) for severity in data["applies_to"])
    return DowngradeFacts(data["effect"], severities, _ids(data))


def _clock(word: str | None) -> Clock:
    """``elapsed`` and no word at all mean a clock that never stops."""
    return BUSINESS_HOURS if word == BUSINESS_HOURS else ELAPSED


def _ids(data: Mapping[str, Any]) -> Clauses:
    return _tuple(data.get("clauses"))


def _tuple(value: Any) -> Clauses:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
