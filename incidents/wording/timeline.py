"""Entries of an incident's timeline in words: what happened, and what it changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.wording import formats
from incidents.models import Channel, IncidentUpdate
from incidents.wording.states import update_icon

Kind = IncidentUpdate.Kind
PASSED = 100
OF_ROLES = {Kind.ASSIGNED, Kind.ROLE_ASKED}
Name = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the headline, what people wrote, what it meant for the clocks."""

    update: IncidentUpdate
    icon: str
    title: str
    note: str
    clauses: tuple[str, ...]
    changed_no_clock: bool


def entry_of(update: IncidentUpdate, *, zone: str, duty: Name, role: Name) -> Entry:
    """The words for an update."""
    of_role = update.kind in OF_ROLES or bool(update.data.get("role"))
    title = _TITLES.get(update.kind, _plain)(update, role if of_role else duty)
    note, clauses, idle = _note(update, zone=zone, role=role)
    return Entry(update, update_icon(update), title, note, clauses, idle)


def _channel(update: IncidentUpdate) -> str:
    return str(Channel(update.channel).label) if update.channel else ""


def _who(update: IncidentUpdate) -> str:
    return update.author or (update.by.name if update.by else "")


def _opened(update: IncidentUpdate, _duty: Name) -> str:
    words = {"severity": update.data.get("severity", ""), "channel": _channel(update)}
    who = _who(update)
    if not who:
        return _("Opened as severity %(severity)s by %(channel)s") % words
    return _("Opened as severity %(severity)s by %(channel)s, %(who)s") % {**words, "who": who}


def _contact(update: IncidentUpdate, _duty: Name) -> str:
    if update.automated:
        return _("Automatic message by %(channel)s") % {"channel": _channel(update)}
    words = {"channel": _channel(update), "who": _who(update)}
    if update.data.get("first_response"):
        return _("First response by %(channel)s, %(who)s") % words
    return _("Contact by %(channel)s, %(who)s") % words


def _said(update: IncidentUpdate, _duty: Name) -> str:
    return _("Note by %(who)s") % {"who": _who(update)}


def _severity(update: IncidentUpdate, _duty: Name) -> str:
    words = {"old": update.data.get("from"), "new": update.data.get("to"), "who": _who(update)}
    if update.kind == Kind.SEVERITY_ASKED:
        return _("%(who)s asks for severity %(new)s instead of %(old)s") % words
    if str(words["new"]) < str(words["old"]):
        return _("Severity raised from %(old)s to %(new)s by %(who)s") % words
    return _("Severity lowered from %(old)s to %(new)s by %(who)s") % words


def _asked(update: IncidentUpdate, duty: Name) -> str:
    return _("Customer asked: %(duty)s") % {"duty": duty(update.data.get("duty", ""))}


def _duty_met(update: IncidentUpdate, duty: Name) -> str:
    return _("Customer did it: %(duty)s") % {"duty": duty(update.data.get("duty", ""))}


def _paused(update: IncidentUpdate, duty: Name) -> str:
    words = {"duty": duty(update.data.get("duty", "")), "who": _who(update)}
    if update.kind == Kind.RESUMED:
        return _("The customer's clock goes on: %(duty)s") % words
    return _("The customer's clock is paused by %(who)s: %(duty)s") % words


def _duty_failed(update: IncidentUpdate, duty: Name) -> str:
    return _("The customer can't do it: %(duty)s") % {"duty": duty(update.data.get("duty", ""))}


def _stepped(update: IncidentUpdate, _duty: Name) -> str:
    if update.kind == Kind.RESTORED:
        return _("Worked on 24 × 7 again, decided by %(who)s") % {"who": _who(update)}
    return _("No longer worked on 24 × 7, decided by %(who)s") % {"who": _who(update)}


def _assigned(update: IncidentUpdate, role: Name) -> str:
    words = {"role": role(update.data.get("role", "")), "who": _who(update)}
    if update.data.get("successor"):
        return _("%(role)s: %(who)s takes over") % words
    return _("%(role)s: %(who)s assigned") % words


def _role_asked(update: IncidentUpdate, role: Name) -> str:
    words = {"role": role(update.data.get("role", "")), "who": _who(update)}
    return _("%(who)s asks to join: %(role)s") % words


def _engineer_time(update: IncidentUpdate, _duty: Name) -> str:
    return _("%(time)s of the designated engineer deducted") % {
        "time": formats.duration(update.data.get("minutes", 0))
    }


def _analysis_info(update: IncidentUpdate, _duty: Name) -> str:
    if update.data.get("available"):
        return _("Told: a root cause analysis is available for this technology")
    return _("Told: no root cause analysis is available for this technology")


def _mitigated(update: IncidentUpdate, _duty: Name) -> str:
    return _("Mitigated, recorded by %(who)s") % {"who": _who(update)}


def _closed(update: IncidentUpdate, _duty: Name) -> str:
    return _("Closed by %(who)s") % {"who": _who(update)}


def _review(update: IncidentUpdate, _duty: Name) -> str:
    return _("A review with the customer follows")


def _analysis(update: IncidentUpdate, _duty: Name) -> str:
    return _("Root cause analysis requested by %(who)s") % {"who": _who(update)}


