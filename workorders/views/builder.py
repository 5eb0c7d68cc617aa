"""The order builder: a draft in sections, checked against the description while one types."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import SignedInRequest, refusal_status
from accounts.http.access import manager
from accounts.http.addresses import numbered_page
from accounts.models import Customer, Location
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.catalog.models import Offering
from services.catalog.queries import current_edition
from workorders.actions.orders import (
    change_order,
    discard_draft,
    draft_order,
    set_flex_years,
    set_locations,
)
from workorders.forms.orders import (
    AllowanceForm,
    DraftForm,
    ListForm,
    PlacesForm,
    TermForm,
    term_initial,
)
from workorders.forms.refusals import refuse
from workorders.models import FlexYear, OrderLocation, WorkOrder, WorkOrderLine
from workorders.queries.execution import check_order
from workorders.queries.fees import order_totals
from workorders.queries.findings import Finding
from workorders.queries.flex import flex_gauges
from workorders.queries.offered import additional_offerings
from workorders.queries.terms import is_in_review, last_day_of, years_of
from workorders.views.access import clock_of, managed_order
from workorders.views.allowance import YearCard, year_cards
from workorders.views.order_page import OrderPage, trail_of
from workorders.wording.states import ORDER_STATES
from workorders.wording.term import rate_words

PAGE = "workorders/order_edit.html"
# As many as somebody reads at once; an imported draft can have thousands.
LINES_SHOWN, FINDINGS_SHOWN = 100, 50
# Refusals of a draft that nobody can edit any more, or just now.
FROZEN = frozenset({"already_executed", "in_review"})


@dataclass(slots=True)
class LineRow:
    """A line as the builder lists it, with what stands against it."""

    line: WorkOrderLine
    findings: list[Finding]

    @property
    def errors(self) -> int:
        """What has to be settled before execution."""
        return sum(finding.severity == "error" for finding in self.findings)


@dataclass(slots=True)
class Builder:
    """A draft with its forms, lines, findings and totals; a bound form replaces a fresh one."""

    order: WorkOrder
    now: datetime
    today: date
    zone: str
    forms: dict[str, Any] = field(default_factory=dict)
    refusal: Refused | None = None
    refused_section: str = ""

    def context(self, request: SignedInRequest) -> dict[str, Any]:
        """Everything that the page shows."""
        order = self.order
        lines = list(
            WorkOrderLine.objects.filter(order=order)
            .select_related("offering")
            .prefetch_related("allocations__location", "scopes")
        )
        shown = numbered_page(request, lines, LINES_SHOWN)
        findings = check_order(order, self.today)
        told = [one for one in findings if one.line is not None]
        listed = list(OrderLocation.objects.filter(order=order).select_related("location"))
        page = OrderPage(order, self.now, self.today, self.zone, listed, [], last_day_of(order))
        return {
            "order": order,
            "edition_code": order.edition.code,
            "state": ORDER_STATES["draft"],
            "rate": rate_words(order.units_per_usd),
            "listed": listed,
            "picture": page.picture(),
            "trail": trail_of(request, order),
            "now": self.now,
            "term_form": self.forms.get("term")
            or TermForm(initial=term_initial(order), currency=order.currency),
            "places_form": self.forms.get("places") or self._places(None, listed),
            "allowance_form": self.forms.get("allowance") or self._allowance(None),
            "list_form": self.forms.get("list") or self._list(None),
            "rows": line_rows(shown, findings),
            "page_obj": shown,
            "told": told[:FINDINGS_SHOWN],
            "untold": max(len(told) - FINDINGS_SHOWN, 0),
            "cards": self.cards(),
            "totals": order_totals(order, lines=lines, listed=page.locations),
            "general": [one for one in findings if one.line is None],
            "errors": sum(one.severity == "error" for one in findings),
            "warnings": sum(one.severity == "warning" for one in findings),
            "included": included_services(order),
            "refusal": self.refusal,
            "refused_section": self.refused_section,
        }

    def cards(self) -> list[YearCard]:
        """The allowance year by year, as it would be executed."""
        return year_cards(flex_gauges(self.order), today=self.today)

    def form(self, section: str, data: Any) -> Any:
        """The form of a section, filled with what was typed."""
        form: Any
        if section == "term":
            form = TermForm(data, currency=self.order.currency)
        elif section == "list":
            form = self._list(data)
        else:
            form = self._places(data) if section == "places" else self._allowance(data)
        self.forms[section] = form
        return form

    def _places(self, data: Any, listed: Sequence[OrderLocation] | None = None) -> PlacesForm:
        if listed is None:
            listed = list(OrderLocation.objects.filter(order=self.order))
        places = Location.objects.filter(customer=self.order.customer_id)
        return PlacesForm(
            data, order=self.order, locations=list(places.order_by("-role", "name")), listed=listed
        )

    def _list(self, data: Any) -> ListForm:
        return ListForm(data, order=self.order, offerings=list(additional_offerings(self.order)))

    def _allowance(self, data: Any) -> AllowanceForm:
        allotted = list(FlexYear.objects.filter(order=self.order))
        return AllowanceForm(data, order=self.order, years=years_of(self.order), allotted=allotted)


def line_rows(lines: Iterable[WorkOrderLine], findings: Iterable[Finding]) -> list[LineRow]:
    """Each line with its findings."""
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.line is not None:
            by_line.setdefault(finding.line.pk, []).append(finding)
    return [LineRow(line, by_line.get(line.pk, [])) for line in lines]


def included_services(order: WorkOrder) -> list[Offering]:
    """What the base package brings by itself; such lines needn't be added."""
    if not order.base_price_minor:
        return []
    included = Offering.objects.filter(edition=order.edition, mark=Offering.Mark.INCLUDED)
    return list(included.order_by("position"))


