"""The term of a work order in words and on the ribbon."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rules.calendar_days import ContractYear, contract_years
from accounts.rules.money import half_up
from accounts.wording import formats
from accounts.wording.clauses import clause_name
from workorders.models import Deadline, WorkOrder
from workorders.wording.ribbon import Mark, Ribbon, Span, Term, draw_ribbon

# A cut-off nearer than this is drawn as a risk.
NEAR = timedelta(days=30)
Kind = Deadline.Kind


@dataclass(frozen=True, slots=True)
class TermPicture:
    """The ribbon, its text twin and the line beside its heading."""

    ribbon: Ribbon
    title: str
    text: str
    headline: str


def short_day(value: date) -> str:
    """``1 Feb 2025``: a date without its weekday."""
    return formats.day(value, weekday=False)


def rate_words(rate: Decimal | None) -> str:
    """``0.9200``: at least four decimal places, and as many as were agreed."""
    if rate is None:
        return ""
    places = max(4, -int(rate.normalize().as_tuple().exponent))
    return f"{rate:.{places}f}"


def days_until(day: date, today: date) -> str:
    """``in 9 days``, ``today``, ``9 days ago``."""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}
    return ngettext("%(count)s day ago", "%(count)s days ago", -days) % {"count": -days}


def picture_term(
    order: WorkOrder,
    *,
    deadlines: Iterable[Deadline],
    today: date,
    last: date,
    renewed_on: date | None = None,
) -> TermPicture:
    """The ribbon of an order as of `today`; `last` is its last day in force.

    `renewed_on` is the first day of its executed renewal.
    """
    last = max(last, order.starts_on)
    binding = [one for one in deadlines if one.kind in MARKED]
    cutoff = next((one.due_on for one in binding if one.kind == Kind.REQUEST_CUTOFF), None)
    years = contract_years(order.starts_on, last)
    is_near = cutoff is not None and timedelta() <= cutoff - today <= NEAR
    term = Term(
        first=order.starts_on,
        last=last,
        today=today,
        start_caption=(_("Start"), short_day(order.starts_on)),
        today_caption=(_("Today"), short_day(today)),
        end_caption=(
            _("Expiry") if order.terminated_on is None else _("Terminated"),
            short_day(last),
        ),
        years=tuple(_span(year, today) for year in years),
        marks=(*_marks(binding, today, is_near=is_near), *_anniversaries(years)),
        urgent_until=cutoff if is_near and today >= order.starts_on else None,
        underline=_onboarding(binding, order.starts_on),
    )
    return TermPicture(
        draw_ribbon(term),
        _("Term of work order %(number)s") % {"number": order.number},
        _text(order, binding, years, today, last),
        _with_renewal(headline(order, today=today, last=last, cutoff=cutoff), renewed_on, today),
    )


def _with_renewal(words: str, renewed_on: date | None, today: date) -> str:
    """``69 days to expiry, renewal begins 1 Feb 2027``."""
    if renewed_on is None:
        return words
    following = _("renewal begins %(day)s") if renewed_on > today else _("renewed since %(day)s")
    return _(", ").join([words, following % {"day": short_day(renewed_on)}])


def headline(order: WorkOrder, *, today: date, last: date, cutoff: date | None) -> str:
    """``69 days to expiry, 9 days to the request cut-off``."""
    if today < order.starts_on:
        days = (order.starts_on - today).days
        return ngettext("begins in %(count)s day", "begins in %(count)s days", days) % {
            "count": days
        }
    if today > last:
        days = (today - last).days
        return ngettext("ended %(count)s day ago", "ended %(count)s days ago", days) % {
            "count": days
        }
    days = (last - today).days
    parts = [
        ngettext("%(count)s day to expiry", "%(count)s days to expiry", days) % {"count": days}
    ]
    if cutoff is not None:
        ahead = (cutoff - today).days
        if ahead >= 0:
            words = ngettext(
                "%(count)s day to the request cut-off",
                "%(count)s days to the request cut-off",
                ahead,
            )
        else:
            words = _("request cut-off passed")
        parts.append(words % {"count": ahead})
    return _(", ").join(parts)


# What is drawn, and how it is called where room is short.
MARKED = {
    Kind.REQUEST_CUTOFF: gettext_lazy("Request cut-off"),
    Kind.MCSAP_INTAKE: gettext_lazy("Intake"),
    Kind.MCSAP_MATERIAL: gettext_lazy("Material"),
    Kind.MCSAP_ONBOARDING: gettext_lazy("Onboarding ends"),
    Kind.MCSAP_MONITORS: gettext_lazy("Monitors ready"),
    Kind.UER_ONBOARDING: gettext_lazy("UER onboarding ends"),
}
DAY_STEPS = ("days_after", "first_days")


def _marks(deadlines: Sequence[Deadline], today: date, *, is_near: bool) -> list[Mark]:
    return [_mark(one, today, is_near=is_near) for one in deadlines]


def _mark(deadline: Deadline, today: date, *, is_near: bool) -> Mark:
    clauses = deadline.clauses[:1]
    clause = f" ({clause_name(clauses[0])})" if clauses else ""
    what = str(MARKED[Kind(deadline.kind)])
    dated = _("%(what)s, %(day)s") % {"what": what, "day": short_day(deadline.due_on)}
    if deadline.kind == Kind.REQUEST_CUTOFF:
        lines = (dated, f"{days_until(deadline.due_on, today)}{clause}")
        return Mark(deadline.due_on, lines, "risk" if is_near else "s", weight=8)
    if count := _day_number(deadline):
        dated = _("Day %(count)s: %(what)s") % {"count": count, "what": dated}
    return Mark(deadline.due_on, (f"{dated}{clause}",), weight=3)


def _day_number(deadline: Deadline) -> int | None:
    """The N of "the first N days" or "N days after", where the date is just that."""
    steps = [(name, value) for name, value in deadline.explained.get("steps", ())]
    counts = [value for name, value in steps if name in DAY_STEPS and isinstance(value, int)]
    return counts[0] if len(counts) == 1 else None


def _anniversaries(years: Sequence[ContractYear]) -> list[Mark]:
    """A mark at the end of each year stands where the next one begins."""
    return [
        Mark(
            year.first_day - timedelta(days=1),
            (_("Anniversary, %(day)s") % {"day": short_day(year.first_day)},),
        )
        for year in years[1:]
    ]


def _span(year: ContractYear, today: date) -> Span:
    """A year with its captions, the longest first."""
    short = _("Year %(number)s") % {"number": year.number}
    long = _("Contract year %(number)s") % {"number": year.number}
    if today > year.last_day:
        captions: tuple[str, ...] = (_("%(year)s, closed") % {"year": long}, long, short)
    elif today in year:
        days = (year.last_day - year.first_day).days + 1
        gone = formats.share(half_up(Fraction((today - year.first_day).days * 100, days)))
        captions = (
            _("%(year)s, %(share)s elapsed") % {"year": long, "share": gone},
            _("%(year)s, %(share)s elapsed") % {"year": short, "share": gone},
            short,
        )
    else:
        captions = (long, short)
    return Span(year.first_day, year.last_day, captions, today in year)


def _onboarding(deadlines: Iterable[Deadline], start: date) -> Span | None:
    last = next((one.due_on for one in deadlines if one.kind == Kind.MCSAP_ONBOARDING), None)
    return Span(start, last) if last and last >= start else None


def _text(
    order: WorkOrder,
    deadlines: Iterable[Deadline],
    years: Sequence[ContractYear],
    today: date,
    last: date,
) -> str:
    """Everything on the ribbon by date, for those who don't see it."""
    dated = [(order.starts_on, _("start")), (last, _("last day in force"))]
    dated += [(one.due_on, str(Kind(one.kind).label)) for one in deadlines]
    dated += [
        (year.first_day, _("contract year %(number)s begins") % {"number": year.number})
        for year in years[1:]
    ]
    if order.starts_on <= today <= last:
        dated.append((today, _("today")))
    parts = [f"{short_day(day)} {what}" for day, what in sorted(dated)]
    return _("; ").join(parts)
