"""What stands against opening an incident, in the order in which a person would be told."""

from collections.abc import Iterator
from datetime import datetime

from accounts.models import Customer, User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Named, Refused
from incidents.models import Channel
from incidents.queries.charts import charts_of
from incidents.queries.situations import Agreement, Submission
from incidents.rules.opening import check_opening
from workorders.models import WorkOrder
from workorders.queries.locations import zone_of

# Submitting on the web is what charts call the portal's superset (0-C14).
ALWAYS_OPEN = frozenset({"portal", "web", "phone"})
LIMITS = {"title": 160, "description": 20_000, "impact": 4_000, "component_detail": 80}


def objections(
    submission: Submission, agreement: Agreement | None, *, by: User, now: datetime
) -> list[Refused]:
    """Every refusal of the submission; an empty list if it can be opened.

    `portal_required` among them can be overridden by staff with a written reason (0-C17).
    """
    return list(_objections(submission, agreement, by=by, now=now))


def _objections(
    submission: Submission, agreement: Agreement | None, *, by: User, now: datetime
) -> Iterator[Refused]:
    if not by.may_act_for_customer:
        yield Refused("not_allowed", role=by.role)
    yield from _instant(submission, by=by, now=now)
    yield from _texts(submission)
    if agreement is None:
        yield no_agreement(submission.customer, submission.submitted_at)
        return
    yield from _component(submission, agreement)
    yield from _channel(submission, agreement)


def _instant(submission: Submission, *, by: User, now: datetime) -> Iterator[Refused]:
    if submission.submitted_at > now:
        yield Refused("in_the_future", field="submitted_at", at=submission.submitted_at, now=now)
    elif submission.submitted_at < now and not by.manages_agreements:
        yield Refused("not_allowed", field="submitted_at", role=by.role)


def _texts(submission: Submission) -> Iterator[Refused]:
    if not submission.title.strip():
        yield Refused("title_required", field="title")
    for field, limit in LIMITS.items():
        if len(getattr(submission, field)) > limit:
            yield Refused("too_long", field=field, limit=limit)


def no_agreement(customer: Customer, at: datetime) -> Refused:
    """No order at all by then, or none with a base package in force."""
    on = local_date(at, zone_of(customer))
    begun = WorkOrder.objects.executed().filter(customer=customer, starts_on__lte=on)
    code = "base_required" if begun.exists() else "before_order"
    return Refused(code, clause="2.1-B1", field="submitted_at", on=on)


def _component(submission: Submission, agreement: Agreement) -> Iterator[Refused]:
    component = submission.component
    if component.edition_id != agreement.edition.pk:
        yield Refused(
            "component_unknown",
            field="component",
            component=component.name,
            edition=agreement.edition.code,
        )
    elif not component.supported:
        yield Refused(
            "not_supported", clause="2.3-RE2", field="component", component=component.name
        )


def _channel(submission: Submission, agreement: Agreement) -> Iterator[Refused]:
    try:
        check_opening(
            impact=submission.impact,
            channel=submission.channel,
            role=submission.contact.role if submission.contact else "",
            online_service=submission.component.online_service,
        )
    except Refused as refusal:
        yield refusal
    offered = _channels(agreement)
    if submission.channel not in offered:
        yield Refused(
            "channel_not_offered",
            clause="2.8-C6, A-BS17",
            field="channel",
            channels=tuple(Named(one, Channel(one).label) for one in sorted(offered)),
        )


def _channels(agreement: Agreement) -> frozenset[str]:
    """What the charts of the programmes in force name; the portal is on the web."""
    held = agreement.in_force()
    named = [
        chart.channels for chart in charts_of(agreement.edition) if held & set(chart.programmes)
    ]
    return ALWAYS_OPEN.union(*named)
