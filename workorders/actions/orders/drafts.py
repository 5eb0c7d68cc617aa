"""Drafts: made, changed, guarded against edits that don't know of one another."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from accounts.actions.checks import require_account_manager
from accounts.models import Customer, Location, User
from accounts.rules.money import Money
from accounts.rules.refusal import Named, Refused
from services.catalog.models import Edition
from services.catalog.queries import current_edition
from workorders.actions.orders.signing import refresh_draft_dates
from workorders.models import FlexYear, LineAllocation, OrderLocation, WorkOrder
from workorders.queries.offered import additional_offerings
from workorders.queries.terms import last_day_of, years_of
from workorders.rules.amendment import check_amendment_days

LONGEST_TERM = timedelta(days=366 * 10)


class OrderFields(TypedDict, total=False):
    """What people write on a draft."""

    number: str
    title: str
    currency: str
    units_per_usd: Decimal | None
    starts_on: date
    ends_on: date
    multi_country: bool
    base_price_minor: int
    note: str
    purchasable: list[str]
    renews: WorkOrder | None


@transaction.atomic
def draft_order(
    *,
    customer: Customer,
    by: User,
    now: datetime,
    edition: Edition | None = None,
    copied_from: WorkOrder | None = None,
    **fields: Unpack[OrderFields],
) -> WorkOrder:
    """A new draft on the published edition; it lists the host, if the customer has one.

    Without a number it gets the next free one of the year.
    """
    require_account_manager(by)
    edition = edition or current_edition()
    if edition is None or edition.state != Edition.State.PUBLISHED:
        raise Refused("edition_not_published", clause="1-A1", field="edition")
    order = WorkOrder(
        customer=customer,
        edition=edition,
        copied_from=copied_from,
        created_at=now,
        created_by=by,
        **{
            "currency": customer.currency,
            "number": "",
            **fields,
        },
    )
    order.number = order.number.strip() or _next_number(order.starts_on.year)
    order.version = 0
    check_fields(order)
    count_edit(order, by=by, now=now, change="drafted")
    hosts = Location.objects.filter(customer=customer, role=Location.Role.HOST)
    OrderLocation.objects.bulk_create(
        [OrderLocation(order=order, location=location) for location in hosts]
    )
    if order.renews is not None:
        refresh_draft_dates(order, now=now)
    return order


@transaction.atomic
def change_order(
    *,
    order: WorkOrder,
    by: User,
    now: datetime,
    version: int | None = None,
    **fields: Unpack[OrderFields],
) -> WorkOrder:
    """Change what is written on a draft."""
    draft = take_draft(order, version=version, by=by)
    changed = [name for name, value in fields.items() if getattr(draft, name) != value]
    for name in changed:
        setattr(draft, name, fields[name])  # type: ignore[literal-required] # a name of OrderFields
    check_fields(draft)
    if changed:
        count_edit(draft, by=by, now=now, change=f"changed: {', '.join(sorted(changed))}")
        refresh_draft_dates(draft, now=now)
    return draft


@transaction.atomic
def set_locations(
    *,
    order: WorkOrder,
    locations: Mapping[Location, Decimal | None],
    by: User,
    now: datetime,
    version: int | None = None,
) -> WorkOrder:
    """List these locations, each with its units per US dollar if that is agreed.

    A location to which lines are allocated can't be taken off the list.
    """
    draft = take_draft(order, version=version, by=by)
    if any(location.customer_id != draft.customer_id for location in locations):
        raise ValueError("the locations belong to the order's customer")
    stays = {location.pk for location in locations}
    used = (
        LineAllocation.objects.filter(line__order=draft)
        .exclude(location__in=stays)
        .select_related("location")
        .first()
    )
    if used is not None:
        raise Refused(
            "location_in_use", clause="2.6-M4", field="locations", location=str(used.location)
        )
    OrderLocation.objects.filter(order=draft).exclude(location__in=stays).delete()
    for location, units in locations.items():
        row = OrderLocation(order=draft, location=location, units_per_usd=units)
        check_fields(row)
        if units is not None and units <= 0:
            raise Refused("amount_invalid", clause="2.6-M16", field="units_per_usd", rate=units)
        OrderLocation.objects.update_or_create(
            order=draft, location=location, defaults={"units_per_usd": units}
        )
    names = ", ".join(sorted(str(location) for location in locations))
    return count_edit(draft, by=by, now=now, change=f"locations: {names}")


@transaction.atomic
def set_flex_years(
    *,
    order: WorkOrder,
    allotments: Mapping[int, int],
    by: User,
    now: datetime,
    version: int | None = None,
) -> WorkOrder:
    """Allot the flex allowance, in minor units by contract year; other years get none."""
    draft = take_draft(order, version=version, by=by)
    if draft.amends_id is not None and any(allotments.values()):
        raise Refused("after_execution", clause="X-04, 2.2-F7", field="flex_years")
    years = len(years_of(draft))
    for number, amount in allotments.items():
        if not 1 <= number <= years:
            raise Refused(
                "no_such_year",
                clause="2.2-F4, 0-C12",
                field="flex_years",
                year=number,
                years=years,
            )
        if amount < 0:
            raise Refused(
                "amount_invalid",
                clause="2.2-F4",
                field="flex_years",
                year=number,
                amount=Money(amount, draft.currency),
            )
        check_fields(FlexYear(order=draft, number=number, allotment_minor=amount))
    FlexYear.objects.filter(order=draft).exclude(number__in=allotments).delete()
    for number, amount in allotments.items():
        FlexYear.objects.update_or_create(
            order=draft, number=number, defaults={"allotment_minor": amount}
        )
    refresh_draft_dates(draft, now=now)
    return count_edit(draft, by=by, now=now, change="allowance")


@transaction.atomic
def discard_draft(*, order: WorkOrder, by: User, now: datetime, version: int | None = None) -> None:
    """Throw a draft away with its lines; the history keeps that it was there, and who did it.

    Refused when another order renews it.
    """
    draft = take_draft(order, version=version, by=by)
    sign_history(draft, by=by, now=now, change="discarded")
    try:
        draft.delete()
    except ProtectedError as error:
        raise Refused("order_in_use", field="order") from error


def take_draft(
    order: WorkOrder, *, version: int | None, by: User, in_review: bool = False
) -> WorkOrder:
    """The draft as it stands, locked; refused when executed or changed since `version`.

    The refusal tells what was changed meanwhile, by whom and when. A draft in review is
    refused as well, unless the act is one of review itself (`in_review`).
    """
    require_account_manager(by)
    draft = (
        WorkOrder.objects.select_related("customer", "edition")
        .select_for_update(of=("self",))
        .get(pk=order.pk)
    )
    if draft.executed_at is not None:
        raise Refused("already_executed", clause="2.2-F7", executed_at=draft.executed_at)
    if draft.submitted_at is not None and not in_review:
        raise Refused(
            "in_review",
            submitted_by=str(draft.submitted_by),
            submitted_at=draft.submitted_at,
        )
    if version is not None and version != draft.version:
        raise _stale(draft, version)
    return draft


def count_edit(order: WorkOrder, *, by: User, now: datetime, change: str) -> WorkOrder:
    """Save the order and count the edit: whoever saw it before learns what changed, and by whom."""
    order.version += 1
    sign_history(order, by=by, now=now, change=change)
    order.save()
    return order


def sign_history(order: WorkOrder, *, by: User, now: datetime, change: str) -> None:
    """Who did what when, for the history row that the next save or delete writes."""
    order._history_user = by  # type: ignore[attr-defined]
    order._history_date = now  # type: ignore[attr-defined]
    order._change_reason = change[:100]  # type: ignore[attr-defined]


def check_fields(row: models.Model) -> None:
    """Refuse values that a column can't hold or its validators don't accept."""
    try:
        row.clean_fields(
            exclude=[f.name for f in row._meta.fields if f.is_relation or f.name == "clauses"]
        )
    except ValidationError as error:
        field, errors = next(iter(error.error_dict.items()))
        raise Refused("value_invalid", field=field, problem=" ".join(errors[0].messages)) from error
    if isinstance(row, WorkOrder):
        _check_order(row)
        _check_list(row)


def _check_order(order: WorkOrder) -> None:
    if order.ends_on < order.starts_on:
        raise Refused("term_invalid", field="ends_on", first_day=order.starts_on)
    if order.ends_on - order.starts_on > LONGEST_TERM:
        raise Refused("term_too_long", field="ends_on", years=10)
    if order.base_price_minor < 0:
        raise Refused(
            "amount_invalid",
            field="base_price_minor",
            amount=Money(order.base_price_minor, order.currency),
        )
    if order.units_per_usd is not None and order.units_per_usd <= 0:
        raise Refused(
            "amount_invalid", clause="2.2-F8", field="units_per_usd", rate=order.units_per_usd
        )
    if order.amends is not None:
        _check_amendment(order, order.amends)
    if order.renews is not None and order.renews.customer_id != order.customer_id:
        raise ValueError("an order renews one of the same customer")
    taken = WorkOrder.objects.filter(number=order.number).exclude(pk=order.pk)
    if taken.exists():
        raise Refused("number_taken", field="number")


def _check_amendment(order: WorkOrder, amended: WorkOrder) -> None:
    """What an amendment takes from the order it amends isn't written anew."""
    if order.base_price_minor:
        raise Refused("base_in_amendment", clause="2.1-B2", field="base_price_minor")
    for name in ("currency", "units_per_usd"):
        if getattr(order, name) != getattr(amended, name):
            raise Refused("same_as_amended", clause="2.2-F8", field=name, number=amended.number)
    check_amendment_days(
        first=order.starts_on,
        last=order.ends_on,
        amended_first=amended.starts_on,
        amended_last=last_day_of(amended),
    )


