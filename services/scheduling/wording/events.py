"""States of an event's notice and of its risks."""

from datetime import date

from django.utils.translation import gettext_lazy as g

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


def notice_state(confirmed_on: date | None, *, last_day: date, today: date) -> Shown:
    """How the written confirmation of an event stands, at its location."""
    if confirmed_on is not None:
        return CONFIRMED if confirmed_on <= last_day else SHORT
    return OPEN if today <= last_day else LATE
