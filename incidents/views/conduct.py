"""What Microsoft's people record about the customer's side, each in a dialog."""

from django.utils.translation import gettext_lazy as _

from incidents.actions import conduct
from incidents.forms.conduct import LowerForm, PauseForm, ReasonForm, StepForm
from incidents.queries.conduct import governing_chart
from incidents.rules.charts import Clauses
from incidents.views.acts import at_duty, duty_clauses, duty_of, duty_words
from incidents.views.dialog import Act, Case


def _footnote(case: Case) -> Clauses:
    """Where the governing chart says what may follow."""
    downgrade = governing_chart(case.incident).downgrade
    return downgrade.clauses if downgrade else ("X-36",)


duty_pause = Act(
    does=conduct.pause_duty,
    form=PauseForm,
    row=duty_of,
    subject=at_duty,
    title=_("Pause the customer's clock"),
    button=_("Pause clock"),
    said=_("The customer's clock is paused."),
    note=_("The customer's effort matches Microsoft's: it waits while Microsoft owes it."),
    clauses=("A-BS12", "A-BS13"),
)

duty_resume = Act(
    does=conduct.resume_duty,
    row=duty_of,
    subject=at_duty,
    title=_("Let the customer's clock go on"),
    button=_("Let it go on"),
    said=_("The customer's clock goes on."),
    note=_("The business time that was left at the pause is left now."),
    clauses=("A-BS12",),
)

duty_failed = Act(
    does=conduct.record_cannot_supply,
    form=ReasonForm,
    row=duty_of,
    subject=at_duty,
    title=_("The customer can't do it"),
    button=_("Record it"),
    said=_("It is recorded. What may follow is offered on this page."),
    note=duty_words,
    clauses=duty_clauses,
)

incident_lower = Act(
    does=conduct.lower_for_missed_duty,
    form=LowerForm,
    title=_("Lower the severity"),
    button=_("Lower the severity"),
    said=_("The severity is lowered."),
    note=_(
        "Without the customer's people or answers Microsoft may have to lower it. Before the "
        "first response the target of the lower severity runs from now on."
    ),
    clauses=lambda case: (*_footnote(case), "0-C15"),
)

incident_step_down = Act(
    does=conduct.step_down,
    form=StepForm,
    title=_("Stop 24 × 7 work"),
    button=_("Stop 24 × 7 work"),
    said=_("The incident is no longer worked on around the clock."),
    note=_("The effort steps down to business hours; severity and target stay as they are."),
    clauses=_footnote,
)

incident_restore = Act(
    does=conduct.restore_round_the_clock,
    form=ReasonForm,
    title=_("Work 24 × 7 again"),
    button=_("Work 24 × 7 again"),
    said=_("The incident is worked on around the clock again."),
)
