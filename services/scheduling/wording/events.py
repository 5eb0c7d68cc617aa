"""States of an event's notice and of its risks."""

from datetime import datetime

from django.utils.translation import gettext_lazy as g

from accounts.rules.calendar_days import local_date
from services.scheduling.queries.events import EventView
from services.scheduling.queries.terms import zone_of
from workorders.wording.states import Shown

RISK_STATES = {
    shown.code: shown
    for shown in (
        Shown("open", g("Open"), "alert-triangle", "risk"),
        Shown("mitigated", g("Mitigated"), "check", "ok"),
        Shown("accepted", g("Accepted"), "writing-sign", "pause"),
    )
}
CONFIRMED = Shown("confirmed", g("Confirmed in writing"), "writing-sign", "ok")
SHORT = Shown("short", g("Taken at short notice"), "writing-sign", "risk")
OPEN = Shown("open", g("To be confirmed"), "clock", "risk")
LATE = Shown("late", g("Not confirmed in time"), "alert-circle", "late")


def notice_state(view: EventView, now: datetime) -> Shown:
    """How the written confirmation of an event stands."""
    if view.booking.event_confirmed_on is not None:
        return SHORT if view.is_short else CONFIRMED
    today = local_date(now, zone_of(view.booking))
    return OPEN if today <= view.confirm_by.result else LATE