def _stale(draft: WorkOrder, version: int) -> Refused:
    """What happened to the draft since the version that somebody still looks at."""
    edits = list(draft.history.filter(version__gt=version).select_related("history_user"))
    return Refused(
        "stale_edit",
        yours=version,
        current=draft.version,
        changed_by=str(edits[0].history_user) if edits else "",
        changed_at=edits[0].history_date if edits else None,
        changes=[edit.history_change_reason for edit in reversed(edits)],
    )


def _next_number(year: int) -> str:
    """The next free number of the year; whoever loses the race gets `number_taken`."""
    prefix = f"WO-{year}-"
    last = (
        WorkOrder.objects.filter(number__startswith=prefix, number__regex=rf"^WO-{year}-\d{{4}}$")
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"


def _check_list(order: WorkOrder) -> None:
    """What may be bought is sold by the edition, and not included anyway (2.1-B7).

    An amendment adds to the list of the order that it amends, where that has one.
    """
    if not order.purchasable:
        return
    if order.amends is not None and not order.amends.purchasable:
        raise Refused(
            "list_of_the_amended",
            clause="2.1-B7",
            field="purchasable",
            number=order.amends.number,
        )
    sold = set(additional_offerings(order).values_list("code", flat=True))
    for code in order.purchasable:
        if code not in sold:
            named = order.edition.offering_set.filter(code=code).first()
            raise Refused(
                "not_sold",
                clause="2.1-B7",
                field="purchasable",
                offering=Named(code, named and named.name),
            )
