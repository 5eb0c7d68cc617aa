"""Turns the sections of an edition's file into rows that aren't saved yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from services.catalog.actions.entries import LANGUAGES, Entry, refuse_repeats, wrong
from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    CreditValue,
    Edition,
    Limit,
    Offering,
    Pillar,
    PillarActivity,
    ReadingChoice,
    Term,
)
from services.catalog.queries.content import CO_TERMINATION, bars_onsite
from services.catalog.rules.readings import READING_SPECS, spec_of
from services.catalog.rules.search import searchable
from services.catalog.rules.terms import TERM_SPECS

# Sections of the same file that other packages read.
ELSEWHERE = frozenset({"packages", "severity_matrices", "components"})


@dataclass(slots=True)
class EditionRows:
    """The rows of an edition; offerings are named by code."""

    clauses: list[Clause] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    tiers: list[CancellationTier] = field(default_factory=list)
    choices: list[ReadingChoice] = field(default_factory=list)
    offerings: list[Offering] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    credit_values: list[CreditValue] = field(default_factory=list)
    pillars: list[Pillar] = field(default_factory=list)
    activities: list[PillarActivity] = field(default_factory=list)


def edition_rows(edition: Edition, data: Mapping[str, Any]) -> EditionRows:
    """The rows that `data` describes, checked; raises `Refused` naming the first wrong field."""
    register = Entry(data, "", frozenset())
    rows = EditionRows(clauses=_clauses(edition, register))
    known = frozenset(clause.code for clause in rows.clauses)
    file = Entry({key: data[key] for key in data if key not in _REGISTER}, "", known)
    file.take("edition")
    rows.terms = [_term(edition, entry) for entry in file.entries("terms", optional=False)]
    refuse_repeats("terms", [term.code for term in rows.terms])
    rows.tiers = [_tier(edition, entry) for entry in file.entries("cancellation_tiers")]
    rows.choices = _choices(edition, file.entries("reading_choices"))
    for position, entry in enumerate(file.entries("offerings", optional=False)):
        _offering(edition, entry, position, rows)
    refuse_repeats("offerings", [offering.code for offering in rows.offerings])
    _check_references(rows)
    rows.credit_values = [_credit_value(entry) for entry in file.entries("credit_values")]
    _pillars(edition, file, rows)
    for section in ELSEWHERE:
        file.take(section, optional=True)
    file.close()
    return rows


_REGISTER = frozenset({"clauses", "readings"})


def _clauses(edition: Edition, register: Entry) -> list[Clause]:
    rows: list[Clause] = []
    for section, rule in (("clauses", "rule"), ("readings", "reading")):
        for entry in register.entries(section, optional=False):
            row = Clause(
                edition=edition,
                code=entry.text("id"),
                position=len(rows),
                **entry.texts("title"),
                **entry.texts(rule, column="rule"),
                cases=entry.codes("cases"),
            )
            rows.append(entry.checked(row))
    refuse_repeats("clauses", [row.code for row in rows])
    return rows


def _term(edition: Edition, entry: Entry) -> Term:
    row = Term(
        edition=edition,
        code=entry.text("code"),
        value=entry.number("value"),
        unit=entry.text("unit"),
        clauses=entry.clauses(),
        **entry.texts("name"),
    )
    spec = next((spec for spec in TERM_SPECS if spec.code == row.code), None)
    if spec is None:
        raise wrong(entry.at("code"), no_such(row.code))
    if row.unit != spec.unit:
        raise wrong(entry.at("unit"), _("has to be %(unit)s") % {"unit": spec.unit})
    if not spec.low <= row.value <= spec.high:
        problem = _("has to lie between %(low)s and %(high)s")
        raise wrong(entry.at("value"), problem % {"low": spec.low, "high": spec.high})
    return entry.checked(row)


def _tier(edition: Edition, entry: Entry) -> CancellationTier:
    row = CancellationTier(
        edition=edition,
        min_lead_days=entry.number_or_none("min_lead_days"),
        percent=entry.number("percent"),
        clauses=entry.clauses(),
    )
    return entry.checked(row)


def _choices(edition: Edition, entries: Iterable[Entry]) -> list[ReadingChoice]:
    """A choice for each reading that can be chosen: the one given, or what is recommended."""
    given: dict[str, str] = {}
    for entry in entries:
        reading, option = entry.text("reading"), entry.text("option")
        spec = spec_of(reading)
        if spec is None:
            raise wrong(entry.at("reading"), no_such(reading))
        if option not in spec.options:
            raise wrong(entry.at("option"), no_such(option))
        if reading in given:
            raise wrong(entry.at("reading"), _("stands twice"))
        given[reading] = option
        entry.close()
    return [
        ReadingChoice(
            edition=edition, reading=spec.code, option=given.get(spec.code, spec.recommended)
        )
        for spec in READING_SPECS
    ]


def _offering(edition: Edition, entry: Entry, position: int, rows: EditionRows) -> None:
    co_termination = entry.take("co_termination")
    if not isinstance(co_termination, bool | str) or co_termination not in CO_TERMINATION:
        raise wrong(entry.at("co_termination"), no_such(co_termination))
    row = Offering(
        edition=edition,
        position=position,
        code=entry.text("code"),
        abbreviation=entry.text("abbreviation", optional=True),
        table=entry.number("table"),
        category=entry.text("category"),
        subcategory=entry.text("subcategory", optional=True),
        mark=entry.text("mark"),
        flex=entry.text("flex"),
        delivery_modes=entry.codes("delivery_modes"),
        unit_of_sale=entry.text("unit_of_sale", optional=True),
        languages=entry.codes("languages"),
        business_hours=entry.text("business_hours", optional=True),
        location_constraint=entry.text("location_constraint"),
        co_termination=CO_TERMINATION[co_termination],
        request_deadline=entry.text("request_deadline", optional=True),
        exhibit=entry.text("exhibit", optional=True),
        provider=entry.text("provider", optional=True),
        is_group=entry.flag("is_group"),
        includes=entry.codes("includes"),
        clauses=entry.clauses(),
        **entry.texts("name"),
        **entry.texts("former_name", optional=True),
        **entry.texts("summary"),
    )
    parent = entry.text("parent", optional=True)
    if parent:
        rows.parents[row.code] = parent
    entry.items("members")
    entry.text("also_filed_under", optional=True)
    rows.conditions += [
        _condition(row, inner, number) for number, inner in enumerate(entry.entries("conditions"))
    ]
    limits = [_limit(row, inner) for inner in entry.entries("limits")]
    refuse_repeats(entry.at("limits"), [limit.code for limit in limits])
    row.onsite_barred = entry.flag_or("onsite_barred", bars_onsite(limits))
    row.search_text = search_text_of(row)
    rows.limits += limits
    rows.offerings.append(entry.checked(row, without=("parent",)))


def _condition(offering: Offering, entry: Entry, position: int) -> Condition:
    row = Condition(
        offering=offering,
        position=position,
        kind=entry.text("kind"),
        clauses=entry.clauses(),
        **entry.texts("text"),
    )
    return entry.checked(row)


def _limit(offering: Offering, entry: Entry) -> Limit:
    row = Limit(
        offering=offering,
        code=entry.text("code"),
        value=entry.take("value", optional=True),
        unit=entry.text("unit", optional=True),
        clauses=entry.clauses(),
    )
    if not _is_plain(row.value):
        raise wrong(entry.at("value"), _("a plain value or a list of them is needed"))
    return entry.checked(row, without=("value",))


def _credit_value(entry: Entry) -> CreditValue:
    row = CreditValue(
        country=entry.text("country"),
        currency=entry.text("currency"),
        valid_from=entry.day("valid_from"),
        value_minor=entry.number("value_minor"),
    )
    return entry.checked(row)


def _pillars(edition: Edition, file: Entry, rows: EditionRows) -> None:
    """The pillars of success management; what the section says of all of them isn't kept."""
    section = file.take("success_pillars", optional=True)
    if section is None:
        return
    entry = Entry(section, "success_pillars", file.known_clauses)
    entry.take("general", optional=True)
    for position, inner in enumerate(entry.entries("pillars", optional=False)):
        rows.pillars.append(_pillar(edition, inner, position, rows))
    entry.close()
    refuse_repeats("success_pillars.pillars", [row.code for row in rows.pillars])
    refuse_repeats("success_pillars.pillars.activities", [row.code for row in rows.activities])


