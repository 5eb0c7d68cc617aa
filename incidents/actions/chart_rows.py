"""Turns the charts and components of an edition's file into rows that aren't saved yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import (
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
    ResponseTarget,
    Severity,
    SupportRole,
)
from incidents.rules.charts import BASE_PROGRAMME, CHANNEL_NAMES
from incidents.rules.components import ComponentCatalogue, components_from
from services.catalog.actions.entries import Entry, refuse_repeats, wrong
from services.catalog.models import Clause, Edition, Offering

SECTION = "severity_matrices"
CLOCKS: Mapping[str | None, Clock] = {
    None: Clock.ELAPSED,
    "elapsed": Clock.ELAPSED,
    **{one.value: one for one in Clock},
}
EXCLUDED = (
    ("components", ChartExclusion.What.COMPONENT),
    ("kinds", ChartExclusion.What.KIND),
    ("clouds", ChartExclusion.What.CLOUD),
)


@dataclass(slots=True)
class ChartRows:
    """The charts of an edition; rows name their parents as objects."""

    shared: ChartSet
    components: list[Component] = field(default_factory=list)
    roles: list[SupportRole] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    notes: list[ChartNote] = field(default_factory=list)
    exclusions: list[ChartExclusion] = field(default_factory=list)
    rows: list[ChartRow] = field(default_factory=list)
    targets: list[ResponseTarget] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    duties: list[CustomerDuty] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What entries may refer to."""

    edition: Edition
    clauses: frozenset[str]
    offerings: frozenset[str]
    roles: frozenset[str]
    components: ComponentCatalogue
    ranks: Mapping[str, int]


def chart_rows(edition: Edition, data: Mapping[str, Any]) -> ChartRows:
    """The rows that `data` describes, checked; raises `Refused` naming the first wrong field.

    `edition` is loaded already: its clauses and offerings are what may be referred to.
    """
    clauses = frozenset(Clause.objects.filter(edition=edition).values_list("code", flat=True))
    file = Entry({key: data.get(key) for key in (SECTION, "components")}, "", clauses)
    components = [_component(edition, one) for one in file.entries("components", optional=False)]
    refuse_repeats("components", [one.name for one in components])
    section = Entry(file.take(SECTION), SECTION, clauses)
    rows = ChartRows(_shared(edition, section.inner("first_response")), components)
    rows.roles = _roles(edition, section)
    known = _Known(
        edition=edition,
        clauses=clauses,
        offerings=frozenset(
            Offering.objects.filter(edition=edition).values_list("code", flat=True)
        ),
        roles=frozenset(role.code for role in rows.roles),
        components=components_from(data["components"]),
        ranks=_ranks(section),
    )
    matrices = section.inner("matrices")
    for code, rank in known.ranks.items():
        _chart(matrices.inner(code), code, rank, known, rows)
    matrices.close()
    # Business hours are those of each location; other names stand with the components.
    for key in ("business_hours", "component_aliases"):
        section.take(key, optional=True)
    section.close()
    if not any(BASE_PROGRAMME in chart.programmes for chart in rows.charts):
        raise wrong(f"{SECTION}.matrices", _("the base chart is missing"))
    return rows


def _component(edition: Edition, entry: Entry) -> Component:
    name = entry.text("name")
    labels = {
        "label_en": entry.text("name_en", optional=True) or name,
        "label_zh_hans": entry.text("name_zh", optional=True) or name,
    }
    row = Component(
        edition=edition,
        name=name,
        aliases=[str(alias) for alias in entry.items("aliases")],
        family=entry.text("family", optional=True),
        product_class=entry.text("product_class"),
        kinds=entry.codes("kinds"),
        online_service=entry.flag("online_service"),
        supported=entry.flag_or("supported", default=True),
        **labels,
    )
    return entry.checked(row)


def _shared(edition: Edition, entry: Entry) -> ChartSet:
    row = ChartSet(
        edition=edition,
        response_channels=entry.codes("counts", optional=False),
        human_only=entry.flag("human_only"),
        clauses=entry.clauses(),
    )
    entry.take("inclusive", optional=True)  # 0-C8 says so of every target
    return entry.checked(row, without=("content_hash",))


def _roles(edition: Edition, section: Entry) -> list[SupportRole]:
    entries = section.inner("roles")
    rows = []
    for code in entries.untaken():
        entry = entries.inner(code)
        row = SupportRole(
            edition=edition, code=code, clauses=entry.clauses(), **entry.texts("name")
        )
        rows.append(entry.checked(row))
    return rows


