"""Lines of a draft: picked from the catalogue, checked while one types, saved, removed."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest, refusal_status
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from services.catalog.queries import search
from workorders.actions.orders import (
    Scope,
    add_line,
    change_line,
    override_refusal,
    propose_line,
    remove_line,
)
from workorders.forms.lines import LineForm
from workorders.forms.orders import OverrideForm
from workorders.models import WorkOrder, WorkOrderLine
from workorders.queries.agreement import ProposedLine
from workorders.queries.execution import check_order, year_plans
from workorders.queries.fees import fee_of
from workorders.queries.findings import from_refusal
from workorders.queries.line_findings import units_for
from workorders.queries.locations import listed_locations
from workorders.queries.offered import offered_under
from workorders.queries.terms import years_of
from workorders.views.builder import FROZEN, PAGE, Builder, builder_of, to_order
from workorders.views.line_panel import LinePanel, Slot, is_of, place_findings, slot_of

MOST_FOUND = 60


@require_safe
def line_pick(request: SignedInRequest, pk: int) -> HttpResponse:
    """Additional services of the order's edition, searched in both languages.

    Where the order with the base package lists what may be bought, those (2.1-B7).
    """
    builder = _draft(request, pk)
    question = request.GET.get("q", "")[:100]
    offered = offered_under(builder.order, builder.today).exclude(mark=Offering.Mark.INCLUDED)
    found = search(offered, question).order_by("position")[:MOST_FOUND]
    context = {"picker": {"found": found, "q": question}}
    return _panel(request, builder, context)


def line_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new line for an offering."""
    builder = _draft(request, pk)
    return _line(request, builder, _offering(request, builder.order), None)


def line_edit(request: SignedInRequest, pk: int, line: int) -> HttpResponse:
    """A line of the draft, to be changed."""
    builder = _draft(request, pk)
    if request.method == "POST" and request.GET.get("offering") and not _has(builder.order, line):
        # Removed by somebody meanwhile: told as any other edit, what was typed becomes a new line.
        return _line(request, builder, _offering(request, builder.order), None)
    row = _line_of(builder.order, line)
    return _line(request, builder, row.offering, row)


@require_POST
def line_check(request: SignedInRequest, pk: int) -> HttpResponse:
    """What stands against the line as it is typed. Nothing is saved."""
    builder = _draft(request, pk)
    asked = request.GET.get("line", "")
    row = _line_of(builder.order, int(asked)) if asked.isascii() and asked.isdigit() else None
    offering = row.offering if row else _offering(request, builder.order)
    panel = _checked(builder, _form(builder.order, offering, row, request.POST), offering, row)
    if request.htmx:
        context = {"panel": panel, "order": builder.order, "is_check": True}
        return render(request, f"{PAGE}#line-findings", context)
    return _panel(request, builder, {"panel": panel})


