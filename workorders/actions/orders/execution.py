"""Execution: the draft is checked once more, frozen, and what it promises is granted."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.actions.messages import tell
from accounts.models import User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Named, Refused
from workorders.actions import ledger
from workorders.actions.deadlines import set_planned_deadline
from workorders.actions.holdings import grant, spend_value
from workorders.actions.orders.amendments import hold_order
from workorders.actions.orders.drafts import count_edit, take_draft
from workorders.actions.orders.signing import settle_draft_dates
from workorders.models import Account, Transfer, WorkOrder
from workorders.queries.execution import ExecutionPlan, YearPlan, execution_preview
from workorders.queries.recipients import people_of_order
from workorders.wording.findings import said

Bucket = Account.Bucket
Kind = Transfer.Kind

FLEX_BUCKETS = (Bucket.ISSUED, Bucket.AVAILABLE, Bucket.COMMITTED, Bucket.FORFEITED)


@transaction.atomic
def execute_order(
    *, order: WorkOrder, by: User, now: datetime, version: int | None = None
) -> WorkOrder:
    """Execute a draft, in review or not: from now it is frozen with its edition and rate.

    Refused while anything stands against it. Allowance that no line uses is taken back
    (2.2-F7). Every line becomes entitlements by location, the dates become binding, and
    the people concerned are told. All of it or nothing.
    """
    if order.amends is not None:
        hold_order(order.amends)  # nobody ends it meanwhile
    draft = take_draft(order, version=version, by=by, in_review=True)
    if draft.scenario_of_id is not None:
        raise Refused("scenario_only_compared")
    plan = execution_preview(draft, now)
    if plan.errors:
        first = plan.errors[0]
        about = str(first.line.offering) if first.line else ""
        raise Refused(
            "order_refused",
            clause=", ".join(first.clauses),
            field=first.field,
            count=len(plan.errors),
            reasons=[one.code for one in plan.errors],
            first=Named(first.code, said(first, about=about)),
        )
    draft.executed_at = now
    draft.executed_by = by
    count_edit(draft, by=by, now=now, change="executed")
    group = uuid.uuid4()
    for year in plan.years:
        _allot(draft, year, plan, by, now, group)
    if plan.draws:
        spend_value(plan.draws, by=by, on=local_date(now, plan.zone), now=now, group=group)
    for one in plan.grants:
        grant(
            order=draft,
            line=one.line,
            offering=one.line.offering,
            location=one.location,
            unit=one.line.unit,
            quantity=one.quantity,
            value=one.value,
            funding=one.line.funding,
            flex_year=one.line.flex_year,
            usable_from=one.usable_from,
            usable_until=one.usable_until.result,
            by=by,
            on=local_date(now, plan.zone),
            now=now,
            subject_key=f"line:{one.line.pk}",
            clauses=one.usable_until.clauses,
            group=group,
        )
    settle_draft_dates(draft, forfeited=plan.forfeited, by=by, now=now)
    for due in plan.deadlines:
        set_planned_deadline(order=draft, planned=due, zone=plan.zone, now=now)
    _tell(plan, now)
    return draft


def _allot(
    order: WorkOrder,
    year: YearPlan,
    plan: ExecutionPlan,
    by: User,
    now: datetime,
    group: uuid.UUID,
) -> None:
    """Put a year's allowance into the books, commit what lines use, take back the rest."""
    accounts = ledger.open_holding(
        FLEX_BUCKETS,
        order=order,
        holding=Account.Holding.FLEX,
        unit=order.currency,
        flex_year=year.number,
    )
    movements = (
        (Bucket.ISSUED, Bucket.AVAILABLE, year.allotted, Kind.ALLOT, ("2.2-F4",)),
        (Bucket.AVAILABLE, Bucket.COMMITTED, year.committed, Kind.COMMIT, ("2.2-F1",)),
        (
            Bucket.AVAILABLE,
            Bucket.FORFEITED,
            year.forfeited.result,
            Kind.FORFEIT,
            year.forfeited.clauses,
        ),
    )
    for debit, credit, amount, kind, clauses in movements:
        if amount:
            ledger.post(
                debit=accounts[debit],
                credit=accounts[credit],
                amount=amount.minor,
                kind=kind,
                on=local_date(now, plan.zone),
                now=now,
                by=by,
                subject_key=f"order:{order.pk}:year:{year.number}",
                clauses=clauses,
                group=group,
            )


def _tell(plan: ExecutionPlan, now: datetime) -> None:
    order = plan.order
    for person in people_of_order(order, now=now):
        tell(
            recipient=person,
            subject_key=f"order:{order.pk}:executed",
            template="workorders/messages/executed",
            context={"order": order, "plan": plan, "base_url": settings.BASE_URL},
            now=now,
            link=reverse("workorders:order-detail", args=[order.pk]),
            customer=order.customer,
        )
