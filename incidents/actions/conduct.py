"""The customer's side: pauses, what it can't supply, and the transitions that may follow."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.actions.checks import require_account_manager, written
from accounts.models import User
from accounts.queries.calendars import business_hours
from accounts.rules.refusal import Refused
from incidents.actions.checks import duty_again, moment, take
from incidents.actions.news import tell_people
from incidents.actions.severity import change_severity
from incidents.actions.warnings import duty_warning_after
from incidents.models import DutyPause, Incident, IncidentDuty, IncidentUpdate, StepDown
from incidents.queries.conduct import governing_chart, missed_duties, running_pause
from incidents.queries.recipients import customers_people
from incidents.rules.charts import Clauses
from incidents.rules.conduct import Step, check_cannot_supply, check_step
from incidents.rules.pauses import check_pause, due_after_pause

Kind = IncidentUpdate.Kind
REASON = 300


@transaction.atomic
def pause_duty(
    *,
    incident: Incident,
    duty: IncidentDuty,
    reason: str,
    by: User,
    now: datetime,
    at: datetime | None = None,
) -> IncidentDuty:
    """Stop the customer's clock while it waits for Microsoft; the reason is kept.

    Refused where no clause lets the clock stand still (see `check_pause`).
    """
    require_account_manager(by)
    current = take(incident)
    row = duty_again(current, duty)
    words = written(reason, field="reason", limit=REASON, required=True)
    paused_at = moment(at, incident=current, now=now)
    if row.asked_at is None or row.due_at is None:
        raise Refused("no_running_clock", clause=", ".join(row.clauses))
    if row.met_at is not None:
        raise Refused("already_recorded", at=row.met_at)
    if paused_at < max([row.asked_at, *_ends(row)]):
        raise Refused("before_request", field="at", asked_at=max([row.asked_at, *_ends(row)]))
    check_pause(
        row.clock,  # type: ignore[arg-type]
        of_customer=True,
        due_at=row.due_at,
        paused_at=paused_at,
        is_paused=running_pause(row) is not None,
    )
    try:
        with transaction.atomic():
            DutyPause.objects.create(duty=row, paused_at=paused_at, paused_by=by, reason=words)
    except IntegrityError:
        raise Refused("already_paused", clause="A-BS12") from None
    IncidentDuty.objects.filter(pk=row.pk).update(warn_at=None)
    _tell(current, row, Kind.PAUSED, words, by=by, at=paused_at)
    return duty_again(current, row)


@transaction.atomic
def resume_duty(
    *,
    incident: Incident,
    duty: IncidentDuty,
    by: User,
    now: datetime,
    at: datetime | None = None,
    text: str = "",
) -> IncidentDuty:
    """Let the customer's clock go on; what was left at the pause is left now."""
    require_account_manager(by)
    current = take(incident)
    row = duty_again(current, duty)
    resumed_at = moment(at, incident=current, now=now)
    if not end_pause(current, row, by=by, at=resumed_at):
        raise Refused("not_paused", clause="A-BS12")
    words = written(text, field="text", limit=REASON)
    _tell(current, row, Kind.RESUMED, words, by=by, at=resumed_at)
    return duty_again(current, row)


def end_pause(incident: Incident, duty: IncidentDuty, *, by: User, at: datetime) -> bool:
    """Let a paused clock go on from `at` and move its end; whether it was paused."""
    pause = duty.pauses.filter(resumed_at=None).first()
    if pause is None or duty.due_at is None:
        return False
    if at < pause.paused_at:
        raise Refused("before_request", field="at", asked_at=pause.paused_at)
    due = due_after_pause(
        duty.due_at,
        paused_at=pause.paused_at,
        resumed_at=at,
        hours=business_hours(incident.location),
    )
    resumed = DutyPause.objects.filter(pk=pause.pk, resumed_at=None).update(
        resumed_at=at, resumed_by=by
    )
    if not resumed:
        return False
    IncidentDuty.objects.filter(pk=duty.pk).update(due_at=due.result, explained=due.as_data())
    moved = duty_again(incident, duty)
    IncidentDuty.objects.filter(pk=duty.pk).update(warn_at=duty_warning_after(incident, moved))
    return True


