"""What the catalogue says of an offering, as facts in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rules.money import Money
from accounts.wording import formats
from services.catalog.models import (
    BusinessHours,
    Condition,
    CoTermination,
    DeliveryMode,
    Edition,
    Exhibit,
    Language,
    Offering,
    RequestDeadline,
    Term,
)
from services.catalog.rules.offering import PROACTIVE
from services.catalog.rules.terms import BadTerms, CancellationTerms, Terms

# The clause behind a code, where there is one for all offerings.
LOCATION_CLAUSES: Mapping[str, tuple[str, ...]] = {
    "as_ordered": ("2.7-T2",),
    "all_locations": ("2.6-M7",),
    "single_designated": ("2.3-OT7", "2.5-ED12"),
    "designated_list": ("2.5-RD13",),
    "host_purchase_only": ("2.5-UE22", "2.5-UE23"),
    "listed_tenants": ("2.4-SE5", "2.5-OE2"),
    "listed_subscriptions": ("2.4-AP2",),
    "listed_solution": ("2.4-AE7",),
}
ENDING_CLAUSES: Mapping[str, tuple[str, ...]] = {
    CoTermination.SAME_DAY: ("2.3-OT4", "2.4-AW4", "2.5-ED9", "2.5-RD11"),
    CoTermination.WITH_BASE: ("0-C16", "2.1-B1"),
    CoTermination.SUSPENDED: ("2.4-AP46", "X-42"),
}
LANGUAGE_CLAUSES: tuple[str, ...] = (
    "2.4-AP47", "2.4-AE19", "A-SE5", "2.5-UE17", "A-AR6", "2.3-RE25",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of an offering's facts."""

    label: str
    text: str
    clauses: tuple[str, ...] = ()


def facts_in_words(offering: Offering, terms: Terms) -> list[Fact]:
    """How it is sold, given, asked for, cancelled and lost, with the edition's numbers."""
    return [fact for fact in _facts(offering, terms) if fact.text]


def _facts(offering: Offering, terms: Terms) -> Iterator[Fact]:
    yield Fact(_("Sold as"), capfirst(offering.get_mark_display()), _mark_clauses(offering))
    yield Fact(_("Unit of sale"), capfirst(offering.get_unit_of_sale_display()))
    yield _flex(offering, terms)
    yield _delivery(offering)
    yield Fact(_("Languages"), listed(Language, offering.languages), _language_clauses(offering))
    yield _hours(offering, terms)
    yield _own(
        offering,
        _("Where"),
        capfirst(offering.get_location_constraint_display()),
        LOCATION_CLAUSES[offering.location_constraint],
    )
    yield _request(offering, terms)
    if is_cancelled_by_scale(offering):
        yield _cancellation(terms.cancellation)
    yield _own(
        offering,
        _("When the agreement ends"),
        capfirst(offering.get_co_termination_display()),
        ENDING_CLAUSES[offering.co_termination],
    )
    if offering.mark != Offering.Mark.INCLUDED:
        yield Fact(
            _("When it isn't used"),
            _(
                "Lapses with the last day of the work order; paid with the flex allowance, with"
                " the last day of its contract year."
            ),
            ("2.7-T10", "2.2-F4", "X-29"),
        )
    yield _exhibit(offering)
    yield Fact(_("Provider"), offering.provider, ("2.7-T30",))


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """The conditions of one kind, under their heading."""

    kind: str
    title: str
    icon_name: str
    conditions: list[Condition]


def condition_groups(offering: Offering) -> list[ConditionGroup]:
    """Prerequisites first, notes last; kinds without conditions are left out."""
    headings = (
        (Condition.Kind.PREREQUISITE, _("What is needed first"), "checklist"),
        (Condition.Kind.LIMIT, _("Limits"), "ruler-2"),
        (Condition.Kind.DUTY, _("What the customer does"), "user-check"),
        (Condition.Kind.DISCLAIMER, _("What isn't promised"), "info-circle"),
        (Condition.Kind.NOTE, _("Good to know"), "bulb"),
    )
    conditions = list(offering.conditions.all())
    groups = (
        ConditionGroup(kind, title, icon, [row for row in conditions if row.kind == kind])
        for kind, title, icon in headings
    )
    return [group for group in groups if group.conditions]


