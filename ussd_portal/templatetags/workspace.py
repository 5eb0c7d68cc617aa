"""Tags of the workspace's pages."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.wording import formats
from ussd_portal.queries.today import PortfolioRow
from workorders.models import Deadline, WorkOrder
from workorders.models.orders import Unit
from workorders.queries.entitlements import Standing
from workorders.queries.terms import state_of
from workorders.wording import term
from workorders.wording.states import ORDER_STATES

register = template.Library()

WORDS = {
    "ok": ("check", gettext_lazy("On pace")),
    "risk": ("trending-down", gettext_lazy("At risk")),
    "late": ("alert-triangle", gettext_lazy("Late")),
    "pause": ("minus", gettext_lazy("No agreement")),
}


@register.inclusion_tag("workspace/_health.html")
def health(row: PortfolioRow) -> dict[str, str]:
    """The status of a customer in icon, word and reason."""
    icon_name, word = WORDS[row.health]
    return {"role": row.health, "icon_name": icon_name, "word": str(word), "reason": _reason(row)}


def _reason(row: PortfolioRow) -> str:
    code, points = row.reason
    if code == "cutoff":
        return _("Cut-off passed %(day)s, %(money)s not booked") % {
            "day": formats.day(points.request_until, weekday=False, year=False),
            "money": formats.money_short(points.left),
        }
    if code == "behind":
        return ngettext("%(n)s point behind the term", "%(n)s points behind the term", points) % {
            "n": points
        }
    if code == "ahead":
        return ngettext("%(n)s point ahead", "%(n)s points ahead", points) % {"n": points}
    if code == "no_order":
        return _("no order in force")
    return ngettext("%(what)s %(n)s day late", "%(what)s %(n)s days late", points) % {
        "what": capfirst(Deadline.Kind(code).label),
        "n": points,
    }


@register.simple_tag(takes_context=True)
def days_until(context: dict[str, Any], day: date, zone: str) -> str:
    """``in 68 days``, counted from today where the day counts: in `zone`."""
    today = timezone.localtime(context["now"], ZoneInfo(zone)).date()
    return _("passed") if day < today else term.days_until(day, today)


@register.simple_tag
def unit_line(unit: str) -> str:
    """``Unit: credit``."""
    return _("Unit: %(unit)s") % {"unit": Unit(unit).label}


@register.simple_tag
def sum_used(standing: Standing) -> int:
    """What is gone for good: delivered, redeemed, kept, moved away or lapsed."""
    return standing.granted - standing.left - standing.reserved


@register.inclusion_tag("components/status.html", takes_context=True)
def order_state(context: dict[str, Any], order: WorkOrder) -> dict[str, Any]:
    """The derived state of an order as a tag."""
    shown = ORDER_STATES[state_of(order, now=context["now"])]
    return {"tag": True, "role": shown.role, "icon_name": shown.icon, "word": shown.word}
