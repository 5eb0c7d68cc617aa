"""The dates of a draft: by when its allowance is allocated, by when a renewal is executed."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.money import Money
from accounts.wording import formats
from workorders.actions.deadlines import (
    Due,
    Subject,
    meet_deadlines,
    refresh_deadlines,
    waive_deadline,
)
from workorders.models import Deadline, FlexYear, WorkOrder
from workorders.queries.locations import zone_of
from workorders.rules.signing import allocation_due, renewal_execution_due

Kind = Deadline.Kind
OF_DRAFTS = (Kind.ALLOCATION, Kind.RENEWAL_START)


def refresh_draft_dates(draft: WorkOrder, *, now: datetime) -> None:
    """Write what is due for a draft as it stands; a day that is over binds nobody any more."""
    zone = zone_of(draft.customer)
    today = local_date(now, zone)
    refresh_deadlines(
        subject=Subject(_key(draft), str(draft), draft.customer, order=draft),
        dates=[one for one in _dates(draft, zone) if one.date.result >= today],
        kinds=OF_DRAFTS,
        now=now,
    )


def settle_draft_dates(order: WorkOrder, *, forfeited: Money, by: User, now: datetime) -> None:
    """Execution resolves them: met, or waived by whoever gave up the rest of the allowance."""
    meet_deadlines(subject_key=_key(order), kind=Kind.RENEWAL_START, by=by, now=now)
    if not forfeited:
        meet_deadlines(subject_key=_key(order), kind=Kind.ALLOCATION, by=by, now=now)
        return
    reason = _("Executed with %(money)s not allocated.") % {"money": formats.money(forfeited)}
    for row in Deadline.objects.open().filter(subject_key=_key(order), kind=Kind.ALLOCATION):
        waive_deadline(deadline=row, by=by, reason=reason, now=now)


def _dates(draft: WorkOrder, zone: str) -> Iterator[Due]:
    if draft.scenario_of_id is not None:
        return
    starts: date = draft.starts_on
    if FlexYear.objects.filter(order=draft, allotment_minor__gt=0).exists():
        yield Due(Kind.ALLOCATION, Deadline.Owner.CSAM, allocation_due(starts, zone=zone))
    if draft.renews_id is not None:
        due = renewal_execution_due(starts, zone=zone)
        yield Due(Kind.RENEWAL_START, Deadline.Owner.CSAM, due)


def _key(order: WorkOrder) -> str:
    return f"order:{order.pk}"
