"""A forecast in words: how far it can be relied on and why, what it is about, its chart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.rules.explained import plain
from accounts.rules.money import Money
from accounts.wording import formats
from accounts.wording.bars import Bars, Month, stacked_bars
from services.scheduling.queries.forecast import Item
from services.scheduling.queries.forecast_sums import MonthSums
from workorders.models.orders import Unit
from workorders.queries.risk import SOON
from workorders.wording.states import Shown
from workorders.wording.units import quantity_words, unit_name

TRUST = {
    shown.code: shown
    for shown in (
        Shown("certain", gettext_lazy("Certain"), "lock", "late"),
        Shown("good", gettext_lazy("Well founded"), "circle-check", ""),
        Shown("fair", gettext_lazy("Fair"), "circle-half-2", ""),
        Shown("weak", gettext_lazy("Weak"), "circle-dashed", "pause"),
    )
}


@dataclass(frozen=True, slots=True)
class ItemWords:
    """An item of the forecast as its row shows it."""

    item: Item
    name: str
    place: str
    paid: str
    trust: Shown
    reason: str
    left: str
    booked: str
    asked: str
    expected: str
    lapsing: str

    @property
    def explained(self) -> dict[str, Any]:
        """For the proof card, with figures as people count: hours, not minutes."""
        kept = self.item.outlook.lapsing.as_data()
        unit = self.item.account.unit
        return kept | {
            "result": _figure(kept["result"], unit),
            "inputs": [_counted(pair, unit) for pair in kept["inputs"]],
            "steps": [_counted(pair, unit) for pair in kept["steps"]],
        }

    @property
    def counted_in(self) -> str:
        """In what the figures of the proof are counted."""
        return _("Counted in: %(unit)s") % {"unit": unit_name(self.item.account.unit)}


# Labels of a forecast's explanation that count something else than units.
OTHER_FIGURES = frozenset({"uses", "days_seen", "days_to_use", "request_until", "usable_until"})


def _counted(pair: list[Any], unit: str) -> list[Any]:
    label, value = pair
    return [label, value if label in OTHER_FIGURES else _figure(value, unit)]


def _figure(value: int, unit: str) -> Any:
    """Minutes as hours, minor units of a currency as money."""
    if unit == Unit.MINUTE:
        return str((Decimal(value) / 60).quantize(Decimal("0.01")))
    return plain(Money(value, unit)) if unit not in Unit.values else value


def item_words(item: Item) -> ItemWords:
    """The words of a row."""
    unit = item.account.unit
    entitlement = item.entitlement
    year = entitlement.flex_year if entitlement else item.account.flex_year
    return ItemWords(
        item=item,
        name=str(entitlement.offering) if entitlement else _("Exchange value"),
        place=item.location.name if item.location else "",
        paid=_("allowance of contract year %(n)s") % {"n": year}
        if year
        else str(entitlement.get_funding_display())
        if entitlement
        else "",
        trust=TRUST[item.outlook.trust.level],
        reason=reason_words(item),
        left=quantity_words(item.left, unit),
        booked=quantity_words(item.booked, unit) if item.booked else "–",
        asked=quantity_words(item.asked, unit) if item.asked else "",
        expected=quantity_words(item.outlook.expected, unit) if item.outlook.expected else "–",
        lapsing=quantity_words(item.lapsing, unit) if item.lapsing else "–",
    )


def reason_words(item: Item) -> str:
    """What the confidence rests on: how much history there is, or that nothing can change."""
    history, unit = item.history, item.account.unit
    seen = ngettext("%(n)s day", "%(n)s days", history.days) % {"n": formats.number(history.days)}
    match item.outlook.trust.basis:
        case "cutoff_passed":
            return _("The last day to request it is over.")
        case "no_pace":
            return _("Exchange value has no pace: it is spent by decision.")
        case "no_history":
            return _("It can't be used yet, so there is no history.")
        case "unused":
            return _("Nothing was used in the %(days)s on which it could be.") % {"days": seen}
    uses = ngettext("%(n)s time", "%(n)s times", history.uses) % {"n": formats.number(history.uses)}
    return _("%(units)s used in %(days)s, %(uses)s.") % {
        "units": quantity_words(history.units, unit),
        "days": seen,
        "uses": uses,
    }


def forecast_bars(months: Iterable[MonthSums], today: date, currency: str) -> Bars:
    """Twelve months: what certainly lapses, what lapses at this pace, what will be used."""
    stacks = [
        Month(
            month.first_day,
            (
                ("late", month.sums.certain),
                ("risk", month.sums.uncertain),
                ("book", month.sums.expected),
            ),
        )
        for month in months
        if month.first_day is not None
    ]
    return stacked_bars(stacks, mark=today + SOON, currency=currency)
