"""States of scenarios, improvement plans and parts of an onboarding; the usual tasks."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as g

from services.scheduling.models import OnboardingTask
from workorders.models import Deadline
from workorders.wording.states import Shown

Part, Owner = OnboardingTask.Part, Deadline.Owner

SCENARIO_STATES = {
    shown.code: shown
    for shown in (
        Shown("defined", g("Defined"), "pencil", "pause"),
        Shown("ready", g("Ready for testing"), "flask", "risk"),
        Shown("tested", g("Tested"), "clipboard-check", "risk"),
        Shown("active", g("Active"), "check", "ok"),
        Shown("retired", g("Retired"), "archive", "pause"),
    )
}
# What is recorded next, by state.
NEXT_STEPS = {
    "defined": ("ready", g("Ready for testing")),
    "ready": ("tested", g("Tests complete")),
    "tested": ("active", g("Tell the customer: active")),
}
PLAN_STATES = {
    shown.code: shown
    for shown in (
        Shown("requested", g("Requested"), "clock", "risk"),
        Shown("scheduled", g("Scheduled"), "calendar", "ok"),
        Shown("delivered", g("Delivered"), "circle-check", "pause"),
        Shown("declined", g("Declined"), "ban", "pause"),
        Shown("withdrawn", g("Withdrawn"), "arrow-back-up", "pause"),
    )
}
PART_CLAUSES = {
    Part.INTAKE: ("2.4-AP10", "2.4-AP11"),
    Part.MATERIAL: ("2.4-AP38",),
    Part.ONBOARDING: ("2.4-AP9", "2.4-AP13"),
}
UER_CLAUSES = ("2.5-UE15",)


def usual_tasks(parts: Collection[str]) -> list[tuple[str, str, str]]:
    """What an onboarding of these parts usually begins with: part, owner, title.

    Titles are in the reader's language.
    """
    kick_off = (Part.ONBOARDING, Owner.CSAM, _("Kick-off with the customer and the engineers"))
    documents = (
        Part.ONBOARDING,
        Owner.CUSTOMER,
        _("Documents on the environment that the team asks for"),
    )
    if Part.INTAKE not in parts:
        goals = (Part.ONBOARDING, Owner.CUSTOMER, _("Business goals and critical systems"))
        return [kick_off, goals, documents]
    intake = [
        (Part.INTAKE, Owner.CUSTOMER, _("Subscriptions and production workloads")),
        (Part.INTAKE, Owner.CUSTOMER, _("Contacts, escalation path and time zones")),
        (Part.INTAKE, Owner.CUSTOMER, _("Business and technical needs")),
        (Part.INTAKE, Owner.CSAM, _("Intake document checked together")),
    ]
    plus = [
        (Part.MATERIAL, Owner.CUSTOMER, _("Azure resources of each monitoring scenario")),
        (Part.MATERIAL, Owner.CUSTOMER, _("Contacts for messages about outages")),
        (Part.MATERIAL, Owner.CUSTOMER, _("What each trigger is to set off")),
    ]
    return [*intake, kick_off, documents, *(plus if Part.MATERIAL in parts else [])]
