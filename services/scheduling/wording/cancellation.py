"""A cancellation's quote and curve in sentences and shapes."""

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.wording import formats
from services.scheduling.wording.curve import WIDTH, Curve, Day, draw_curve
from services.scheduling.wording.losses import Amount


def between(first: date, last: date) -> str:
    """``Fri 20 to Fri 27 Nov``; the month is said once where it is the same."""
    words = {"first": formats.day(first, year=False), "last": formats.day(last, year=False)}
    if (first.year, first.month) == (last.year, last.month):
        if formats.is_chinese():
            words["last"] = f"{last.day}日"
        else:
            words["first"] = format_date(first, "EEE d", locale=formats.locale())
    return _("%(first)s to %(last)s") % words


@dataclass(frozen=True, slots=True)
class DayCost:
    """One day of the curve."""

    day: date
    lead_days: int
    percent: int
    loss: Amount


@dataclass(frozen=True, slots=True)
class BandCost:
    """A tier of the frozen terms as days, with what it costs; `applies` today.

    `first_day` None: any time before; `last_day` None: any time after; `least_lead` None:
    every shorter lead. `most_lead` is the longest lead of the tier.
    """

    first_day: date | None
    last_day: date | None
    least_lead: int | None
    most_lead: int | None
    percent: int
    clause: str
    loss: Amount
    applies: bool

    @property
    def days(self) -> str:
        """``until Thu 19 Nov``, ``Fri 20 to Fri 27 Nov``, ``Sat 28 Nov or later``."""
        first = formats.day(self.first_day, year=False) if self.first_day else ""
        last = formats.day(self.last_day, year=False) if self.last_day else ""
        if self.first_day and self.last_day:
            return between(self.first_day, self.last_day)
        if last:
            return _("until %(last)s") % {"last": last}
        return _("%(first)s or later") % {"first": first} if first else _("any day")

    @property
    def leads(self) -> str:
        """``14 or more``, ``6 to 13``, ``5 or less``."""
        if self.least_lead is None:
            if self.most_lead is None:
                return _("any")
            return _("%(days)s or less") % {"days": self.most_lead}
        if self.most_lead is None:
            return _("%(days)s or more") % {"days": self.least_lead}
        return _("%(first)s to %(last)s") % {"first": self.least_lead, "last": self.most_lead}


@dataclass(frozen=True, slots=True)
class CurveData:
    """What cancelling costs on each day up to the event."""

    today: date
    event: date
    last_free: date | None
    days: list[DayCost]
    bands: list[BandCost]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The curve to draw, with its title and its description."""

    shape: Curve
    title: str
    text: str


def share_words(percent: int) -> str:
    """``half of the fee``, ``the full fee``, ``30 % of the fee``."""
    if percent == 50:
        return _("half of the fee")
    if percent == 100:
        return _("the full fee")
    return _("%(share)s of the fee") % {"share": formats.share(percent)}


def ahead_words(lead_days: int) -> str:
    """``10 days ahead``, ``on the day itself``, ``2 days after``."""
    if lead_days == 0:
        return _("on the day itself")
    if lead_days < 0:
        return ngettext("%(count)s day after", "%(count)s days after", -lead_days) % {
            "count": -lead_days
        }
    return ngettext("%(count)s day ahead", "%(count)s days ahead", lead_days) % {"count": lead_days}


def outlook_words(data: CurveData) -> list[str]:
    """What cancelling costs from tomorrow on, after what it costs today."""
    said = []
    if data.last_free is not None:
        last = formats.day(data.last_free, year=False)
        said.append(
            _("The last free day was %(day)s.") % {"day": last}
            if data.last_free < data.today
            else _("The last free day is %(day)s.") % {"day": last}
        )
    for band in data.bands:
        if band.first_day and band.first_day > data.today and band.first_day <= data.event:
            first = formats.day(band.first_day, year=False)
            words = (
                _("From %(day)s it costs the full %(amount)s.")
                if band.percent == 100
                else _("From %(day)s it costs %(amount)s.")
            )
            said.append(words % {"day": first, "amount": band.loss})
    return said


def drawn(data: CurveData, *, width: float = WIDTH) -> Drawn:
    """The bars from shortly before the last free day, or from today, to the event."""
    shown = [day for day in data.days if day.day >= _first_shown(data)]
    least = shown[0].loss
    levels = {0: str(Amount(0, least.unit, least.is_money))}
    levels.update({day.percent: str(day.loss) for day in shown})
    shape = draw_curve(
        [_day(day, shown[0].day, data) for day in shown],
        sorted(levels.items()),
        _("Today"),
        width=width,
    )
    first, last = (formats.day(day, weekday=False) for day in (shown[0].day, data.event))
    return Drawn(
        shape,
        _("Cost of cancelling by day, %(first)s to %(last)s") % {"first": first, "last": last},
        _sentence(data),
    )


def _first_shown(data: CurveData) -> date:
    """Two free days before the last one; more of them when today is one."""
    if data.last_free is None:
        return data.days[0].day
    return max(data.days[0].day, min(data.last_free - timedelta(days=2), data.today))


def _day(day: DayCost, first: date, data: CurveData) -> Day:
    begins = day.day == first and (first + timedelta(days=1)).day != 1  # no room for two names
    names_month = begins or day.day.day == 1
    if formats.is_chinese():
        caption = formats.day(day.day, year=False) if names_month else f"{day.day.day}日"
    else:
        text = formats.day(day.day, weekday=False, year=False)
        caption = text if names_month else str(day.day.day)
    return Day(
        percent=day.percent,
        weekday=format_date(day.day, "EEE", locale=formats.locale()),
        caption=caption,
        past=day.day < data.today,
        today=day.day == data.today,
        note=(_("Last"), _("free")) if day.day == data.last_free else (),
        event=pgettext("on a day", "Delivery") if day.day == data.event else "",
    )


def _sentence(data: CurveData) -> str:
    parts = [
        _("%(days)s: %(amount)s.") % {"days": band.days, "amount": band.loss} for band in data.bands
    ]
    return formats.sentences(*parts, _("The table below holds the same figures."))


def account_words(code: str, service: str) -> str:
    """What an account of the ledger's effect is called."""
    words = {
        "reserved": _("Booked, %(service)s"),
        "spent": _("Spent on %(service)s"),
        "charged": _("Kept as cancellation charge"),
        "available": _("Left to book"),
        "exchange": _("Exchange value to use"),
    }
    return words[code] % {"service": service}


def returned_words(amount: str, *, request_by: date | None, use_by: date, today: date) -> str:
    """Until when what comes back has to be asked for and used; or that it can't be any more."""
    last = formats.day(use_by)
    if request_by is not None and request_by < today:
        return _(
            "The last day to request was %(first)s: unless what is returned (%(amount)s) is "
            "exchanged, it lapses on %(last)s."
        ) % {"amount": amount, "first": formats.day(request_by, year=False), "last": last}
    if request_by is None:
        return _("What is returned (%(amount)s) must be used by %(last)s, or it lapses too.") % {
            "amount": amount,
            "last": last,
        }
    return _(
        "What is returned (%(amount)s) must be requested by %(first)s and used by %(last)s, "
        "or it lapses too."
    ) % {"amount": amount, "first": formats.day(request_by, year=False), "last": last}
