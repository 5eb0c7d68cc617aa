"""What happened to an order: drafted, changed, executed, spent, moved, lapsed, ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.wording import formats
from services.catalog.models import Offering
from workorders.models import Account, Deadline, Override, Redemption, Transfer, WorkOrder
from workorders.models.orders import Unit
from workorders.wording.orders import change_words
from workorders.wording.units import quantity_words

Kind = Transfer.Kind


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `by` is nobody where the portal itself did it."""

    at: datetime
    icon: str
    title: str
    by: User | None = None
    details: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    rank: int = field(default=0, compare=False)


def story_of(order: WorkOrder, *, viewer: User, zone: str) -> list[Event]:
    """Everything that this person may know of, newest first."""
    events = [
        *_edits(order, viewer),
        *_redemptions(order, viewer),
        *_movements(order, viewer),
        *_waivers(order, viewer),
        *(_overrides(order) if viewer.manages_agreements else ()),
    ]
    return sorted(events, key=lambda event: (event.at, event.rank), reverse=True)


EDIT_ICONS = {
    "drafted": "file-plus",
    "submitted": "clipboard-check",
    "taken back": "arrow-back-up",
    "returned": "message-report",
    "executed": "signature",
    "terminated": "ban",
}
# What everybody learns who sees the order; the rest is for those who draft.
PUBLIC = frozenset({"executed", "terminated"})


def _edits(order: WorkOrder, viewer: User) -> Iterator[Event]:
    """Facts of the order itself; for those who draft also each day's changes of the draft."""
    names = dict(Offering.objects.filter(edition=order.edition).values_list("code", "name"))
    edits = order.history.select_related("history_user").order_by("pk")
    changes: dict[tuple[Any, Any], list[Any]] = {}
    for number, edit in enumerate(edits):
        reason = edit.history_change_reason or ""
        if reason in EDIT_ICONS and (viewer.manages_agreements or reason in PUBLIC):
            yield _fact(edit, reason, number)
        elif reason not in EDIT_ICONS and viewer.manages_agreements:
            key = (edit.history_user_id, edit.history_date.date())
            changes.setdefault(key, []).append(edit)
    for together in changes.values():
        last = together[-1]
        words = tuple(change_words(one.history_change_reason or "", names) for one in together)
        yield Event(
            last.history_date, "pencil", _("Draft changed"), last.history_user, words, rank=last.pk
        )


def _fact(edit: Any, reason: str, rank: int) -> Event:
    details = []
    if reason == "terminated":
        words = _("Last day in force %(day)s") % {"day": formats.day(edit.terminated_on)}
        details = [words, edit.termination_reason]
    elif reason == "returned":
        details = [edit.returned_reason]
    return Event(
        edit.history_date,
        EDIT_ICONS[reason],
        change_words(reason),
        edit.history_user,
        tuple(filter(None, details)),
        rank=rank,
    )


def _redemptions(order: WorkOrder, viewer: User) -> Iterator[Event]:
    rows = Redemption.objects.visible_to(viewer).filter(order=order)
    for row in rows.select_related("offering", "location", "by"):
        yield Event(
            row.at,
            "coins",
            _("Credits redeemed"),
            row.by,
            (
                _("%(quantity)s of %(location)s for %(service)s")
                % {
                    "quantity": quantity_words(row.credits, Unit.CREDIT),
                    "location": row.location,
                    "service": row.offering,
                },
            ),
            ("2.3-PC3",),
        )


# Movements worth telling on their own; grants and bookings stand elsewhere.
TOLD: dict[str, tuple[str, Any]] = {
    Kind.FORFEIT: ("alert-triangle", gettext_lazy("Unallocated allowance given up")),
    Kind.TRANSFER_OUT: ("arrow-right", gettext_lazy("Credits moved away")),
    Kind.TRANSFER_IN: ("arrow-left", gettext_lazy("Credits received")),
    Kind.LAPSE: ("clock-off", gettext_lazy("Lapsed unused")),
    Kind.EXCHANGE: ("arrows-exchange", gettext_lazy("Exchanged")),
}


def _movements(order: WorkOrder, viewer: User) -> Iterator[Event]:
    """One event for each act, with a line for each thing that moved in it."""
    seen = Transfer.objects.visible_to(viewer)
    if viewer.manages_agreements or viewer.role != User.Role.LOCATION_CONTACT:
        seen = Transfer.objects.filter(Q(pk__in=seen) | Q(debit__holding=Account.Holding.FLEX))
    rows = (
        seen.filter(order=order, kind__in=TOLD)
        .select_related("debit__entitlement__offering", "credit", "debit__location", "by")
        .order_by("at", "pk")
    )
    acts: dict[tuple[Any, str], list[Transfer]] = {}
    for row in rows:
        acts.setdefault((row.group, row.kind), []).append(row)
    for (_group, kind), transfers in acts.items():
        icon, title = TOLD[kind]
        first = transfers[0]
        yield Event(
            first.at,
            icon,
            str(title),
            first.by,
            tuple(_moved(row) for row in transfers),
            tuple(first.clauses),
            rank=1,
        )


def _moved(row: Transfer) -> str:
    account = row.debit
    what = account.entitlement.offering if account.entitlement else None
    parts = [quantity_words(row.amount, account.unit), what, account.location, row.reason]
    if account.flex_year and what is None:
        parts.insert(1, _("contract year %(number)s") % {"number": account.flex_year})
    return " · ".join(str(part) for part in parts if part)


def _waivers(order: WorkOrder, viewer: User) -> Iterator[Event]:
    rows = Deadline.objects.visible_to(viewer).filter(order=order, waived_at__isnull=False)
    for row in rows.select_related("waived_by"):
        if row.waived_at is not None:
            yield Event(
                row.waived_at,
                "circle-off",
                _("Deadline waived"),
                row.waived_by,
                (str(Deadline.Kind(row.kind).label), row.waived_reason),
                tuple(row.clauses[:1]),
            )


def _overrides(order: WorkOrder) -> Iterator[Event]:
    keys = [f"line:{pk}" for pk in order.lines.values_list("pk", flat=True)]
    for row in Override.objects.filter(subject_key__in=keys).select_related("by"):
        yield Event(
            row.at,
            "gavel",
            _("Refusal overridden"),
            row.by,
            (row.reason,),
            tuple(row.clauses),
        )