def _ranks(section: Entry) -> dict[str, int]:
    precedence = section.inner("precedence")
    order = precedence.codes("tie_order", optional=False)
    precedence.clauses()
    precedence.items("rules")  # the register says them in full
    precedence.close()
    refuse_repeats(f"{SECTION}.precedence.tie_order", order)
    return {str(code): rank for rank, code in enumerate(order)}


def _chart(entry: Entry, code: str, rank: int, known: _Known, rows: ChartRows) -> None:
    downgrade = entry.inner_or_none("downgrade")
    excluded = entry.inner_or_none("exclusions")
    chart = Chart(
        edition=known.edition,
        code=code,
        tie_rank=rank,
        programmes=_programmes(entry, known),
        channels=[CHANNEL_NAMES.get(str(name), name) for name in entry.codes("channels")],
        languages=entry.codes("languages"),
        product_classes=entry.codes("product_classes", optional=False),
        products=[known.components.name_of(str(name)) for name in entry.codes("products")],
        keyword=entry.text("keyword_in_description", optional=True),
        clauses=entry.clauses("name_clauses"),
        channel_clauses=entry.clauses("channel_clauses"),
        language_clauses=entry.clauses("language_clauses"),
        product_clauses=entry.clauses("product_clauses"),
        **entry.texts("name"),
    )
    unknown = set(chart.product_classes) - set(ProductClass.values)
    if unknown:
        raise wrong(entry.at("product_classes"), _no_such(sorted(unknown)[0]))
    if excluded is not None:
        _exclude(chart, excluded, known, rows)
    if downgrade is not None:
        chart.downgrade = downgrade.text("effect")
        chart.downgrade_severities = downgrade.codes("applies_to", optional=False)
        _note(rows, chart, ChartNote.Kind.DOWNGRADE, downgrade, text="trigger")
    for key, kind in (
        ("gate", ChartNote.Kind.GATE),
        ("window", ChartNote.Kind.WINDOW),
        ("b_and_c", ChartNote.Kind.ROUTING),
        ("after", ChartNote.Kind.AFTER),
    ):
        note = entry.inner_or_none(key)
        if note is not None:
            _note(rows, chart, kind, note)
    for footnote in entry.entries("footnotes"):
        _note(rows, chart, ChartNote.Kind.FOOTNOTE, footnote, code="number")
    severities = entry.inner("severities")
    for severity in severities.untaken():
        _row(severities.inner(severity), chart, severity, known, rows)
    rows.charts.append(entry.checked(chart))


def _programmes(entry: Entry, known: _Known) -> list[Any]:
    codes = entry.codes("programmes", optional=False)
    for number, code in enumerate(codes):
        if code != BASE_PROGRAMME and code not in known.offerings:
            raise wrong(f"{entry.at('programmes')}[{number}]", _no_such(code))
    return codes


def _exclude(chart: Chart, entry: Entry, known: _Known, rows: ChartRows) -> None:
    chart.exclusion_effect = entry.text("effect")
    chart.fallback_class = entry.text("fallback_class", optional=True)
    chart.open_list = entry.flag("open_list")
    chart.exclusion_clauses = entry.clauses()
    chart.exclusion_kind_clauses = entry.clauses("kind_clauses")
    position = 0
    for key, what in EXCLUDED:
        for label in entry.codes(key):
            name = known.components.name_of(str(label)) if key == "components" else str(label)
            rows.exclusions.append(
                ChartExclusion(chart=chart, position=position, what=what, label=name)
            )
            position += 1
    words = entry.texts("note", column="text", optional=True)
    if any(words.values()):
        rows.notes.append(
            ChartNote(
                chart=chart,
                kind=ChartNote.Kind.EXCLUSION,
                position=len(rows.notes),
                clauses=entry.clauses("note_clauses") or chart.exclusion_clauses,
                **words,
            )
        )
    entry.close()


def _note(
    rows: ChartRows,
    chart: Chart,
    kind: ChartNote.Kind,
    entry: Entry,
    *,
    text: str = "text",
    code: str = "code",
) -> None:
    entry.flag("post_event_summary")  # said by the words of the note
    note = ChartNote(
        chart=chart,
        kind=kind,
        position=len(rows.notes),
        code=entry.text(code, optional=True),
        clauses=entry.clauses(),
        **entry.texts(text, column="text"),
    )
    rows.notes.append(entry.checked(note, without=("chart",)))


