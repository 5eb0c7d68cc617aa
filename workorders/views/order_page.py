"""What every tab of a work order shows: head, ribbon, tab bar. Read once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.http import SignedInRequest
from accounts.http.access import viewer
from accounts.models import Location, User
from accounts.rules.calendar_days import ContractYear, local_date
from workorders.models import Deadline, OrderLocation, WorkOrder
from workorders.queries.deadlines import order_deadlines, status_of
from workorders.queries.execution import term_deadlines
from workorders.queries.renewal import renewal_of
from workorders.queries.terms import last_day_of, state_of, years_of
from workorders.views.access import clock_of, order_of
from workorders.wording.states import ORDER_STATES
from workorders.wording.term import TermPicture, picture_term, rate_words

TABS = (
    ("entitlements", "workorders:order-detail"),
    ("flex", "workorders:order-flex"),
    ("credits", "workorders:order-credits"),
    ("exchanges", "workorders:order-exchanges"),
    ("schedule", ""),
    ("onboarding", "scheduling:order-onboarding"),
    ("deadlines", "workorders:order-deadlines"),
    ("amendments", "workorders:order-amendments"),
    ("invoices", "workorders:order-invoices"),
    ("documents", "workorders:order-documents"),
    ("history", "workorders:order-history"),
)
# What tells that a service of the order begins with an onboarding.
ONBOARDING = frozenset({Deadline.Kind.MCSAP_ONBOARDING, Deadline.Kind.UER_ONBOARDING})
# An amendment has neither: both belong to the order that it amends.
OF_THE_AMENDED = frozenset({"amendments", "flex"})
# Money of the order as a whole, which those who act for one location don't see.
OF_THE_WHOLE = frozenset({"flex", "invoices"})


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the tab bar; a link elsewhere swaps nothing."""

    code: str
    label: str
    url: str
    is_current: bool
    is_elsewhere: bool


@dataclass(slots=True)
class OrderPage:
    """What every tab of an order shows, read once."""

    order: WorkOrder
    now: datetime
    today: date
    zone: str
    listed: list[OrderLocation]
    deadlines: list[Deadline]
    last: date
    renewal: WorkOrder | None = None

    @property
    def years(self) -> tuple[ContractYear, ...]:
        """The contract years as agreed."""
        return years_of(self.order)

    @property
    def waiting(self) -> int:
        """Deadlines that are neither over nor done."""
        return sum(
            status_of(one, self.now) in ("open", "missed") and not one.met_at
            for one in self.deadlines
        )

    @property
    def locations(self) -> list[Location]:
        """The listed locations, the host first."""
        return [row.location for row in self.listed]

    @property
    def year(self) -> int:
        """Today's contract year; the first before the term, the last after it."""
        begun = [year.number for year in self.years if year.first_day <= self.today]
        return max(begun, default=1)

    def context(self, request: SignedInRequest, current: str) -> dict[str, Any]:
        """Head, ribbon and tabs."""
        order, person = self.order, viewer(request)
        state = state_of(order, now=self.now, zone=self.zone)
        picture = self.picture()
        return {
            "order": order,
            "edition_code": order.edition.code,
            "state": ORDER_STATES[state],
            "now": self.now,
            "today": self.today,
            "zone": self.zone,
            "listed": self.listed,
            "last": self.last,
            "executed_on": local_date(order.executed_at, self.zone) if order.executed_at else None,
            "rate": rate_words(order.units_per_usd),
            "picture": picture,
            "renewal": self.renewal,
            "tabs": self.tabs(current, person),
            "trail": trail_of(request, order),
            "may_edit": person.manages_agreements,
            "may_terminate": person.manages_agreements and state in ("executed", "in_force"),
            "is_open": state in ("executed", "in_force"),
            "may_renew": person.manages_agreements and order.amends_id is None,
        }

    def picture(self) -> TermPicture:
        """The ribbon; a draft shows the dates that it would have."""
        dated: Iterable[Deadline] = self.deadlines
        if self.order.is_draft:
            dated = [
                Deadline(
                    kind=one.kind,
                    due_on=one.due.result,
                    clauses=list(one.due.clauses),
                    explained=one.due.as_data(),
                )
                for one in term_deadlines(self.order, self.zone)
            ]
        renewal = self.renewal
        return picture_term(
            self.order,
            deadlines=dated,
            today=self.today,
            last=self.last,
            renewed_on=renewal.starts_on if renewal and renewal.executed_at else None,
        )

    def tabs(self, current: str, person: User) -> list[Tab]:
        """The tab bar; what the portal has no page for is left out."""
        words = {
            "entitlements": _("Entitlements"),
            "flex": _("Flex allowance"),
            "credits": _("Credits"),
            "exchanges": _("Exchange"),
            "schedule": _("Schedule"),
            "onboarding": _("Onboarding"),
            "deadlines": _("Deadlines (%(count)s)") % {"count": self.waiting},
            "amendments": _("Amendments"),
            "invoices": _("Invoices"),
            "documents": _("Documents"),
            "history": _("History"),
        }
        return [
            Tab(code, words[code], url, code == current, not name)
            for code, name in TABS
            if (url := self._address(name))
            and (code not in OF_THE_WHOLE or sees_allowance(person))
            and (self.order.amends_id is None or code not in OF_THE_AMENDED)
            and (code != "onboarding" or self.is_onboarded)
        ]

    @property
    def is_onboarded(self) -> bool:
        """Whether it sells something that begins with an onboarding."""
        return any(one.kind in ONBOARDING for one in self.deadlines)

    def _address(self, name: str) -> str:
        """Of a tab; some belong to the package above this one."""
        try:
            return reverse(name, args=[self.order.pk]) if name else bookings_url(self.order)
        except NoReverseMatch:
            return ""


def sees_allowance(person: User) -> bool:
    """The allowance belongs to the order as a whole, not to a location."""
    return person.role != User.Role.LOCATION_CONTACT


def bookings_url(order: WorkOrder) -> str:
    """The schedule narrowed to this order; it belongs to the package above this one."""
    try:
        return f"{reverse('scheduling:booking-list')}?order={order.pk}"
    except NoReverseMatch:
        return ""


def trail_of(request: SignedInRequest, order: WorkOrder) -> list[tuple[str, str]]:
    """The way to the order's page."""
    orders = reverse("workorders:order-list")
    if viewer(request).is_customer:
        return [(orders, _("Our services")), ("", order.number)]
    found = [(f"{orders}?customer={order.customer_id}", order.customer.name), ("", order.number)]
    return [(orders, _("Work orders")), *found]


Tabbed = Callable[[SignedInRequest, WorkOrder], HttpResponse]
View = Callable[[SignedInRequest, int], HttpResponse]


def of_executed(page: Tabbed) -> View:
    """A draft has no tabs yet: it is shown in the builder."""

    @wraps(page)
    def show(request: SignedInRequest, pk: int) -> HttpResponse:
        order = order_of(request, pk)
        if order.is_draft:
            return redirect("workorders:order-edit", order.pk)
        return page(request, order)

    return show


def order_page(request: SignedInRequest, order: WorkOrder) -> OrderPage:
    """Everything that the tabs share; deadlines as this person may see them."""
    now, today, zone = clock_of(order)
    return OrderPage(
        order,
        now,
        today,
        zone,
        list(OrderLocation.objects.filter(order=order).select_related("location")),
        list(order_deadlines(order, viewer(request)).select_related("customer", "order")),
        last_day_of(order),
        renewal_of(order, viewer=viewer(request)),
    )