def term_in_words(term: Term) -> str:
    """A number of the contract with its unit."""
    match term.unit:
        case Term.Unit.PERCENT:
            return formats.share(term.value)
        case Term.Unit.USD_MINOR:
            return formats.money(Money(term.value, "USD"))
        case Term.Unit.MINUTE_OF_DAY:
            return _clock(term.value)
        case Term.Unit.COUNT:
            return formats.number(term.value)
    return f"{formats.number(term.value)} {term.get_unit_display()}"


def compared(value: object) -> list[str]:
    """A column's value for a comparison, as lines of plain text."""
    match value:
        case None | "" | [] | {}:
            return ["–"]
        case bool():
            return [_("yes") if value else _("no")]
        case dict():
            return [f"{key}: {', '.join(compared(inner))}" for key, inner in value.items()]
        case list():
            return [str(item) for item in value]
    return [str(value)]


BAD_TERMS: Mapping[str, Any] = {
    "missing": gettext_lazy("Numbers of the contract are missing: %(codes)s"),
    "unknown": gettext_lazy("No rule knows these numbers: %(codes)s"),
    "no_number": gettext_lazy("%(term)s has to be a whole number, not %(value)s"),
    "out_of_range": gettext_lazy("%(term)s has to lie between %(low)s and %(high)s, not %(value)s"),
    "opens_late": gettext_lazy("Business hours have to open before they close"),
    "no_shortest": gettext_lazy("The cancellation scale has no band for the shortest leads"),
    "same_lead": gettext_lazy("Two bands of the cancellation scale begin at the same lead"),
    "percent": gettext_lazy("A percentage of the cancellation scale lies between 0 and 100"),
    "longer_costs_more": gettext_lazy(
        "In the cancellation scale a longer lead costs more than a shorter one"
    ),
}


def bad_terms_in_words(problem: BadTerms) -> str:
    """What is wrong with the numbers of an edition."""
    return str(BAD_TERMS[problem.code]) % problem.figures


def untranslated_in_words(rows: Any, column: Any, count: int) -> str:
    """``Offerings: name (Chinese) is empty in 3 rows``."""
    text = ngettext(
        "%(rows)s: %(column)s is empty in %(count)s row",
        "%(rows)s: %(column)s is empty in %(count)s rows",
        count,
    )
    return text % {
        "rows": capfirst(rows._meta.verbose_name_plural),
        "column": column.verbose_name,
        "count": count,
    }


def unknown_clause_in_words(rows: Any, clause: str) -> str:
    """``Conditions: the register has no clause 9.9-Q1``."""
    text = _("%(rows)s: the register has no clause %(clause)s")
    return text % {"rows": capfirst(rows._meta.verbose_name_plural), "clause": clause}


def is_cancelled_by_scale(offering: Offering) -> bool:
    """Whether it is something that is put on a date and may be cancelled (2.7-T17)."""
    scheduled = PROACTIVE - {Offering.Category.PROACTIVE_CREDITS}
    return bool(
        offering.mark != Offering.Mark.INCLUDED
        and (offering.category in scheduled or offering.request_deadline)
    )


def listed(words: type[TextChoices], codes: list[str]) -> str:
    """Codes in words, as a list in the reader's punctuation."""
    return capfirst(in_a_row(words(code).label for code in codes))


def in_a_row(items: Iterable[object]) -> str:
    """Names, codes or ids one after the other, in the reader's punctuation."""
    return ("、" if formats.is_chinese() else ", ").join(map(str, items))


def names_of_offerings(edition: Edition, codes: Iterable[str]) -> list[str]:
    """What `edition` calls the offerings with these codes; one that it lacks by its code."""
    wanted = list(codes)
    rows = Offering.objects.filter(edition=edition, code__in=wanted)
    names = {row.code: row.name for row in rows}
    return [names.get(code, code) for code in wanted]


def written_value(value: object) -> str:
    """The value of a limit as people write it: ``yes``, ``7``, ``email, chat``."""
    match value:
        case None:
            return ""
        case bool():
            return str(_("yes") if value else _("no"))
        case list():
            return ", ".join(map(str, value))
    return str(value)


def _own(offering: Offering, label: str, text: str, general: tuple[str, ...]) -> Fact:
    """A fact with the offering's own clause where one of the general ones is its own."""
    own = tuple(clause for clause in general if clause in offering.clauses)
    return Fact(label, text, own or general)


def _mark_clauses(offering: Offering) -> tuple[str, ...]:
    return ("2.5-DS4",) if offering.mark == Offering.Mark.LIMITED else ("2.3-P1",)


