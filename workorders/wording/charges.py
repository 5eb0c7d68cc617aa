"""Charges and lines as an invoice tells them."""

import re
from datetime import date

from django.utils.translation import gettext as _

from accounts.wording import formats
from workorders.models import Charge, WorkOrderLine
from workorders.wording.units import quantity_words

_VISIT = re.compile(r"^visit:(?P<visit>[\d-]{10}):agreed:(?P<agreed>[\d-]{10})$")
_BACK = re.compile(r"^day:(?P<day>[\d-]{10})$")


def base_words() -> str:
    """The price that is no line's."""
    return _("Base package")


def charge_words(charge: Charge) -> str:
    """``Travel agreed in advance``; what takes one back says so."""
    words = str(charge.get_kind_display())
    words = words[:1].upper() + words[1:]
    return _("Taken back: %(what)s") % {"what": words} if charge.reverses_id else words


def charge_detail(charge: Charge) -> str:
    """``Detroit, workshop · visit on 5 Mar 2026, agreed on 1 Feb 2026``."""
    parts = [str(charge.location), charge.text]
    if found := _VISIT.match(charge.subject_key):
        days = {name: _day(text) for name, text in found.groupdict().items()}
        parts.append(_("visit on %(visit)s, agreed on %(agreed)s") % days)
    elif found := _BACK.match(charge.subject_key):
        parts.append(_("for %(day)s") % {"day": _day(found["day"])})
    return " · ".join(part for part in parts if part)


def line_words(line: WorkOrderLine) -> str:
    """The service that the line buys."""
    return str(line.offering)


def line_detail(line: WorkOrderLine) -> str:
    """``Line 3 · 8 deliveries``."""
    number = _("Line %(n)s") % {"n": line.position + 1}
    quantity = sum(one.quantity for one in line.allocations.all())
    return f"{number} · {quantity_words(quantity, line.unit)}" if quantity else number


def _day(text: str) -> str:
    return formats.day(date.fromisoformat(text), weekday=False)