def builder_of(request: SignedInRequest, pk: int) -> Builder:
    """The builder of a draft that this person may change."""
    order = managed_order(request, pk)
    now, today, zone = clock_of(order)
    return Builder(order, now, today, zone)


def order_draft(request: SignedInRequest) -> HttpResponse:
    """A new draft: whose it is and what is written on it."""
    person = manager(request)
    customers = Customer.objects.visible_to(person).order_by("name")
    chosen = _chosen(request, customers)
    currency = chosen.currency if chosen else "EUR"
    initial = {"customer": chosen, "currency": currency}
    form = DraftForm(request.POST or None, initial=initial, customers=customers, currency=currency)
    if form.is_bound and form.is_valid():
        try:
            order = draft_order(
                customer=form.cleaned_data["customer"],
                by=person,
                now=timezone.now(),
                **form.written(),
            )
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Draft %(number)s is ready.") % {"number": order.number})
            return redirect("workorders:order-edit", order.pk)
    context = {
        "form": form,
        "edition": current_edition(),
        "trail": [(reverse("workorders:order-list"), _("Work orders")), ("", _("New draft"))],
    }
    status = 422 if form.is_bound else 200
    return render(request, "workorders/order_draft.html", context, status=status)


@require_safe
def order_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """The whole builder; an executed order has its own page."""
    builder = builder_of(request, pk)
    if not builder.order.is_draft:
        return redirect("workorders:order-detail", pk)
    if is_in_review(builder.order):
        return redirect("workorders:order-review", pk)
    return render(request, PAGE, builder.context(request))


@require_POST
def edit_section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """Save one section: that section and what depends on it for HTMX, else the page."""
    builder = builder_of(request, pk)
    form = builder.form(section, request.POST)
    if form.is_valid():
        try:
            builder.order = _save(builder, section, form, request)
        except Refused as refused:
            if refused.code in FROZEN:
                return to_order(request, pk, refused)
            refuse(form, refused, {"locations": "", "flex_years": ""})
            builder.refusal, builder.refused_section = refused, section
            if refused.code == "stale_edit":
                _take_notice(builder, section, request.POST)
        else:
            return _saved(request, builder, section)
    status = refusal_status(builder.refusal) if builder.refusal else 422
    fragment = f"#{section}-section" if request.htmx else ""
    return render(request, f"{PAGE}{fragment}", builder.context(request), status=status)


