"""Why a chart set the target, lost, or was no candidate, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.wording import formats
from incidents.models import Channel

g = gettext_lazy

OUTCOMES: Mapping[str, Any] = {
    "wins": g("Sets the target"),
    "slower": g("Lost"),
    "faster": g("Lost"),
    "less_specific": g("Lost"),
    "no_row": g("No time of its own"),
    "not_a_candidate": g("Not a candidate"),
}
REASONS: Mapping[str, Any] = {
    "not_held": g("Not on a work order that serves this location"),
    "not_in_force": g("Not in force on that day"),
    "base_not_in_force": g("The base package wasn't in force on that day"),
    "product_not_covered": g("Doesn't cover {component}"),
    "excluded": g("Names {component} as not covered"),
    "gate_closed": g("The intake document wasn't complete"),
    "subscription_not_enrolled": g("The subscription isn't enrolled in the work order"),
    "buyer_not_affiliated": g("The subscription wasn't bought by the customer or an affiliate"),
    "tenant_not_listed": g("The tenant isn't listed in the work order"),
    "outside_window": g("Outside the days of a confirmed Azure event"),
    "keyword_missing": g("The description doesn't contain {keyword}"),
    "channel": g("Has to be submitted by {channels}"),
    "no_row": g("Prints no time for severity {severity}: the base times hold"),
}
# What would have been needed, while the incident isn't submitted yet.
REMEDIES: Mapping[str, Any] = {
    "channel": g("By {channels} it would be {minutes}."),
    "keyword_missing": g("With {keyword} in the description it would be {minutes}."),
    "gate_closed": g("Once the intake document is complete it will be {minutes}."),
    "subscription_not_enrolled": g(
        "For an enrolled subscription it would be {minutes}: enter it above."
    ),
    "tenant_not_listed": g("For a listed tenant it would be {minutes}: enter it above."),
    "outside_window": g("During a confirmed event it would be {minutes}."),
}
EVERY_CHANNEL = frozenset({"portal", "web", "phone", "chat"})


def outcome_words(outcome: str) -> str:
    """What became of a chart."""
    return str(OUTCOMES.get(outcome, outcome))


def reason_words(line: Mapping[str, Any], *, component: str, winner: str, reading: str = "") -> str:
    """Why, for a line of the comparison as it is kept."""
    reason, outcome = line.get("reason", ""), line["outcome"]
    if reason:
        return _filled(REASONS.get(reason, reason), line.get("figures", {}), component=component)
    if outcome == "slower":
        return _("Slower than %(chart)s") % {"chart": winner}
    if outcome == "faster":
        return _("Faster, but %(chart)s is more specific") % {"chart": winner}
    if outcome == "less_specific":
        return _("As fast, but %(chart)s is more specific") % {"chart": winner}
    if reading == "most_specific":
        return _("The most specific of the charts that pass every test")
    return _("Lowest minutes among the charts that pass every test")


def remedy_words(reason: str, figures: Mapping[str, Any], minutes: int) -> str:
    """What would bring the faster target."""
    text = REMEDIES.get(reason, "")
    return _filled(text, figures, component="", minutes=formats.duration(minutes))


# Why a programme gives nothing in the replay, where its conditions count as met.
REPLAYED: Mapping[str, Any] = {
    "product_not_covered": g("Doesn't cover {component}"),
    "excluded": g("Names {component} as not covered"),
    "channel": g("Another way of submitting is needed"),
    "no_row": g("Base times hold at this severity"),
}


def replay_words(reason: str, *, component: str) -> str:
    """Why a programme would have given no time of its own; nothing if it would."""
    return str(REPLAYED[reason]).format(component=component) if reason in REPLAYED else ""


def channel_words(codes: Any) -> str:
    """Channels by name; the portal is told once, with the web."""
    names = [str(Channel(code).label) for code in sorted(codes) if code in Channel.values]
    return (_(" or ") if len(names) < 3 else ("、" if formats.is_chinese() else ", ")).join(names)


def _filled(text: Any, figures: Mapping[str, Any], **more: str) -> str:
    values = {name: _written(name, value) for name, value in figures.items()}
    return str(text).format_map(_Blank({**more, **values}))


def _written(name: str, value: Any) -> str:
    if name == "channels":
        return channel_words(value)
    if isinstance(value, date):
        return formats.day(value)
    return str(value)


class _Blank(dict[str, str]):
    """A figure that nobody gave is left out."""

    def __missing__(self, key: str) -> str:
        return "…"
