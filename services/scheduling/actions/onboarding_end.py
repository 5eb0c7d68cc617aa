"""An earlier end of the onboarding, by consent of both sides."""

from datetime import date, datetime

from django.db import transaction

from accounts.actions.checks import require_account_manager, written
from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from services.scheduling.actions.lines import hold_line, require_mcsap, require_standing_order
from services.scheduling.queries.onboarding import onboarding_last_day
from services.scheduling.rules.onboarding import check_early_end
from workorders.actions.deadlines import meet_deadline, set_planned_deadline
from workorders.models import Deadline, WorkOrderLine
from workorders.queries.execution import standing_deadlines
from workorders.queries.locations import zone_of

MOVED = (Deadline.Kind.MCSAP_ONBOARDING, Deadline.Kind.MCSAP_MONITORS)


@transaction.atomic
def end_onboarding_early(
    *, line: WorkOrderLine, on: date, agreed: str, by: User, now: datetime
) -> WorkOrderLine:
    """Record that both sides agreed on an earlier last day of onboarding; once (2.4-AP39).

    `agreed` says who agreed for the customer and where. The end of the onboarding and the
    day for the monitors move, the earlier rows stay as history; what was met stays met. The
    sixty days without acceleration work (2.4-AP12) stay as they are.
    """
    require_account_manager(by)
    words = written(agreed, field="agreed", limit=300, required=True)
    held = hold_line(line)
    require_mcsap(held, clause="2.4-AP39")
    zone = zone_of(held.order.customer)
    require_standing_order(held, local_date(now, zone))
    if held.onboarding_ended_on is not None:
        raise Refused("already_recorded", clause="2.4-AP39")
    check_early_end(on, start=held.order.starts_on, last_day=onboarding_last_day(held))
    held.onboarding_ended_on, held.onboarding_end_agreed = on, words
    held.save(update_fields=["onboarding_ended_on", "onboarding_end_agreed"])
    _move_dates(held, zone, now)
    return held


def _move_dates(line: WorkOrderLine, zone: str, now: datetime) -> None:
    key = f"line:{line.pk}"
    current = {
        one.kind: one for one in Deadline.objects.current().filter(subject_key=key, kind__in=MOVED)
    }
    for due in standing_deadlines(line.order, zone):
        earlier = current.get(due.kind)
        if due.subject_key != key or earlier is None or earlier.waived_at is not None:
            continue
        moved = set_planned_deadline(order=line.order, planned=due, zone=zone, now=now)
        if earlier.met_at is not None:
            meet_deadline(deadline=moved, by=earlier.met_by, now=earlier.met_at)