def _row(entry: Entry, chart: Chart, severity: str, known: _Known, rows: ChartRows) -> None:
    if severity not in Severity.values:
        raise wrong(entry.field, _no_such(severity))
    effort = entry.inner("effort")
    row = ChartRow(
        chart=chart,
        severity=severity,
        situation_clauses=entry.clauses("situation_clauses"),
        attention_minutes=_attention(entry),
        attention_clock=_clock(entry, "attention_clock"),
        clock=_clock(entry, "clock", optional=False),
        effort=effort.text("code"),
        effort_clauses=effort.clauses(),
        executives_on_request=entry.text("microsoft_executives", optional=True) == "on_request",
        executive_clauses=entry.clauses("executive_clauses"),
        review_clauses=_review(entry),
        clauses=entry.clauses(),
        **entry.texts("situation"),
        **effort.texts("text", column="effort_text"),
    )
    effort.close()
    _assign(row, entry.inner_or_none("assigned"), known)
    _targets(row, entry, rows)
    for position, one in enumerate(entry.entries("escalation")):
        escalation = Escalation(
            row=row,
            position=position,
            code=one.text("code"),
            clauses=one.clauses(),
            **one.texts("text"),
        )
        rows.escalations.append(one.checked(escalation, without=("row",)))
    for position, one in enumerate(entry.entries("customer_duties")):
        rows.duties.append(_duty(row, one, position))
    rows.rows.append(entry.checked(row, without=("chart",)))


def _attention(entry: Entry) -> int | None:
    at_once = entry.text("attention", optional=True)
    minutes = entry.number_or_none("attention_minutes")
    return 0 if at_once else minutes


def _review(entry: Entry) -> list[Any]:
    after = entry.inner_or_none("after")
    if after is None:
        return []
    follows, clauses = after.flag("incident_process_review"), after.clauses()
    after.close()
    return clauses if follows else []


def _assign(row: ChartRow, entry: Entry | None, known: _Known) -> None:
    if entry is None:
        return
    role = entry.text("role")
    if role not in known.roles:
        raise wrong(entry.at("role"), _no_such(role))
    row.assigned_role = role
    row.assigned_automatically = entry.flag("automatic")
    row.assigned_within_minutes = entry.number_or_none("within_minutes")
    row.assigned_clauses = entry.clauses()
    entry.close()


def _targets(row: ChartRow, entry: Entry, rows: ChartRows) -> None:
    minutes = entry.inner("initial_response_minutes")
    cited = entry.inner("response_clauses")
    for product_class in minutes.untaken():
        number = minutes.number(product_class)
        clauses = _cited(cited, product_class)
        if product_class not in ProductClass.values or number < 1:
            raise wrong(minutes.at(product_class), _("no target of a class of products"))
        rows.targets.append(
            ResponseTarget(
                row=row,
                product_class=product_class,
                minutes=number,
                clauses=clauses,
            )
        )
    cited.close()


def _cited(entry: Entry, key: str) -> list[str]:
    """A clause id, or a list of them."""
    ids = entry.take(key, optional=True)
    if isinstance(ids, str):
        if ids not in entry.known_clauses:
            raise wrong(entry.at(key), _("no such clause: %(id)s") % {"id": ids})
        return [ids]
    return Entry({key: ids}, entry.field, entry.known_clauses).clauses(key)


def _duty(row: ChartRow, entry: Entry, position: int) -> CustomerDuty:
    duty = CustomerDuty(
        row=row,
        position=position,
        code=entry.text("code"),
        minutes=entry.number_or_none("minutes"),
        clock=_clock(entry, "clock"),
        clauses=entry.clauses(),
        **entry.texts("text"),
    )
    return entry.checked(duty, without=("row",))


def _clock(entry: Entry, key: str, *, optional: bool = True) -> Clock:
    """``elapsed`` and, where that may be, no word mean a clock that never stops."""
    word = entry.take(key, optional=optional)
    if not isinstance(word, str | None) or word not in CLOCKS:
        raise wrong(entry.at(key), _no_such(word))
    return CLOCKS[word]


def _no_such(code: object) -> str:
    return _("no such code: %(code)s") % {"code": code}
