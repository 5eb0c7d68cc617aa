"""The invoices of an order: what is billed when, by the split chosen; charges recorded there."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest, refusal_status
from accounts.http.access import manager, viewer
from accounts.http.keys import key_for, key_of
from accounts.http.languages import in_language
from accounts.http.tables import csv_answer
from accounts.http.workbooks import Sheet, workbook_answer
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from accounts.wording import formats
from workorders.actions.charges import record_charge, take_back_charge
from workorders.forms.charges import ChargeForm, InvoiceForm, TakeBackForm
from workorders.models import Charge, WorkOrder
from workorders.queries.invoices import Bill, bill_of
from workorders.queries.locations import listed_locations
from workorders.templatetags.invoices import item_detail, item_name
from workorders.views.access import clock_of, order_of
from workorders.views.order_page import of_executed, order_page, sees_allowance, trail_of
from workorders.wording.statements import file_name


@require_safe
@of_executed
def order_invoices(request: SignedInRequest, order: WorkOrder) -> HttpResponse:
    """What is billed of the order and when, split as chosen."""
    form, bill = _bill(request, order)
    page = order_page(request, order)
    context = page.context(request, "invoices") | {
        "form": form,
        "bill": bill,
        "here": reverse("workorders:order-invoices", args=[order.pk]),
        "charges": Charge.objects.visible_to(viewer(request))
        .filter(order=order)
        .select_related("location", "offering", "by", "reverses", "reversed_by"),
        "may_charge": viewer(request).manages_agreements,
    }
    fragment = (
        ("#invoices" if request.htmx.target == "invoices" else "#tab") if request.htmx else ""
    )
    return render(request, f"workorders/order_invoices.html{fragment}", context)


@require_safe
def invoice_file(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """The same bill as CSV or workbook: one line for each part of each invoice."""
    order = order_of(request, pk)
    if order.is_draft:
        raise Http404
    with in_language(request) as language:
        _form, bill = _bill(request, order)
        if bill is None:
            page = reverse("workorders:order-invoices", args=[order.pk])
            return redirect(f"{page}?{request.GET.urlencode()}")
        name = file_name("invoices", order.number or order.pk, bill.split, language)
        header = (
            _("Invoice"), _("What"), _("Details"), _("Billable from"), _("Amount"),
            _("Currency"), _("Clauses"), _("Work order"),
        )  # fmt: skip
        rows = list(_rows(bill))
        if form == "csv":
            return csv_answer(name, header, (_plain(row) for row in rows))
        total = (_("Total"), "", "", "", bill.total, bill.total.currency, "", order.number)
        return workbook_answer(name, [Sheet(_("Invoices"), header, [*rows, total], totals=1)])


def charge_record(request: SignedInRequest, pk: int) -> HttpResponse:
    """Record travel or another agreed charge."""
    person, order = manager(request), order_of(request, pk)
    if order.is_draft:
        raise Http404
    now, today, _zone = clock_of(order)
    is_post = request.method == "POST"
    form = ChargeForm(
        request.POST if is_post else None,
        order=order,
        locations=listed_locations(order),
        initial={"on": today},
    )
    refusal = None
    if is_post and form.is_valid():
        try:
            charge = record_charge(
                order=order, by=person, now=now, idempotency_key=key_of(request), **form.charge()
            )
        except Refused as refused:
            refusal = refused
        else:
            amount = formats.money(Money(charge.amount_minor, charge.currency))
            said = _("Recorded %(amount)s; billable from %(day)s.")
            day = formats.day(charge.billable_on)
            messages.success(request, said % {"amount": amount, "day": day})
            return redirect("workorders:order-invoices", order.pk)
    context = {"order": order, "form": form, "title": _("Record a charge")}
    return _form_page(request, "workorders/charge_record.html", context, refusal)


def charge_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a charge back: the same amount below zero, with its reason."""
    person = manager(request)
    charges = Charge.objects.visible_to(person).select_related("order__customer", "location")
    charge = get_object_or_404(charges, pk=pk)
    form = TakeBackForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            take_back_charge(
                charge=charge,
                reason=form.cleaned_data["reason"],
                by=person,
                now=timezone.now(),
                idempotency_key=key_of(request),
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The charge is taken back."))
            return redirect("workorders:order-invoices", charge.order_id)
    context = {
        "order": charge.order,
        "charge": charge,
        "form": form,
        "title": _("Take a charge back"),
    }
    return _form_page(request, "workorders/charge_take_back.html", context, refusal)


def _form_page(
    request: SignedInRequest, template: str, context: dict[str, Any], refusal: Refused | None
) -> HttpResponse:
    order = context["order"]
    invoices = reverse("workorders:order-invoices", args=[order.pk])
    context |= {
        "edition_code": order.edition.code,
        "refusal": refusal,
        "key": key_for(request),
        "trail": [
            *trail_of(request, order)[:-1],
            (invoices, order.number),
            ("", context["title"]),
        ],
    }
    status = 200
    if request.method == "POST":
        status = refusal_status(refusal) if refusal else 422
    return render(request, template, context, status=status)


def _bill(request: SignedInRequest, order: WorkOrder) -> tuple[InvoiceForm, Bill | None]:
    """Invoices belong to the order as a whole, not to a location."""
    person = viewer(request)
    if not sees_allowance(person):
        raise Http404
    form = InvoiceForm({"by": "family", **request.GET.dict()})
    if not form.is_valid():
        return form, None
    return form, bill_of(order, viewer=person, split=form.split, until=form.cleaned_data["until"])


def _rows(bill: Bill) -> Iterator[tuple[object, ...]]:
    for invoice in bill.invoices:
        for part in invoice.parts:
            yield (
                invoice.title,
                item_name(part.item),
                item_detail(part.item),
                part.item.on,
                part.amount,
                part.amount.currency,
                " ".join(part.item.clauses),
                bill.order.number,
            )


def _plain(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(cell.decimal if isinstance(cell, Money) else cell for cell in row)
