"""What-if: a draft beside its scenarios, which are added, taken over and deleted here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import SignedInRequest, refusal_status
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from accounts.wording import formats
from workorders.actions.orders.drafts import discard_draft
from workorders.actions.orders.scenarios import MOST_SCENARIOS, add_scenario, adopt_scenario
from workorders.forms.refusals import refuse
from workorders.forms.scenarios import AdoptForm, ScenarioForm
from workorders.models import WorkOrder
from workorders.queries.scenarios import Alternative, alternatives, headroom
from workorders.views.access import clock_of, managed_order
from workorders.views.builder import version_of
from workorders.views.order_page import trail_of

PAGE = "workorders/order_scenarios.html"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of one alternative; `change` is how it differs from the draft's, in words."""

    text: str
    change: str = ""
    tone: str = ""
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of all alternatives, with the clause that makes it matter."""

    label: str
    cells: list[Cell]
    clause: str = ""
    is_head: bool = False


Figure = Callable[[Alternative], Money | None]


def order_scenarios(request: SignedInRequest, pk: int) -> HttpResponse:
    """The comparison; posted to, one more scenario."""
    order = _root(request, pk)
    now = clock_of(order)[0]
    form = ScenarioForm(request.POST or None, initial={"version": order.version})
    refusal = None
    if form.is_bound and form.is_valid():
        try:
            made = add_scenario(
                order=_source(request, order),
                title=form.cleaned_data["title"],
                by=request.user,
                now=now,
                version=form.cleaned_data["version"],
            )
        except Refused as refused:
            refusal = refused
            if refused.field:
                refuse(form, refused)
        else:
            messages.success(
                request, _("Scenario %(title)s is ready to be changed.") % {"title": made.title}
            )
            return redirect("workorders:order-edit", made.pk)
    return _page(request, order, form=form, refusal=refusal)


@require_POST
def scenario_adopt(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a scenario in the draft's place."""
    scenario = _scenario(request, pk)
    form = AdoptForm(request.POST)
    if not form.is_valid():
        return _page(request, _of(scenario), refusal=Refused("version_required"))
    try:
        draft = adopt_scenario(
            scenario=scenario,
            by=request.user,
            now=clock_of(scenario)[0],
            version=form.cleaned_data["version"],
            scenario_version=form.cleaned_data["scenario_version"],
        )
    except Refused as refused:
        return _page(request, _of(scenario), refusal=refused)
    messages.success(
        request, _("The draft now says what %(title)s says.") % {"title": scenario.title}
    )
    return redirect("workorders:order-edit", draft.pk)


@require_POST
def scenario_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a scenario away; the draft isn't touched."""
    scenario = _scenario(request, pk)
    root = _of(scenario)
    try:
        discard_draft(
            order=scenario,
            by=request.user,
            now=clock_of(scenario)[0],
            version=version_of(request),
        )
    except Refused as refused:
        return _page(request, root, refusal=refused)
    messages.success(request, _("Scenario %(title)s is deleted.") % {"title": scenario.title})
    return redirect("workorders:order-scenarios", root.pk)


def _root(request: SignedInRequest, pk: int) -> WorkOrder:
    """The draft that is compared; asked for by a scenario, the draft that it belongs to."""
    order = managed_order(request, pk)
    root = _of(order) if order.scenario_of_id else order
    if not root.is_draft:
        raise Http404
    return root


def _scenario(request: SignedInRequest, pk: int) -> WorkOrder:
    order = managed_order(request, pk)
    if order.scenario_of_id is None:
        raise Http404
    return order


def _of(scenario: WorkOrder) -> WorkOrder:
    drafts = WorkOrder.objects.select_related("customer", "edition")
    return drafts.get(scenarios=scenario)