@require_POST
def line_remove(request: SignedInRequest, pk: int, line: int) -> HttpResponse:
    """Take a line off the draft."""
    builder = _draft(request, pk)
    version = request.POST.get("version", "")
    try:
        remove_line(
            line=_line_of(builder.order, line),
            by=request.user,
            now=builder.now,
            version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except Refused as refused:
        return _not_done(request, builder, refused)
    return _done(request, builder, _("Line removed."))


@require_POST
def line_override(request: SignedInRequest, pk: int) -> HttpResponse:
    """Override a refusal that the description lets staff override, in writing (0-C17)."""
    builder = _draft(request, pk)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return _not_done(request, builder, Refused("reason_required", clause="0-C17"))
    row = _line_of(builder.order, form.cleaned_data["line"])
    try:
        override_refusal(
            customer=builder.order.customer,
            subject_key=f"line:{row.pk}",
            code=form.cleaned_data["code"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=builder.now,
        )
    except Refused as refused:
        return _not_done(request, builder, refused)
    return _done(request, builder, _("Overridden; the reason stays with the order."))


# --- one line -------------------------------------------------------------------------------


def _draft(request: SignedInRequest, pk: int) -> Builder:
    builder = builder_of(request, pk)
    if not builder.order.is_draft:
        raise Http404
    return builder


def _offering(request: SignedInRequest, order: WorkOrder) -> Offering:
    offerings = Offering.objects.prefetch_related("limits").filter(edition=order.edition)
    code = request.GET.get("offering", "")
    return get_object_or_404(offerings.exclude(mark=Offering.Mark.INCLUDED), code=code)


def _has(order: WorkOrder, line: int) -> bool:
    return WorkOrderLine.objects.filter(order=order, pk=line).exists()


def _line_of(order: WorkOrder, pk: int) -> WorkOrderLine:
    lines = WorkOrderLine.objects.select_related("offering", "order").prefetch_related(
        "allocations__location", "scopes", "tiers", "offering__limits"
    )
    return get_object_or_404(lines, order=order, pk=pk)


def _form(order: WorkOrder, offering: Offering, line: WorkOrderLine | None, data: Any) -> LineForm:
    units = sorted(units_for(offering), key=lambda unit: unit != "each")
    return LineForm(
        data,
        order=order,
        offering=offering,
        units=units,
        locations=listed_locations(order),
        years=years_of(order),
        line=line,
    )


def _line(
    request: SignedInRequest, builder: Builder, offering: Offering, line: WorkOrderLine | None
) -> HttpResponse:
    form = _form(builder.order, offering, line, request.POST or None)
    if request.method != "POST":
        panel = _checked(builder, form, offering, line) if line else _fresh(form, offering)
        return _panel(request, builder, {"panel": panel})
    refusal = None
    if form.is_valid():
        try:
            _save(request, builder, form, offering, line)
        except Refused as refused:
            if refused.code in FROZEN:
                return to_order(request, builder.order.pk, refused)
            refusal = refused
        else:
            words = _("Line saved: %(service)s.") if line else _("Line added: %(service)s.")
            return _done(request, builder, words % {"service": offering})
    if refusal is not None and refusal.code == "stale_edit":
        builder.order.refresh_from_db()
        typed = request.POST.copy()
        typed["version"] = str(builder.order.version)
        form = _form(builder.order, offering, line, typed)
    panel = _checked(builder, form, offering, line)
    panel.refusal = refusal
    status = refusal_status(refusal) if refusal else 422
    return _panel(request, builder, {"panel": panel}, status=status)


def _save(
    request: SignedInRequest,
    builder: Builder,
    form: LineForm,
    offering: Offering,
    line: WorkOrderLine | None,
) -> None:
    common = {
        "by": request.user,
        "now": builder.now,
        "version": form.cleaned_data["version"],
        "allocations": form.allocations(),
        "scopes": [Scope(*one) for one in form.scopes()],
        "tiers": form.tiers(),
        **form.line_fields(),
    }
    if line is None:
        add_line(order=builder.order, offering=offering, **common)
    else:
        change_line(line=line, **common)


def _fresh(form: LineForm, offering: Offering) -> LinePanel:
    return LinePanel(form, offering, None, slots={})


def _checked(
    builder: Builder, form: LineForm, offering: Offering, line: WorkOrderLine | None
) -> LinePanel:
    """The panel with everything that stands against what is typed, or what is saved."""
    slots: dict[str, Slot] = {}
    panel = LinePanel(form, offering, line, slots)
    if form.is_bound and not form.is_valid():
        for name, errors in form.errors.items():
            slot_of(slots, form, name).errors += [str(error) for error in errors]
        return panel
    try:
        proposal = _proposal(builder.order, form, offering, line) if form.is_bound else None
        findings = check_order(builder.order, builder.today, proposal=proposal)
    except Refused as refused:
        findings = [from_refusal(refused)]
        proposal = None
        place_findings(slots, form, findings)
        return panel
    mine = proposal.line if proposal else line
    place_findings(slots, form, [one for one in findings if is_of(one, mine)])
    tiers = proposal.tiers if proposal else tuple(line.tiers.all()) if line else ()
    if mine is not None and tiers:
        with suppress(Refused):  # what is missing stands beside its field
            panel.fee = fee_of(mine, tiers, order=builder.order)
    if mine is not None and mine.flex_year:
        plans = year_plans(builder.order, proposal=proposal)
        panel.plan = next((one for one in plans if one.number == mine.flex_year), None)
    return panel


def _proposal(
    order: WorkOrder, form: LineForm, offering: Offering, line: WorkOrderLine | None
) -> ProposedLine:
    return propose_line(
        order=order,
        offering=offering,
        line=line,
        allocations=form.allocations(),
        scopes=[Scope(*one) for one in form.scopes()],
        tiers=form.tiers(),
        **form.line_fields(),
    )


# --- answers --------------------------------------------------------------------------------


def _panel(
    request: SignedInRequest, builder: Builder, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The panel for HTMX, the whole builder with the panel open otherwise."""
    if request.htmx:
        context |= {"order": builder.order}
        return render(request, f"{PAGE}#line-panel", context, status=status)
    context = builder.context(request) | context
    return render(request, PAGE, context, status=status)


def _done(request: SignedInRequest, builder: Builder, said: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect(reverse("workorders:order-edit", args=[builder.order.pk]) + "#lines")
    builder.order.refresh_from_db()
    context = builder.context(request) | {"saved": "lines", "said": said}
    return render(request, f"{PAGE}#saved", context)


def _not_done(request: SignedInRequest, builder: Builder, refused: Refused) -> HttpResponse:
    if refused.code in FROZEN:
        return to_order(request, builder.order.pk, refused)
    builder.order.refresh_from_db()
    builder.refusal, builder.refused_section = refused, "lines"
    fragment = "#lines-section" if request.htmx else ""
    context = builder.context(request)
    return render(request, f"{PAGE}{fragment}", context, status=refusal_status(refused))
