"""A severity chart in words, cell by cell, each with the clauses behind it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as g

from accounts.wording import formats
from incidents.models import (
    Channel,
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    Clock,
    Component,
    CustomerDuty,
    ProductClass,
    ProductKind,
    ResponseTarget,
    SupportRole,
)
from incidents.rules.charts import BASE_PROGRAMME
from services.catalog.models import Language
from services.catalog.wording import in_a_row, names_of_offerings

What, Kind = ChartExclusion.What, ChartNote.Kind
# Clouds that a chart names beside the components of the catalogue.
CLOUDS: Mapping[str, object] = {
    "sovereign clouds": g("sovereign clouds"),
    "Azure Government": "Azure Government",
}
# How long the work goes on.
EFFORTS: Mapping[str, Any] = {
    "continuous": g("around the clock"),
    "business_hours": g("in business hours"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One statement of a chart; `anchor` is where the page keeps it."""

    anchor: str
    label: str
    text: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list: the name it has in the catalogue, and its words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A statement that lists products, kinds of product or clouds."""

    anchor: str
    label: str
    items: tuple[Item, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeverityWords:
    """One severity: what it means, what Microsoft does, what the customer does."""

    severity: str
    situation: tuple[Cell, ...]
    microsoft: tuple[Cell, ...]
    customer: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All of them."""
        return (*self.situation, *self.microsoft, *self.customer)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A chart as its page shows it."""

    severities: tuple[SeverityWords, ...]
    reached: tuple[Cell, ...]
    products: tuple[Listed, ...]
    excluded: tuple[Listed, ...]
    exclusion: tuple[Cell, ...]
    consequences: tuple[Cell, ...]
    footnotes: tuple[Cell, ...]


def sheet_of(chart: Chart, *, roles: Mapping[str, str], products: Mapping[str, str]) -> Sheet:
    """Every cell of `chart`, whose rows and words are prefetched.

    `roles` and `products` are names by code.
    """
    notes = list(chart.notes.all())
    return Sheet(
        severities=tuple(_severity(row, roles) for row in chart.rows.all()),
        reached=tuple(_reached(chart, notes)),
        products=tuple(_products(chart, products)),
        excluded=tuple(_excluded(chart, products)),
        exclusion=tuple(_exclusion(chart, notes)),
        consequences=tuple(_consequences(chart, notes)),
        footnotes=tuple(
            Cell(f"footnote-{note.code}", note.code, note.text, tuple(note.clauses))
            for note in notes
            if note.kind == Kind.FOOTNOTE
        ),
    )


def target_words(target: ResponseTarget, clock: str) -> str:
    """``15 minutes, 24 × 7``."""
    return _timed(target.minutes, clock)


def place_of(chart: Chart, charts: int) -> str:
    """Who is named when several charts are equally fast."""
    return _("%(place)s of %(all)s") % {"place": chart.tie_rank + 1, "all": charts}


def class_words(code: str) -> str:
    """A class of products."""
    return _choice(ProductClass, code)


def kind_words(code: str) -> str:
    """A kind of product."""
    return _choice(ProductKind, code)


def effort_words(row: ChartRow) -> str:
    """How long the work at a severity goes on."""
    return str(EFFORTS.get(row.effort, row.effort))


def excluded_words(row: ChartExclusion) -> str:
    """A product, kind of product or cloud that a chart leaves out."""
    named = Component.objects.filter(edition=row.chart.edition_id, name=row.label).first()
    return _excluded_words(row.what, row.label, {row.label: named.label} if named else {})


def programme_words(chart: Chart) -> str:
    """The programmes of which one is enough."""
    names = names_of_offerings(chart.edition, chart.programmes)
    return in_a_row(_("Base package") if name == BASE_PROGRAMME else name for name in names)


def assigned_words(row: ChartRow) -> str:
    """The role that a severity brings in, by name."""
    role = SupportRole.objects.filter(edition=row.chart.edition_id, code=row.assigned_role).first()
    return role.name if role else row.assigned_role


def _severity(row: ChartRow, roles: Mapping[str, str]) -> SeverityWords:
    return SeverityWords(
        row.severity,
        situation=tuple(_situation(row)),
        microsoft=tuple(_microsoft(row, roles)),
        customer=tuple(_duty(row, duty) for duty in row.duties.all()),
    )


def _anchor(row: ChartRow, what: str) -> str:
    return f"severity-{row.severity}-{what}"


def _situation(row: ChartRow) -> Iterator[Cell]:
    clauses = tuple(row.situation_clauses)
    yield Cell(_anchor(row, "situation"), "", row.situation, clauses)
    if row.attention_minutes is not None:
        within = (
            _timed(row.attention_minutes, row.attention_clock)
            if row.attention_minutes
            else _("at once")
        )
        yield Cell(_anchor(row, "attention"), _("Needs attention"), within, clauses)


def _microsoft(row: ChartRow, roles: Mapping[str, str]) -> Iterator[Cell]:
    for target in row.targets.all():
        yield Cell(
            _anchor(row, f"target-{target.product_class}"),
            capfirst(str(target.get_product_class_display())),
            _timed(target.minutes, row.clock),
            tuple(target.clauses),
        )
    yield Cell(_anchor(row, "effort"), _("Effort"), row.effort_text, tuple(row.effort_clauses))
    if row.assigned_role:
        yield Cell(
            _anchor(row, "assigned"),
            _("Assigned"),
            _assigned(row, roles),
            tuple(row.assigned_clauses),
        )
    for one in row.escalations.all():
        yield Cell(
            _anchor(row, f"escalation-{one.code}"), _("Escalation"), one.text, tuple(one.clauses)
        )
    if row.executives_on_request:
        yield Cell(
            _anchor(row, "executives"),
            _("Microsoft's executives"),
            _("notified on request"),
            tuple(row.executive_clauses),
        )
    if row.review_clauses:
        yield Cell(
            _anchor(row, "review"),
            _("After closure"),
            _("review of how the incident was handled"),
            tuple(row.review_clauses),
        )


def _assigned(row: ChartRow, roles: Mapping[str, str]) -> str:
    how = _("automatically") if row.assigned_automatically else _("on request")
    words = [roles.get(row.assigned_role, row.assigned_role), how]
    if row.assigned_within_minutes is not None:
        within = {"duration": formats.duration(row.assigned_within_minutes)}
        words.append(_("within %(duration)s of submission") % within)
    return formats.beside(*words)


def _duty(row: ChartRow, duty: CustomerDuty) -> Cell:
    within = ""
    if duty.minutes is not None:
        within = _("Within %(time)s, from the request") % {"time": _timed(duty.minutes, duty.clock)}
    return Cell(_anchor(row, f"duty-{duty.code}"), within, duty.text, tuple(duty.clauses))


def _reached(chart: Chart, notes: list[ChartNote]) -> Iterator[Cell]:
    channels = [_choice(Channel, code) for code in chart.channels]
    yield Cell("channels", _("Submitted by"), in_a_row(channels), tuple(chart.channel_clauses))
    if chart.keyword:
        yield Cell(
            "keyword", _("Word in the description"), chart.keyword, tuple(chart.channel_clauses)
        )
    yield from _noted(notes, Kind.GATE, _("Needed first"))
    yield from _noted(notes, Kind.WINDOW, _("When"))
    languages = [_choice(Language, code) for code in chart.languages]
    yield Cell("languages", _("Languages"), in_a_row(languages), tuple(chart.language_clauses))
    classes = [_choice(ProductClass, code) for code in chart.product_classes]
    yield Cell("classes", _("Products"), in_a_row(classes), tuple(chart.product_clauses))
    yield from _noted(notes, Kind.ROUTING, _("Severity B and C"))


def _products(chart: Chart, products: Mapping[str, str]) -> Iterator[Listed]:
    if chart.products:
        items = tuple(Item(name, products.get(name, name)) for name in chart.products)
        clauses = tuple(chart.product_clauses)
        yield Listed("products", _("Only these products"), items, clauses)


def _excluded(chart: Chart, products: Mapping[str, str]) -> Iterator[Listed]:
    labels = {
        What.COMPONENT: _("Products and components"),
        What.KIND: _("Kinds of product"),
        What.CLOUD: _("Clouds"),
    }
    for what, label in labels.items():
        named = [one.label for one in chart.exclusions.all() if one.what == what]
        clauses = chart.exclusion_clauses
        if what == What.KIND:
            clauses = chart.exclusion_kind_clauses or clauses
        if named:
            items = tuple(Item(name, _excluded_words(what, name, products)) for name in named)
            yield Listed(f"excluded-{what}", label, items, tuple(clauses))


def _excluded_words(what: str, name: str, products: Mapping[str, str]) -> str:
    if what == What.KIND:
        return kind_words(name)
    return products.get(name) or str(CLOUDS.get(name, name))


def _exclusion(chart: Chart, notes: list[ChartNote]) -> Iterator[Cell]:
    clauses = tuple(chart.exclusion_clauses)
    if not chart.exclusion_effect:
        return
    text = _("The whole programme doesn't apply; another chart may.")
    if chart.exclusion_effect == Chart.Exclusion.ROW_ONLY:
        text = _("Only the row changes: “%(row)s” of the same chart applies.") % {
            "row": _choice(ProductClass, chart.fallback_class or ProductClass.OTHER)
        }
    yield Cell("exclusion-effect", _("Effect"), text, clauses)
    if chart.open_list:
        yield Cell("exclusion-open", _("The list"), _("isn't complete: more may be added"), clauses)
    yield from _noted(notes, Kind.EXCLUSION, _("Also"))


def _consequences(chart: Chart, notes: list[ChartNote]) -> Iterator[Cell]:
    trigger = next((note for note in notes if note.kind == Kind.DOWNGRADE), None)
    if chart.downgrade and trigger:
        effect = _("At severity %(severities)s %(effect)s.") % {
            "severities": in_a_row(chart.downgrade_severities),
            "effect": chart.get_downgrade_display(),
        }
        text = formats.sentences(trigger.text, effect)
        yield Cell("downgrade", _("Without the customer"), text, tuple(trigger.clauses))
    yield from _noted(notes, Kind.AFTER, _("Afterwards"))


def _noted(notes: Iterable[ChartNote], kind: str, label: str) -> Iterator[Cell]:
    for note in notes:
        if note.kind == kind:
            yield Cell(str(kind), label, note.text, tuple(note.clauses))


def _timed(minutes: int, clock: str) -> str:
    return formats.beside(formats.duration(minutes), Clock(clock or Clock.ELAPSED).label)


def _choice(words: type[TextChoices], code: str) -> str:
    return str(words(code).label) if code in words.values else code
