"""The right to a root cause analysis in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules.explained import Explained
from accounts.rules.refusal import Refused
from accounts.wording import formats
from incidents.wording.states import Shown

REGIME_CLAUSES: Mapping[str, tuple[str, ...]] = {
    "base": ("2.3-RE20",),
    "uer": ("2.5-UE13",),
    "mcsap": ("2.4-AP23",),
}


@dataclass(frozen=True, slots=True)
class Check:
    """A condition, how it stands, and its clause."""

    words: str
    answer: str
    icon: str
    role: str = ""
    clause: str = ""


def analysis_state(refusal: Refused | None, *, is_asked: bool, by_others: bool) -> Shown:
    """Whether it may be asked for."""
    if is_asked:
        return Shown(_("Requested"), "check", "ok")
    if refusal is None:
        return Shown(_("May be asked for now"), "check", "ok")
    if by_others:
        return Shown(_("Others may ask for it"), "user-check", "pause")
    return Shown(_("Can't be asked for"), "ban", "pause")


def until_words(regime: str, last_day: Explained[date] | None, days: int) -> str:
    """Until when."""
    if last_day is not None:
        return _("Up to and including %(day)s") % {"day": formats.day(last_day.result)}
    if regime == "mcsap":
        return ngettext(
            "Up to %(count)s day after the closure, that day included",
            "Up to %(count)s days after the closure, that day included",
            days,
        ) % {"count": days}
    return _("Before the incident is closed; a request at the closing instant is late")


def due_in_words(regime: str, due: Explained[date] | None, days: int) -> str:
    """When the analysis would be due."""
    if due is not None:
        return _("%(day)s if it is asked for today") % {"day": formats.day(due.result)}
    if regime == "mcsap":
        return ngettext(
            "%(count)s business day after the later of request and mitigation",
            "%(count)s business days after the later of request and mitigation",
            days,
        ) % {"count": days}
    return _("The text names no date for this product")


def analysis_checks(
    regime: str,
    refusal: Refused | None,
    *,
    in_time: bool,
    handed_in: tuple[int, int] | None,
    short_name: str,
) -> tuple[Check, ...]:
    """What it takes, in the order of the text; `handed_in`: how much of how much material."""
    code = refusal.code if refusal else ""
    person = {
        "mcsap": (_("At severity 1 and A in production the designated engineer asks"), "2.4-AP26"),
        "uer": (_("Asked by customer, CSAM or incident managers"), "2.5-UE11"),
    }.get(regime, (_("Asked explicitly by the customer"), "2.3-RE20"))
    checks = [
        _check(_("Asked in time"), in_time),
        _check(person[0], code != "wrong_requester", person[1]),
    ]
    if regime == "mcsap":
        alone = code != "other_customers_affected"
        checks.append(_check(_("No other customer is affected"), alone, "2.4-AP24"))
    else:
        words = _("Fee possible, not part of the base package")
        checks.append(Check(words, _("quote first"), "coin", "risk", "2.3-RE22"))
    if code == "technology_not_eligible":
        checks.append(
            _check(_("An analysis exists for this technology"), holds=False, clause="2.3-RE22")
        )
    words = _("%(customer)s supplies logs and traces") % {"customer": short_name}
    checks.append(_material(words, handed_in))
    return tuple(checks)


def _material(words: str, handed_in: tuple[int, int] | None) -> Check:
    clause = "2.3-RE21"
    if not handed_in or not handed_in[0]:
        return Check(words, _("open"), "circle", clause=clause)
    done, all_of_it = handed_in
    if done == all_of_it:
        return _check(words, holds=True, clause=clause)
    told = _("%(count)s of %(total)s") % {"count": done, "total": all_of_it}
    return Check(words, told, "circle", clause=clause)


def _check(words: str, holds: bool, clause: str = "") -> Check:
    if holds:
        return Check(words, _("yes"), "check", "ok", clause)
    return Check(words, _("no"), "x", "late", clause)