def _pillar(edition: Edition, entry: Entry, position: int, rows: EditionRows) -> Pillar:
    pillar = Pillar(
        edition=edition,
        position=position,
        code=entry.text("code"),
        clauses=entry.clauses(),
        **entry.texts("name"),
        **entry.texts("summary"),
    )
    for number, inner in enumerate(entry.entries("activities", optional=False)):
        activity = PillarActivity(
            pillar=pillar,
            position=number,
            code=inner.text("code"),
            clauses=inner.clauses(),
            **inner.texts("name"),
            **inner.texts("summary"),
        )
        rows.activities.append(inner.checked(activity, without=("pillar",)))
    return entry.checked(pillar)


def search_text_of(offering: Offering) -> str:
    """What a search finds an offering by: code, abbreviation, names and summaries."""
    columns = ("name", "former_name", "summary")
    return searchable(
        offering.code,
        offering.abbreviation,
        *(
            getattr(offering, f"{name}_{suffix}") or ""
            for name in columns
            for _, suffix in LANGUAGES
        ),
    )


def no_such(code: object) -> str:
    """What is wrong with a code that nobody knows."""
    return _("no such code: %(code)s") % {"code": code}


def _is_plain(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str | int | bool | None) for item in items)


def _check_references(rows: EditionRows) -> None:
    codes = {offering.code for offering in rows.offerings}
    for number, offering in enumerate(rows.offerings):
        parent = rows.parents.get(offering.code)
        if parent is not None and (parent not in codes or parent == offering.code):
            raise wrong(f"offerings[{number}].parent", no_such(parent))
        for included in offering.includes:
            if included not in codes:
                raise wrong(f"offerings[{number}].includes", no_such(included))
