"""What-if: a draft cloned to be changed and compared, and the clone taken over."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.rules.refusal import Refused
from workorders.actions.orders.copies import copy_details
from workorders.actions.orders.drafts import check_fields, count_edit, take_draft
from workorders.actions.orders.signing import refresh_draft_dates
from workorders.models import (
    FlexYear,
    OrderLocation,
    Override,
    WorkOrder,
    WorkOrderLine,
)

# As many columns as a page can hold side by side, the draft besides.
MOST_SCENARIOS = 5
# What is written on an order and goes along with a clone; its names don't.
CONTENT = (
    "edition", "currency", "units_per_usd", "starts_on", "ends_on", "multi_country",
    "base_price_minor", "note", "purchasable",
)  # fmt: skip


@transaction.atomic
def add_scenario(
    *, order: WorkOrder, title: str, by: User, now: datetime, version: int | None = None
) -> WorkOrder:
    """Clone a draft, or one of its scenarios, under a title of its own.

    Refused without a title or with one that another scenario of the draft has, beyond
    `MOST_SCENARIOS`, and for an amendment, which has no term or allowance to vary.
    """
    if order.scenario_of is None:
        root = source = take_draft(order, version=version, by=by)
    else:  # the draft first, as whoever takes a scenario over locks them
        root = take_draft(order.scenario_of, version=None, by=by)
        source = take_draft(order, version=version, by=by)
    if root.amends_id is not None:
        raise Refused("amendment_has_no_scenarios", clause="X-04")
    siblings = WorkOrder.objects.filter(scenario_of=root)
    title = title.strip()
    if not title:
        raise Refused("scenario_title_required", field="title")
    if siblings.filter(title__iexact=title).exists():
        raise Refused("title_taken", field="title", title=title)
    if siblings.count() >= MOST_SCENARIOS:
        raise Refused("too_many_scenarios", most=MOST_SCENARIOS)
    clone = WorkOrder(
        customer=root.customer,
        number=_number(root),
        title=title,
        scenario_of=root,
        copied_from=source,
        created_at=now,
        created_by=by,
        version=0,
        **{name: getattr(source, name) for name in CONTENT},
    )
    check_fields(clone)
    count_edit(clone, by=by, now=now, change="drafted")
    _copy_rows(source, clone)
    return clone


@transaction.atomic
def adopt_scenario(
    *,
    scenario: WorkOrder,
    by: User,
    now: datetime,
    version: int | None = None,
    scenario_version: int | None = None,
) -> WorkOrder:
    """Put what a scenario says in the place of what its draft says; the draft's names stay.

    `version` is that of the draft and `scenario_version` that of the scenario, as they
    were read: refused when either was changed meanwhile. The scenario itself stays.
    """
    if scenario.scenario_of is None:
        raise ValueError("only a scenario can be adopted")
    draft = take_draft(scenario.scenario_of, version=version, by=by)
    chosen = take_draft(scenario, version=scenario_version, by=by)
    for name in CONTENT:
        setattr(draft, name, getattr(chosen, name))
    WorkOrderLine.objects.filter(order=draft).delete()
    OrderLocation.objects.filter(order=draft).delete()
    FlexYear.objects.filter(order=draft).delete()
    _copy_rows(chosen, draft)
    refresh_draft_dates(draft, now=now)
    return count_edit(draft, by=by, now=now, change=f"scenario adopted: {chosen.title}")


def _number(root: WorkOrder) -> str:
    """The draft's number with the first free ending."""
    stem = root.number[:24]
    taken = set(
        WorkOrder.objects.filter(number__startswith=f"{stem}/S").values_list("number", flat=True)
    )
    return next(name for n in range(1, 10_000) if (name := f"{stem}/S{n}") not in taken)


def _copy_rows(source: WorkOrder, target: WorkOrder) -> None:
    """Locations, allowance and lines with all that hangs on them, in few statements."""
    OrderLocation.objects.bulk_create(
        OrderLocation(order=target, location=row.location, units_per_usd=row.units_per_usd)
        for row in source.order_locations.select_related("location")
    )
    FlexYear.objects.bulk_create(
        FlexYear(order=target, number=row.number, allotment_minor=row.allotment_minor)
        for row in source.flex_years.all()
    )
    lines = list(source.lines.prefetch_related("allocations", "scopes", "tiers"))
    copies = WorkOrderLine.objects.bulk_create([_copy_of(line, target) for line in lines])
    pairs = list(zip(lines, copies, strict=True))
    copy_details(pairs)
    _copy_overrides({f"line:{line.pk}": f"line:{copy.pk}" for line, copy in pairs})


def _copy_of(line: WorkOrderLine, target: WorkOrder) -> WorkOrderLine:
    left_out = {"id", "order"}
    fields = {
        field.attname: getattr(line, field.attname)
        for field in WorkOrderLine._meta.concrete_fields
        if field.name not in left_out
    }
    return WorkOrderLine(order=target, **fields)


def _copy_overrides(keys: dict[str, str]) -> None:
    """What staff decided on a line in writing holds for its copy, as they wrote it."""
    Override.objects.bulk_create(
        Override(
            customer_id=row.customer_id,
            subject_key=keys[row.subject_key],
            code=row.code,
            clauses=row.clauses,
            reason=row.reason,
            by_id=row.by_id,
            at=row.at,
        )
        for row in Override.objects.filter(subject_key__in=keys).order_by("pk")
    )