def _flex(offering: Offering, terms: Terms) -> Fact:
    label = _("Flex allowance")
    if offering.flex == Offering.Flex.NO:
        clause = "2.2-F5" if "2.2-F5" in offering.clauses else "2.2-F1"
        return Fact(label, _("Can't pay for it"), (clause,))
    if offering.flex == Offering.Flex.YES:
        return Fact(label, _("May pay for it"), ("2.2-F1",))
    floor = Money(terms.flex.capped_floor_usd_minor, "USD")
    text = _(
        "Within the ceiling for credits and custom services: %(percent)s of the year's"
        " allotment or %(floor)s, the higher of the two"
    )
    figures = {"percent": formats.share(terms.flex.capped_percent), "floor": formats.money(floor)}
    return Fact(label, text % figures, ("2.2-F3",))


def _delivery(offering: Offering) -> Fact:
    text = listed(DeliveryMode, offering.delivery_modes)
    if text and offering.onsite_barred:
        return _own(
            offering, _("Delivery"), _("%(modes)s; never onsite") % {"modes": text}, _BARRED
        )
    return Fact(_("Delivery"), text, ("2.3-P7",))


_BARRED = ("2.3-RE3", "2.3-TR2", "2.3-TR3", "2.3-TR5", "2.5-UE16", "2.3-MA2")


def _language_clauses(offering: Offering) -> tuple[str, ...]:
    own = tuple(clause for clause in LANGUAGE_CLAUSES if clause in offering.clauses)
    if own:
        return own
    return ("2.7-T3",) if Language.LOCAL in offering.languages else ("2.7-T4",)


def _hours(offering: Offering, terms: Terms) -> Fact:
    text = capfirst(offering.get_business_hours_display())
    if offering.business_hours in {BusinessHours.STANDARD, BusinessHours.AGREED_ZONE}:
        hours = terms.business_hours
        times = f"{_clock(hours.opens_minute)}–{_clock(hours.closes_minute)}"
        text = _("%(hours)s, %(times)s") % {"hours": text, "times": times}
    return Fact(_("Hours"), text, ("A-BS21",))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _request(offering: Offering, terms: Terms) -> Fact:
    label = _("Ask for it")
    if offering.request_deadline == RequestDeadline.BEFORE_EXPIRY:
        text = _("With all data, no later than %(days)s days before the work order ends")
        return Fact(label, text % {"days": terms.request.cutoff_days}, ("2.8-C20", "0-C4"))
    if offering.request_deadline == RequestDeadline.WEEKS_AHEAD:
        text = _("Confirmed in writing at least %(weeks)s calendar weeks before it starts")
        return Fact(label, text % {"weeks": terms.event.notice_weeks}, ("2.4-AE13", "0-C5"))
    return Fact(label, "")


def _cancellation(scale: CancellationTerms) -> Fact:
    """``free 14 days ahead or more, 50 % from 13 to 6 days, 100 % from 5 days``."""
    parts = [_band(scale.tiers[0].percent, None, scale.tiers[0].min_lead_days)]
    for longer, tier in pairwise(scale.tiers):
        parts.append(_band(tier.percent, (longer.min_lead_days or 1) - 1, tier.min_lead_days))
    clauses = [clause for tier in scale.tiers for clause in tier.clause.split(", ") if clause]
    text = ("，" if formats.is_chinese() else "; ").join(parts)
    return Fact(_("Cancelling a date"), capfirst(text), tuple(dict.fromkeys(clauses)))


def _band(percent: int, most: int | None, least: int | None) -> str:
    cost = formats.share(percent) if percent else _("free")
    if most is None:
        return _("%(cost)s up to %(least)s days ahead") % {"cost": cost, "least": least or 0}
    if least is None:
        return _("%(cost)s from %(most)s days ahead") % {"cost": cost, "most": most}
    figures = {"cost": cost, "most": most, "least": least}
    return _("%(cost)s from %(most)s to %(least)s days ahead") % figures


def _exhibit(offering: Offering) -> Fact:
    texts = {
        Exhibit.REQUIRED: _("An exhibit to the work order describes it"),
        Exhibit.OPTIONAL: _("An exhibit to the work order may describe it"),
    }
    text = texts.get(Exhibit(offering.exhibit), "") if offering.exhibit else ""
    return Fact(
        _("Exhibit"), text, ("2.4-G1" if offering.category == "mission_critical" else "2.5-G1",)
    )
