"""Severities, states of clocks and entries of the timeline as icon, word and role colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.wording import formats
from incidents.models import IncidentUpdate

g = gettext_lazy
Kind = IncidentUpdate.Kind

NEAR, CLOSE = 75, 90


@dataclass(frozen=True, slots=True)
class Shown:
    """What `components/status.html` takes."""

    word: str
    icon: str
    role: str = ""


def role_at(percent: int) -> str:
    """The role colour of a share of the time that has run."""
    return "late" if percent >= CLOSE else "risk" if percent >= NEAR else ""


def fill_at(state: str, percent: int) -> str:
    """The fill of what has run."""
    if state == "closed":
        return "f-pause"
    if state in {"late", "missed"}:
        return "f-late"
    if state == "met":
        return "f-used"
    return {"late": "f-late", "risk": "f-risk"}.get(role_at(percent), "f-used")


def clock_state(state: str, percent: int) -> Shown:
    """How a clock stands."""
    if state == "met":
        return Shown(_("Met, %(share)s used") % {"share": formats.share(percent)}, "check", "ok")
    if state == "missed":
        return Shown(_("Missed"), "alert-triangle", "late")
    if state == "closed":
        return Shown(_("Closed without one"), "circle-off", "pause")
    if state == "paused":
        words = _("Paused, %(share)s used") % {"share": formats.share(percent)}
        return Shown(words, "player-pause", "pause")
    if state == "late":
        return Shown(_("Late, runs on"), "alert-triangle", "late")
    role = role_at(percent)
    icon = {"late": "alert-triangle", "risk": "clock"}.get(role, "player-play")
    return Shown(_("Running, %(share)s") % {"share": formats.share(percent)}, icon, role)


def left_words(minutes: int) -> str:
    """``11 minutes left``, ``42 minutes late``."""
    words = formats.duration(abs(minutes))
    return (_("%(duration)s late") if minutes < 0 else _("%(duration)s left")) % {"duration": words}


def answered_words(state: str, minutes: int) -> str:
    """How far before or after its target a clock was stopped."""
    words = formats.duration(abs(minutes))
    return (_("%(duration)s to spare") if state == "met" else _("%(duration)s late")) % {
        "duration": words
    }


SEVERITIES: Mapping[str, Any] = {
    "1": g("Severity 1"),
    "A": g("Severity A"),
    "B": g("Severity B"),
    "C": g("Severity C"),
}
# What the clock of a duty is called where there is little room.
DUTY_CLOCKS: Mapping[str, Any] = {
    "change_control_access": g("access and answer"),
    "respond": g("answer"),
}
ICONS: Mapping[str, str] = {
    Kind.OPENED: "circle-plus",
    Kind.CONTACT: "message",
    Kind.NOTE: "note",
    Kind.SEVERITY: "arrows-sort",
    Kind.SEVERITY_ASKED: "message-question",
    Kind.ASSIGNED: "user-plus",
    Kind.ASKED: "player-play",
    Kind.DUTY_MET: "check",
    Kind.PAUSED: "player-pause",
    Kind.RESUMED: "player-play",
    Kind.DUTY_FAILED: "circle-off",
    Kind.STEP_DOWN: "arrow-down",
    Kind.RESTORED: "arrow-up",
    Kind.MITIGATED: "shield-check",
    Kind.CLOSED: "lock",
    Kind.REVIEW: "clipboard-check",
    Kind.REVIEW_HELD: "clipboard-check",
    Kind.ROLE_ASKED: "user-plus",
    Kind.ENGINEER_TIME: "clock",
    Kind.ANALYSIS: "microscope",
    Kind.ANALYSIS_INFO: "message",
    Kind.ANALYSIS_DELIVERED: "microscope",
    Kind.WARNED: "bell",
}
CHANNEL_ICONS: Mapping[str, str] = {
    "phone": "phone",
    "email": "mail",
    "chat": "message-circle",
    "portal": "message",
    "web": "world",
}


def update_icon(update: IncidentUpdate) -> str:
    """The icon of an entry of the timeline."""
    if update.kind in {Kind.CONTACT, Kind.OPENED}:
        return "robot" if update.automated else CHANNEL_ICONS.get(update.channel, "message")
    if update.kind == Kind.SEVERITY:
        return (
            "arrow-up" if update.data.get("to", "") < update.data.get("from", "") else "arrow-down"
        )
    return ICONS.get(update.kind, "point")


def list_state(state: str, percent: int, *, is_closed: bool) -> Shown:
    """How an incident stands, in a list."""
    if state == "missed":
        return Shown(_("Answered late"), "alert-triangle", "late")
    if is_closed:
        return Shown(_("Closed"), "lock", "pause")
    if state == "met":
        return Shown(_("Answered"), "check", "ok")
    if state == "late":
        return Shown(_("Late"), "alert-triangle", "late")
    role = role_at(percent)
    icon = {"late": "alert-triangle", "risk": "clock"}.get(role, "player-play")
    return Shown(_("Close to target") if role else _("Clock runs"), icon, role)
