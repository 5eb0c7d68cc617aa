"""The flex allowance as the page shows it: the bar, by use, by contract year."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.rules.money import Money
from accounts.wording import formats
from services.catalog.models import Offering
from workorders.queries.entitlements import EntitlementStanding, can_be_left, worth
from workorders.queries.flex import FlexGauge
from workorders.wording.gauge import Allowance, Gauge, draw_gauge
from workorders.wording.term import rate_words


@dataclass(slots=True)
class Use:
    """What one kind of service takes of a year's allowance, and what became of it."""

    title: str
    committed: Money
    delivered: Money
    booked: Money
    lapsed: Money
    open: Money


@dataclass(slots=True)
class YearCard:
    """One contract year's allowance."""

    flex: FlexGauge
    is_closed: bool
    is_current: bool
    days_left: int
    picture: Gauge
    picture_text: str
    uses: list[Use] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Of the contract year."""
        return self.flex.year.number

    @property
    def is_complete(self) -> bool:
        """All of it is allotted to services."""
        return self.flex.committed >= self.flex.allotted

    @property
    def excess(self) -> Money | None:
        """Committed beyond the allotment, in a draft."""
        over = self.flex.committed - self.flex.allotted
        return over if over.minor > 0 else None

    @property
    def ceiling_words(self) -> str:
        """The ceiling in one line, from the steps of its explanation."""
        if self.flex.ceiling is None:
            return ""
        steps = dict(self.flex.ceiling.steps)
        given = dict(self.flex.ceiling.inputs)
        money = {
            name: formats.money(value) for name, value in steps.items() if isinstance(value, Money)
        }
        words = {
            "number": self.number,
            "percent": formats.share(int(str(steps["capped_percent"]))),
            "allotted": formats.money(self.flex.allotted),
            **money,
        }
        rate = given.get("units_per_usd")
        if isinstance(rate, Decimal):
            words["rate"] = rate_words(rate)
            text = _(
                "Year %(number)s ceiling = the higher of %(percent)s × %(allotted)s = %(share)s"
                " and %(floor_usd)s × %(rate)s = %(floor)s"
            )
        else:
            text = _(
                "Year %(number)s ceiling = the higher of %(percent)s × %(allotted)s = %(share)s"
                " and %(floor)s"
            )
        return str(text) % words

    @property
    def capped_free(self) -> Money | None:
        """Still free under the ceiling: never more than is unallocated."""
        if self.flex.ceiling is None:
            return None
        free = max(self.flex.ceiling.result.minor - self.flex.capped.minor, 0)
        return Money(min(free, self.flex.unallocated.minor), self.flex.allotted.currency)


def year_cards(gauges: Iterable[FlexGauge], *, today: date) -> list[YearCard]:
    """One card a contract year that has an allotment or a use of one."""
    return [_card(gauge, today) for gauge in gauges]


def current_card(cards: Sequence[YearCard]) -> YearCard | None:
    """The one of today's year; else the last closed, else the first to come."""
    current = [card for card in cards if card.is_current]
    closed = [card for card in cards if card.is_closed]
    return next(iter([*current, *closed[-1:], *cards]), None)


def _card(flex: FlexGauge, today: date) -> YearCard:
    picture, text = _picture(flex)
    uses = [
        _use(str(title), [line for line in flex.lines if belongs(line.entitlement.offering)], flex)
        for title, belongs in KINDS
    ]
    return YearCard(
        flex,
        is_closed=today > flex.year.last_day,
        is_current=today in flex.year,
        days_left=max((flex.year.last_day - today).days, 0),
        picture=picture,
        picture_text=text,
        uses=[use for use in uses if use.committed],
    )


def _is_capped(offering: Offering) -> bool:
    return offering.flex == Offering.Flex.CAPPED


def _is_credit(offering: Offering) -> bool:
    return offering.category == Offering.Category.PROACTIVE_CREDITS


KINDS: tuple[tuple[object, Callable[[Offering], bool]], ...] = (
    (_("Proactive credits, capped"), lambda one: _is_capped(one) and _is_credit(one)),
    (_("Custom proactive, capped"), lambda one: _is_capped(one) and not _is_credit(one)),
    (_("Everything else, no ceiling"), lambda one: not _is_capped(one)),
)


def _use(title: str, lines: Iterable[EntitlementStanding], flex: FlexGauge) -> Use:
    """Values of the entitlements; what moved to another location stays with its lot there."""
    minor = dict.fromkeys(("committed", "delivered", "booked", "lapsed", "open"), 0)
    for one in lines:
        entitlement, standing = one.entitlement, one.standing
        gone = standing.transferred + standing.exchanged
        used = standing.delivered + standing.redeemed + standing.charged
        minor["committed"] += entitlement.value_minor - worth(entitlement, gone)
        minor["delivered"] += worth(entitlement, used)
        minor["booked"] += worth(entitlement, standing.reserved)
        if not can_be_left(entitlement):
            minor["booked"] += worth(entitlement, standing.left)
        minor["lapsed"] += worth(entitlement, standing.lapsed)
        minor["open"] += standing.value_left_minor
    currency = flex.allotted.currency
    return Use(title, **{name: Money(amount, currency) for name, amount in minor.items()})


def _picture(flex: FlexGauge) -> tuple[Gauge, str]:
    currency = flex.allotted.currency
    ceiling = flex.ceiling.result if flex.ceiling else Money(0, currency)
    free = Money(max(ceiling.minor - flex.capped.minor, 0), currency)
    other = flex.committed - flex.capped
    words = {
        "ceiling": formats.money(ceiling),
        "capped": formats.money(flex.capped),
        "free": formats.money(free),
        "over": formats.money(Money(max(flex.capped.minor - ceiling.minor, 0), currency)),
        "other": formats.money(other),
        "allotted": formats.money(flex.allotted),
        "share": formats.share(flex.capped.minor * 100 // ceiling.minor if ceiling.minor else 0),
    }
    caption = (
        _("Ceiling for credits and custom: %(ceiling)s")
        if flex.ceiling
        else _("No ceiling yet: the rate to the US dollar is missing")
    )
    picture = draw_gauge(
        Allowance(
            allotted=flex.allotted.minor,
            capped=_capped_parts(flex),
            other=other.minor,
            ceiling=ceiling.minor,
            ceiling_caption=str(caption) % words,
            capped_captions=(
                str(_("%(capped)s capped use")) % words,
                str(_ceiling_use(flex.capped > ceiling)) % words,
            ),
            other_captions=(
                str(_("%(other)s other services")) % words,
                str(_("allotment %(allotted)s")) % words,
            ),
        )
    )
    text = _(
        "Allotment %(allotted)s. Capped use %(capped)s of a ceiling of %(ceiling)s, %(free)s free."
        " Other services %(other)s."
    )
    return picture, str(text) % words


def _ceiling_use(is_over: bool) -> object:
    if is_over:
        return _("%(over)s above the ceiling")
    return _("%(share)s of the ceiling, %(free)s free")


def _capped_parts(flex: FlexGauge) -> tuple[int, ...]:
    """Credits, then custom work, where the entitlements tell them apart."""
    credits_minor = sum(
        line.entitlement.value_minor
        for line in flex.lines
        if _is_credit(line.entitlement.offering) and not line.standing.transferred
    )
    first = min(credits_minor, flex.capped.minor)
    return first, flex.capped.minor - first