def _source(request: SignedInRequest, root: WorkOrder) -> WorkOrder:
    """What is cloned: the draft, unless one of its scenarios is named."""
    asked = request.POST.get("source", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return root
    found = WorkOrder.objects.filter(scenario_of=root, pk=asked).first()
    return found or root


def _page(
    request: SignedInRequest,
    root: WorkOrder,
    *,
    form: ScenarioForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    if refusal is not None:
        root.refresh_from_db()
    columns = alternatives(root, on=clock_of(root)[1])
    form = form or ScenarioForm(initial={"version": root.version})
    edit = reverse("workorders:order-edit", args=[root.pk])
    context = {
        "order": root,
        "edition_code": root.edition.code,
        "columns": columns,
        "orders": [one.order for one in columns],
        "rows": comparison(columns),
        "form": form,
        "refusal": refusal,
        "is_full": len(columns) > MOST_SCENARIOS,
        "most": MOST_SCENARIOS,
        "trail": [*trail_of(request, root)[:-1], (edit, root.number), ("", _("What-if"))],
    }
    status = refusal_status(refusal) if refusal else 422 if form.is_bound else 200
    return render(request, PAGE, context, status=status)


def comparison(columns: Sequence[Alternative]) -> list[Row]:
    """Every figure of the alternatives, each beside the draft's."""
    years = sorted({year.number for one in columns for year in one.years})
    spans = sorted({part.key for one in columns for part in one.totals.by_year}, key=int)
    rows = [_money_row(_("Total without taxes"), columns, lambda one: one.totals.total, head=True)]
    for key in spans:
        label = _("of which contract year %(n)s") % {"n": key}
        rows.append(_money_row(label, columns, partial(_part, key)))
    for number in years:
        rows += _year_rows(number, columns)
    rows.append(
        _money_row(
            _("Given up at execution"),
            columns,
            lambda one: one.forfeited,
            clause="2.2-F7",
            less=True,
        )
    )
    rows.append(_count_row(_("Services"), columns, [one.services for one in columns]))
    errors = [one.errors for one in columns]
    rows.append(_count_row(_("Points to settle"), columns, errors, less=True))
    return rows


def _year_rows(number: int, columns: Sequence[Alternative]) -> list[Row]:
    def of(one: Alternative, name: str) -> Money | None:
        year = one.year(number)
        return getattr(year, name) if year else None

    def free(one: Alternative) -> Money | None:
        year = one.year(number)
        return headroom(year) if year else None

    title = {"n": number}
    return [
        _money_row(
            _("Allowance of year %(n)s: used") % title,
            columns,
            lambda one: of(one, "committed"),
            clause="2.2-F4",
        ),
        _money_row(
            _("Allowance of year %(n)s: allotted") % title, columns, lambda one: of(one, "allotted")
        ),
        _money_row(
            _("Free under the ceiling of year %(n)s") % title, columns, free, clause="2.2-F3"
        ),
    ]


def _part(key: str, one: Alternative) -> Money | None:
    return next((part.amount for part in one.totals.by_year if part.key == key), None)


def _money_row(
    label: str,
    columns: Sequence[Alternative],
    figure: Figure,
    *,
    clause: str = "",
    head: bool = False,
    less: bool = False,
) -> Row:
    """Amounts with their difference from the draft's; `less`: the lower the better."""
    amounts = [figure(one) for one in columns]
    return Row(label, [_money_cell(one, amounts[0], less) for one in amounts], clause, head)


def _money_cell(amount: Money | None, draft: Money | None, less: bool) -> Cell:
    if amount is None:
        return Cell("–")
    words = formats.money(amount)
    below = amount.minor < 0
    if draft is None or draft.currency != amount.currency or draft.minor == amount.minor:
        return Cell(words, is_below=below)
    more = amount.minor > draft.minor
    change = Money(abs(amount.minor - draft.minor), amount.currency)
    tone = "" if not less else "late" if more else "ok"
    return Cell(words, f"{'+' if more else '−'}{formats.money(change)}", tone, below)


def _count_row(
    label: str, columns: Sequence[Alternative], counts: Sequence[int], *, less: bool = False
) -> Row:
    cells = []
    for count in counts:
        difference = count - counts[0]
        tone = "" if not less or not difference else "late" if difference > 0 else "ok"
        change = f"{'+' if difference > 0 else '−'}{formats.number(abs(difference))}"
        cells.append(Cell(formats.number(count), change if difference else "", tone))
    return Row(label, cells)