def _save(builder: Builder, section: str, form: Any, request: SignedInRequest) -> WorkOrder:
    by, now, order = request.user, builder.now, builder.order
    version = form.cleaned_data["version"]
    if section == "term":
        return change_order(order=order, by=by, now=now, version=version, **form.written())
    if section == "list":
        chosen = form.cleaned_data["purchasable"]
        return change_order(order=order, by=by, now=now, version=version, purchasable=chosen)
    if section == "places":
        return set_locations(order=order, locations=form.chosen(), by=by, now=now, version=version)
    return set_flex_years(
        order=order, allotments=form.allotments(), by=by, now=now, version=version
    )


def _take_notice(builder: Builder, section: str, data: Any) -> None:
    """What was typed stays, on the version as it is now: saving again is a decision."""
    builder.order.refresh_from_db()
    typed = data.copy()
    typed["version"] = str(builder.order.version)
    errors = builder.forms[section].errors
    form = builder.form(section, typed)
    form.is_valid()
    form._errors = errors
    if section == "term":
        form.differences = differences(form, builder.order)


def differences(form: TermForm, order: WorkOrder) -> list[tuple[str, str]]:
    """Where the order as it stands differs from what is typed: label and value now."""
    found = []
    for name in form.fields:
        now = getattr(order, name)
        if name == "version" or form.cleaned_data.get(name, now) == now:
            continue
        shown = form[name].field.prepare_value(now)
        found.append((str(form[name].label), "–" if shown in (None, "") else str(shown)))
    return found


def _saved(request: SignedInRequest, builder: Builder, section: str) -> HttpResponse:
    builder.forms.clear()
    if not request.htmx:
        messages.success(request, _("Saved."))
        return redirect(reverse("workorders:order-edit", args=[builder.order.pk]) + f"#{section}")
    context = builder.context(request) | {"saved": section, "said": _("Saved.")}
    return render(request, f"{PAGE}#saved", context)


def to_order(request: SignedInRequest, pk: int, refused: Refused) -> HttpResponse:
    """Nothing can be edited now: show the order, or the review, and say why."""
    messages.error(request, refusal_words(refused).sentence)
    page = "order-review" if refused.code == "in_review" else "order-detail"
    url = reverse(f"workorders:{page}", args=[pk])
    if request.htmx:
        moved: HttpResponse = HttpResponseClientRedirect(url)
        return moved
    return redirect(url)


def _chosen(request: SignedInRequest, customers: Any) -> Customer | None:
    """The customer whose page the person comes from."""
    asked = request.GET.get("customer", "")
    return customers.filter(pk=asked).first() if asked.isascii() and asked.isdigit() else None


def version_of(request: SignedInRequest) -> int | None:
    """The version that was looked at, as the form says it."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def order_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a draft, after a look at what goes with it."""
    builder = builder_of(request, pk)
    order = builder.order
    if not order.is_draft:
        return redirect("workorders:order-detail", pk)
    refusal = None
    if request.method == "POST":
        try:
            discard_draft(
                order=order, by=request.user, now=builder.now, version=version_of(request)
            )
        except Refused as refused:
            refusal = refused
            order.refresh_from_db()
        else:
            messages.success(request, _("Draft %(number)s is deleted.") % {"number": order.number})
            return redirect("workorders:order-list")
    context = {
        "order": order,
        "edition_code": order.edition.code,
        "refusal": refusal,
        "lines": WorkOrderLine.objects.filter(order=order).select_related("offering"),
        "trail": [
            *trail_of(request, order)[:-1],
            (reverse("workorders:order-edit", args=[pk]), order.number),
            ("", _("Delete")),
        ],
    }
    status = refusal_status(refusal) if refusal else 200
    return render(request, "workorders/order_delete.html", context, status=status)
