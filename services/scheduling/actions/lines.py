"""The line of an order that is onboarded: held, and asked whether it is in force."""

from datetime import date, datetime

from accounts.rules.refusal import Refused
from services.scheduling.actions.checks import hold_order
from services.scheduling.queries.onboarding import is_mcsap
from workorders.models import WorkOrderLine
from workorders.queries.programmes import programmes_of
from workorders.queries.terms import last_day_of


def hold_line(line: WorkOrderLine) -> WorkOrderLine:
    """The line as it stands, with its order held until the transaction ends."""
    hold_order(line.order_id)
    return WorkOrderLine.objects.select_related(
        "offering", "order__customer", "order__edition"
    ).get(pk=line.pk)


def require_mcsap(line: WorkOrderLine, *, clause: str) -> None:
    """Refuse a line that sells something else than MCSAP or Plus."""
    if not is_mcsap(line):
        raise Refused("not_mcsap", clause=clause, field="line")


def require_standing_order(line: WorkOrderLine, on: date) -> None:
    """Refuse a draft, and an order that is over on a day."""
    if line.order.executed_at is None:
        raise Refused("not_executed", clause="2.4-AP9")
    last_day = last_day_of(line.order)
    if on > last_day:
        raise Refused("order_ended", clause="2.7-T10", last_day=last_day)


def require_in_force(line: WorkOrderLine, on: date, now: datetime) -> None:
    """Refuse a service that isn't in force now; MCSAP rests without base cover (2.4-AP46)."""
    require_standing_order(line, on)
    if on < line.order.starts_on:
        raise Refused("order_not_begun", clause="2.4-AP9", first_day=line.order.starts_on)
    programmes = programmes_of(line.order.customer, location=None, instant=now)
    state = next((one.state for one in programmes if one.line.pk == line.pk), "ended")
    if state != "active":
        raise Refused("base_required", clause="2.4-AP46")
