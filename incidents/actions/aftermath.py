"""After an incident: reviews, event summaries, problems, and the actions that follow."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date, refuse_before
from accounts.rules.refusal import Refused
from incidents.models import (
    EventSummary,
    FollowUp,
    Incident,
    IncidentReview,
    IncidentUpdate,
    Problem,
)
from incidents.queries.aftermath import ended_events, incidents_in_event, window_of
from incidents.rules.aftermath import check_problem, check_review_held, check_summary_closes
from services.scheduling.models import Booking, SuccessActivity
from workorders.queries.locations import zone_of

OUTCOME = 8_000


def open_review(
    incident: Incident, *, participants: Iterable[str], clauses: Iterable[str], now: datetime
) -> IncidentReview:
    """The task that a severity 1 under UER leaves at its closure, once."""
    review, _new = IncidentReview.objects.get_or_create(
        incident=incident,
        defaults={
            "participants": sorted(participants),
            "clauses": list(clauses),
            "created_at": now,
        },
    )
    return review


@transaction.atomic
def plan_review(*, review: IncidentReview, planned_on: date | None, by: User) -> IncidentReview:
    """Set the day of a review, which the text leaves open; an empty one takes it away."""
    require_account_manager(by)
    current = _review(review)
    if current.held_on is not None:
        raise Refused("already_recorded", clause="2.5-UE8", at=current.held_on)
    current.planned_on = planned_on
    current.save(update_fields=["planned_on"])
    return current


@transaction.atomic
def hold_review(
    *,
    review: IncidentReview,
    held_on: date,
    attendees: str,
    went_well: str,
    to_improve: str,
    by: User,
    now: datetime,
) -> IncidentReview:
    """Record the review: who was there, what went well, what to improve. Once."""
    require_account_manager(by)
    current = _review(review)
    if current.held_on is not None:
        raise Refused("already_recorded", clause="2.5-UE8", at=current.held_on)
    zone = current.incident.location.time_zone
    closed_at = current.incident.closed_at
    outcome = {
        "attendees": written(attendees, field="attendees", limit=OUTCOME),
        "went_well": written(went_well, field="went_well", limit=OUTCOME),
        "to_improve": written(to_improve, field="to_improve", limit=OUTCOME),
    }
    check_review_held(
        closed_on=local_date(closed_at, zone) if closed_at else None,
        held_on=held_on,
        today=local_date(now, zone),
        outcome=outcome,
    )
    IncidentReview.objects.filter(pk=current.pk).update(held_on=held_on, held_by=by, **outcome)
    IncidentUpdate.objects.create(
        incident=current.incident,
        at=now,
        kind=IncidentUpdate.Kind.REVIEW_HELD,
        by=by,
        author=by.name,
        data={"held_on": held_on.isoformat()},
        clauses=["2.5-UE8"],
    )
    return _review(review)


@transaction.atomic
def open_event_summaries(*, now: datetime) -> int:
    """The task of a summary for every Azure event whose window has ended; how many are new."""
    made = 0
    for booking in ended_events(now):
        _row, is_new = EventSummary.objects.get_or_create(
            booking=booking, defaults={"customer": booking.customer, "created_at": now}
        )
        made += is_new
    return made


@transaction.atomic
def close_event_summary(
    *, summary: EventSummary, text: str, by: User, now: datetime
) -> EventSummary:
    """Give the summary once every incident opened in the window is closed; once."""
    require_account_manager(by)
    words = written(text, field="text", limit=20_000, required=True)
    current = EventSummary.objects.select_for_update(of=("self",)).get(pk=summary.pk)
    if current.closed_at is not None:
        raise Refused("already_recorded", clause="A-AE9", at=current.closed_at)
    booking = Booking.objects.select_related("location", "customer").get(pk=current.booking_id)
    inside = incidents_in_event(booking)
    today = local_date(now, booking.location.time_zone)
    check_summary_closes(
        last_day=window_of(booking).last_day,
        today=today,
        still_open=sum(1 for one in inside if one.closed_at is None),
    )
    current.text, current.closed_at, current.closed_by = words, now, by
    current.save(update_fields=["text", "closed_at", "closed_by"])
    return current


@transaction.atomic
def open_problem(
    *,
    title: str,
    incidents: Iterable[Incident],
    by: User,
    now: datetime,
    cause: str = "",
) -> Problem:
    """Group incidents that recur: at least two of one customer."""
    require_account_manager(by)
    grouped = list(incidents)
    customers = {one.customer_id for one in grouped}
    check_problem(incidents=len({one.pk for one in grouped}), customers=len(customers))
    problem = Problem.objects.create(
        customer=grouped[0].customer,
        title=written(title, field="title", limit=160, required=True),
        cause=written(cause, field="cause", limit=OUTCOME),
        opened_at=now,
        opened_by=by,
    )
    problem.incidents.set(grouped)
    return problem


@transaction.atomic
def add_to_problem(*, problem: Problem, incident: Incident, by: User) -> Problem:
    """One more incident with the same cause; a solved problem takes none."""
    require_account_manager(by)
    current = Problem.objects.select_for_update(of=("self",)).get(pk=problem.pk)
    if current.solved_at is not None:
        raise Refused("problem_solved", clause="2.4-AP22", at=current.solved_at)
    if incident.customer_id != current.customer_id:
        raise Refused("one_customer", clause="2.4-AP22", field="incident")
    current.incidents.add(incident)
    return current


@transaction.atomic
def solve_problem(*, problem: Problem, cause: str, by: User, now: datetime) -> Problem:
    """Record the cause and that it is removed; once."""
    require_account_manager(by)
    words = written(cause, field="cause", limit=OUTCOME, required=True)
    current = Problem.objects.select_for_update(of=("self",)).get(pk=problem.pk)
    if current.solved_at is not None:
        raise Refused("problem_solved", clause="2.4-AP22", at=current.solved_at)
    if now < current.opened_at:
        raise ValueError("a problem is solved after it was opened")
    current.cause, current.solved_at = words, now
    current.save(update_fields=["cause", "solved_at"])
    return current


@transaction.atomic
def add_follow_up(
    *,
    text: str,
    owner: str,
    by: User,
    now: datetime,
    incident: Incident | None = None,
    problem: Problem | None = None,
    due_on: date | None = None,
    activity: SuccessActivity | None = None,
) -> FollowUp:
    """An action that a review, an analysis or a problem leaves, with who does it until when.

    It may be tracked under an `activity` of the customer's success plan that isn't over.
    """
    require_account_manager(by)
    subject = incident or problem
    if subject is None or (incident and problem):
        raise ValueError("an action follows from one incident or one problem")
    customer: Customer = subject.customer
    if due_on is not None:
        refuse_before(local_date(now, zone_of(customer)), due_on, field="due_on")
    if activity is not None and activity.customer_id != customer.pk:
        raise Refused("plan_of_another", field="activity")
    if activity is not None and (activity.done_on or activity.dropped_reason):
        raise Refused("plan_row_over", clause="B-S10", field="activity")
    return FollowUp.objects.create(
        customer=customer,
        activity=activity,
        incident=incident,
        problem=problem,
        text=written(text, field="text", limit=300, required=True),
        owner=written(owner, field="owner", limit=120, required=True),
        due_on=due_on,
        created_at=now,
        created_by=by,
    )


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: User, now: datetime) -> FollowUp:
    """Record that an action is done; once."""
    require_account_manager(by)
    done = FollowUp.objects.filter(pk=follow_up.pk, done_at=None).update(done_at=now)
    current = FollowUp.objects.get(pk=follow_up.pk)
    if not done:
        raise Refused("already_recorded", at=current.done_at)
    return current


def _review(review: IncidentReview) -> IncidentReview:
    """The review as it stands, kept until the transaction ends."""
    rows = IncidentReview.objects.select_for_update(of=("self",))
    return rows.select_related("incident__location").get(pk=review.pk)