@transaction.atomic
def record_cannot_supply(
    *, incident: Incident, duty: IncidentDuty, reason: str, by: User, now: datetime
) -> IncidentDuty:
    """Put on record that the customer can't do a duty that has no time of its own.

    Nothing changes by it; the transition that the chart allows is offered from then on.
    """
    require_account_manager(by)
    current = take(incident)
    row = duty_again(current, duty)
    words = written(reason, field="reason", limit=2_000, required=True)
    check_cannot_supply(
        is_timed=row.minutes is not None,
        is_met=row.met_at is not None,
        has_failed=row.failed_at is not None,
    )
    IncidentDuty.objects.filter(pk=row.pk, failed_at=None, met_at=None).update(failed_at=now)
    _tell(current, row, Kind.DUTY_FAILED, words, by=by, at=now)
    tell_people(
        current,
        "duty_failed",
        customers_people(current),
        now=now,
        offset=row.code,
        duty=row.code,
        reason=words,
    )
    return duty_again(current, row)


@transaction.atomic
def lower_for_missed_duty(
    *, incident: Incident, to: str, reason: str, by: User, now: datetime, version: int | None = None
) -> StepDown:
    """Lower the severity because the customer couldn't supply what it takes (A-BS20, A-UE9)."""
    require_account_manager(by)
    current = take(incident, version=version)
    clauses = _allowed("lower_severity", current, now=now, to=to)
    step = _step(current, StepDown.Kind.LOWER_SEVERITY, reason, clauses, by=by, now=now)
    change_severity(incident=current, to=to, reason=reason, by=by, now=now)
    return step


@transaction.atomic
def step_down(
    *, incident: Incident, reason: str, by: User, now: datetime, version: int | None = None
) -> StepDown:
    """Stop working around the clock; severity and target stay (A-AP5, A-AE7, A-SE5, A-AR5)."""
    require_account_manager(by)
    current = take(incident, version=version)
    clauses = _allowed("lose_24x7", current, now=now)
    step = _step(current, StepDown.Kind.LOSE_24X7, reason, clauses, by=by, now=now)
    changed = Incident.objects.filter(pk=current.pk, stepped_down_at=None).update(
        stepped_down_at=now, version=F("version") + 1
    )
    if not changed:
        raise Refused("already_stepped_down", clause="X-36")
    _told_step(current, step, Kind.STEP_DOWN, by=by, now=now)
    return step


@transaction.atomic
def restore_round_the_clock(
    *, incident: Incident, reason: str, by: User, now: datetime
) -> StepDown:
    """Work around the clock again once the customer supplies what it takes."""
    require_account_manager(by)
    current = take(incident)
    changed = Incident.objects.filter(pk=current.pk, stepped_down_at__isnull=False).update(
        stepped_down_at=None, version=F("version") + 1
    )
    if not changed:
        raise Refused("not_stepped_down", clause="X-36")
    step = _step(current, StepDown.Kind.RESTORED, reason, ("X-36",), by=by, now=now)
    _told_step(current, step, Kind.RESTORED, by=by, now=now)
    return step


def _allowed(step: Step, incident: Incident, *, now: datetime, to: str = "") -> Clauses:
    return check_step(
        step,
        governing_chart(incident),
        incident.severity,
        missed=[duty.code for duty in missed_duties(incident, now)],
        stepped_down=incident.stepped_down_at is not None,
        to=to,
    )


def _step(
    incident: Incident, kind: str, reason: str, clauses: Clauses, *, by: User, now: datetime
) -> StepDown:
    return StepDown.objects.create(
        incident=incident,
        kind=kind,
        at=now,
        by=by,
        reason=written(reason, field="reason", limit=2_000, required=True),
        duties=[duty.code for duty in missed_duties(incident, now)],
        chart_code=incident.resolution["chart"],
        clauses=list(clauses),
    )


def _told_step(incident: Incident, step: StepDown, kind: str, *, by: User, now: datetime) -> None:
    IncidentUpdate.objects.create(
        incident=incident,
        at=now,
        kind=kind,
        by=by,
        author=by.name,
        text=step.reason,
        data={"duties": step.duties},
        clauses=step.clauses,
    )
    tell_people(
        incident,
        "step_down" if kind == Kind.STEP_DOWN else "restored",
        customers_people(incident),
        now=now,
        offset=str(step.pk),
        reason=step.reason,
    )


def _tell(
    incident: Incident, duty: IncidentDuty, kind: str, text: str, *, by: User, at: datetime
) -> None:
    IncidentUpdate.objects.create(
        incident=incident,
        at=at,
        kind=kind,
        by=by,
        author=by.name,
        text=text,
        data={"duty": duty.code},
        clauses=["A-BS12"] if kind in {Kind.PAUSED, Kind.RESUMED} else duty.clauses,
    )


def _ends(duty: IncidentDuty) -> list[datetime]:
    """When earlier pauses ended."""
    return [one.resumed_at for one in duty.pauses.all() if one.resumed_at is not None]