def _warned(update: IncidentUpdate, name: Name) -> str:
    people = _named(update.data.get("people", ()), str) or _("nobody")
    if update.data.get("duty"):
        return _duty_warned(update, name(update.data["duty"]), people)
    if update.data.get("role"):
        return _role_warned(update, name(update.data["role"]), people)
    if update.data.get("percent") == PASSED:
        return _("The target passed: %(people)s notified") % {"people": people}
    share = formats.share(update.data.get("percent", 0))
    return _("%(share)s of the target used: %(people)s notified") % {
        "share": share,
        "people": people,
    }


def _duty_warned(update: IncidentUpdate, duty: str, people: str) -> str:
    if update.data.get("percent") == PASSED:
        return _("The customer's time has passed, %(duty)s: %(people)s notified") % {
            "duty": duty,
            "people": people,
        }
    return _("%(share)s of the customer's time used, %(duty)s: %(people)s notified") % {
        "share": formats.share(update.data.get("percent", 0)),
        "duty": duty,
        "people": people,
    }


def _role_warned(update: IncidentUpdate, role: str, people: str) -> str:
    words = {
        "role": role,
        "people": people,
        "share": formats.share(update.data.get("percent", 0)),
    }
    if update.data.get("percent") == PASSED:
        return _("Nobody was assigned in time, %(role)s: %(people)s notified") % words
    return _("%(share)s of the time to assign used, %(role)s: %(people)s notified") % words


def _plain(update: IncidentUpdate, _duty: Name) -> str:
    return str(update.get_kind_display())


_TITLES: dict[str, Callable[[IncidentUpdate, Name], str]] = {
    Kind.OPENED: _opened,
    Kind.CONTACT: _contact,
    Kind.NOTE: _said,
    Kind.SEVERITY: _severity,
    Kind.SEVERITY_ASKED: _severity,
    Kind.ASKED: _asked,
    Kind.DUTY_MET: _duty_met,
    Kind.ASSIGNED: _assigned,
    Kind.ROLE_ASKED: _role_asked,
    Kind.ENGINEER_TIME: _engineer_time,
    Kind.ANALYSIS_INFO: _analysis_info,
    Kind.PAUSED: _paused,
    Kind.RESUMED: _paused,
    Kind.DUTY_FAILED: _duty_failed,
    Kind.STEP_DOWN: _stepped,
    Kind.RESTORED: _stepped,
    Kind.MITIGATED: _mitigated,
    Kind.CLOSED: _closed,
    Kind.REVIEW: _review,
    Kind.ANALYSIS: _analysis,
    Kind.WARNED: _warned,
}


def _note(update: IncidentUpdate, *, zone: str, role: Name) -> tuple[str, tuple[str, ...], bool]:
    """What it meant for the clocks; the last says that it meant nothing."""
    match update.kind:
        case Kind.CONTACT:
            return _contact_note(update)
        case Kind.SEVERITY:
            return _severity_note(update.data, zone, role), ("0-C15",), False
        case (
            Kind.PAUSED
            | Kind.RESUMED
            | Kind.DUTY_FAILED
            | Kind.ASSIGNED
            | Kind.ROLE_ASKED
            | Kind.ENGINEER_TIME
            | Kind.ANALYSIS_INFO
            | Kind.ANALYSIS_DELIVERED
            | Kind.REVIEW_HELD
        ):
            return "", tuple(update.clauses), False
        case Kind.STEP_DOWN:
            return _("Severity and target stay."), tuple(update.clauses), False
        case Kind.SEVERITY_ASKED:
            return _("Microsoft decides."), ("2.3-RE11",), False
        case Kind.REVIEW:
            people = _named(update.data.get("participants", ()), role)
            words = _("With %(people)s; the text names no date.") % {"people": people}
            return words, tuple(update.clauses), False
        case Kind.ANALYSIS:
            return _("The customer supplies logs and traces."), tuple(update.clauses), False
    return "", (), update.kind in {Kind.NOTE, Kind.WARNED}


def _contact_note(update: IncidentUpdate) -> tuple[str, tuple[str, ...], bool]:
    if update.data.get("first_response"):
        in_time = update.data.get("met")
        words = (
            _("Microsoft's clock stops, in time.")
            if in_time
            else _("Microsoft's clock stops, late.")
        )
        return words, ("2.3-RE14",), False
    if update.automated:
        return _("Changed no clock: not a person."), ("2.3-RE14",), True
    if update.channel not in {Channel.PHONE, Channel.EMAIL}:
        return _("Changed no clock: neither phone nor e-mail."), ("2.3-RE14",), True
    return "", (), True


def _named(codes: Iterable[str], role: Name) -> str:
    return listed(map(role, codes))


def listed(words: Iterable[str]) -> str:
    """One after another, as the reader's language separates them."""
    return ("、" if formats.is_chinese() else ", ").join(words)


def _severity_note(data: dict[str, Any], zone: str, role: Name) -> str:
    parts = []
    if data.get("roles"):
        parts.append(_("Joins: %(names)s.") % {"names": _named(data["roles"], role)})
    if data.get("old_due") and data.get("new_due"):
        due = formats.instant(datetime.fromisoformat(data["new_due"]), zone)
        same = data["old_due"] == data["new_due"]
        parts.append(
            (_("The target stays %(due)s.") if same else _("New target %(due)s.")) % {"due": due}
        )
    return formats.sentences(*parts)
