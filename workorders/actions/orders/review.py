"""A draft on its way to execution: submitted for review, returned, taken back."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import User
from accounts.rules.refusal import Refused
from workorders.actions.orders.drafts import count_edit, take_draft
from workorders.models import WorkOrder
from workorders.queries.recipients import reviewers_of

LONGEST_REASON = 300


@transaction.atomic
def submit_draft(
    *, order: WorkOrder, by: User, now: datetime, version: int | None = None
) -> WorkOrder:
    """Submit a draft for review; from now on it isn't edited until it is returned.

    Whoever drafted it submits it; anybody who manages the agreement where they have left.
    What stands against executing it is no obstacle: the review is there to see it.
    """
    draft = take_draft(order, version=version, by=by)
    if draft.scenario_of_id is not None:
        raise Refused("scenario_only_compared")
    if draft.created_by != by and draft.created_by.is_active:
        raise Refused("drafter_only", drafted_by=str(draft.created_by))
    draft.submitted_at = now
    draft.submitted_by = by
    draft.returned_reason = ""
    count_edit(draft, by=by, now=now, change="submitted")
    for person in reviewers_of(draft, now=now):
        if person != by:
            _tell(person, draft, "submitted", now)
    return draft


@transaction.atomic
def take_back(
    *, order: WorkOrder, by: User, now: datetime, version: int | None = None
) -> WorkOrder:
    """Take one's own submission back: a draft again, as if it had never been submitted."""
    draft = _in_review(order, version, by)
    if draft.submitted_by != by:
        raise Refused("submitter_only", submitted_by=str(draft.submitted_by))
    return _reopen(draft, by=by, now=now, change="taken back")


@transaction.atomic
def return_draft(
    *, order: WorkOrder, reason: str, by: User, now: datetime, version: int | None = None
) -> WorkOrder:
    """Return a draft to be changed, with the reason; whoever submitted it is told."""
    draft = _in_review(order, version, by)
    draft.returned_reason = _written(reason)
    submitter = draft.submitted_by
    _reopen(draft, by=by, now=now, change="returned")
    if submitter is not None and submitter != by:
        _tell(submitter, draft, "returned", now)
    return draft


def _in_review(order: WorkOrder, version: int | None, by: User) -> WorkOrder:
    draft = take_draft(order, version=version, by=by, in_review=True)
    if draft.submitted_at is None:
        raise Refused("not_in_review")
    return draft


def _reopen(draft: WorkOrder, *, by: User, now: datetime, change: str) -> WorkOrder:
    draft.submitted_at = None
    draft.submitted_by = None
    return count_edit(draft, by=by, now=now, change=change)


def _written(reason: str) -> str:
    text = reason.strip()
    if not text:
        raise Refused("reason_required", field="reason")
    if len(text) > LONGEST_REASON:
        raise Refused("too_long", field="reason", limit=LONGEST_REASON)
    return text


def _tell(person: User, draft: WorkOrder, news: str, now: datetime) -> None:
    tell(
        recipient=person,
        subject_key=f"order:{draft.pk}:{news}:{draft.version}",
        template=f"workorders/messages/{news}",
        context={"order": draft, "base_url": settings.BASE_URL},
        now=now,
        link=reverse("workorders:order-review", args=[draft.pk]),
        customer=draft.customer,
    )
