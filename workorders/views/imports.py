"""Lines of a draft from a file: looked at row by row, then taken all together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import SignedInRequest, refusal_status
from accounts.http.tables import csv_answer
from accounts.rules.refusal import Refused
from accounts.wording import formats
from workorders.actions.orders.imports import (
    Verdict,
    import_lines,
    judge_lines,
)
from workorders.forms.imports import OPTIONAL, REQUIRED, ConfirmForm, ImportForm, keep, read_lines
from workorders.models import WorkOrder
from workorders.queries.import_table import TableRow
from workorders.queries.locations import listed_locations
from workorders.views.access import clock_of, managed_order
from workorders.views.builder import to_order
from workorders.views.order_page import trail_of
from workorders.wording.findings import finding_words

PAGE = "workorders/lines_import.html"
# As many rows as somebody reads on a page; the file of verdicts has them all.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows of a file with their verdicts, the bad ones first."""

    verdicts: Sequence[Verdict]
    kept: str

    @property
    def bad(self) -> list[Verdict]:
        """Rows that can't be taken."""
        return [one for one in self.verdicts if one.errors]

    @property
    def shown(self) -> list[Verdict]:
        """What the page lists."""
        good = [one for one in self.verdicts if not one.errors]
        return [*self.bad, *good][:SHOWN]

    @property
    def more(self) -> int:
        """Rows that the page doesn't list."""
        return max(len(self.verdicts) - SHOWN, 0)


def lines_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """A file to upload; uploaded, what each of its rows would do. Nothing is saved."""
    order = _draft(request, pk)
    if request.method != "POST":
        return _page(request, order, ImportForm(initial={"version": order.version}))
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    try:
        rows = form.rows()
    except Refused as refused:
        return _page(request, order, form, refusal=refused)
    verdicts = _judged(order, rows)
    preview = Preview(verdicts, keep(rows, order=order, by=request.user))
    return _page(request, order, form, preview=preview, status=422 if preview.bad else 200)


@require_POST
def lines_import_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take all rows that were looked at, or none."""
    order = _draft(request, pk)
    form = ConfirmForm(request.POST)
    fresh = ImportForm(initial={"version": order.version})
    if not form.is_valid():
        return _page(request, order, fresh, refusal=Refused("preview_over", field="file"))
    rows: list[TableRow] = []
    try:
        rows = form.rows(order=order, by=request.user)
        count = import_lines(
            order=order,
            lines=read_lines(order, rows),
            by=request.user,
            now=clock_of(order)[0],
            version=form.cleaned_data["version"],
        )
    except Refused as refused:
        if refused.code == "already_executed":
            return to_order(request, pk, refused)
        order.refresh_from_db()
        preview = Preview(_judged(order, rows), form.cleaned_data["kept"]) if rows else None
        fresh = ImportForm(initial={"version": order.version})
        return _page(request, order, fresh, preview=preview, refusal=refused)
    said = ngettext("%(count)s line is added.", "%(count)s lines are added.", count)
    messages.success(request, said % {"count": formats.number(count)})
    return redirect(reverse("workorders:order-edit", args=[pk]) + "#lines")


@require_POST
def lines_import_verdicts(request: SignedInRequest, pk: int) -> HttpResponse:
    """The verdict of every row as a file."""
    order = _draft(request, pk)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        rows = form.rows(order=order, by=request.user)
    except Refused:
        raise Http404 from None
    header = [_("Row"), _("Verdict"), _("Column"), _("Reason"), _("Clause")]
    return csv_answer(f"{order.number}-import", header, _verdict_rows(_judged(order, rows)))


@require_safe
def lines_import_template(request: SignedInRequest, pk: int) -> HttpResponse:
    """An empty file with the columns and one row as an example."""
    order = _draft(request, pk)
    places = listed_locations(order)
    example = {
        "offering": "workshops",
        "location": places[0].name if places else "",
        "quantity": "2",
        "price": "12000.00",
        "funding": "money",
        "note": _("Example: replace this row"),
    }
    columns = (*REQUIRED, *OPTIONAL)
    return csv_answer("lines", columns, [[example.get(name, "") for name in columns]])


def _draft(request: SignedInRequest, pk: int) -> WorkOrder:
    order = managed_order(request, pk)
    if not order.is_draft:
        raise Http404
    return order


def _judged(order: WorkOrder, rows: Iterable[TableRow]) -> list[Verdict]:
    return judge_lines(order=order, lines=read_lines(order, rows), on=clock_of(order)[1])


def _verdict_rows(verdicts: Iterable[Verdict]) -> Iterable[list[object]]:
    for verdict in verdicts:
        if not verdict.findings:
            yield [verdict.row, _("Fits"), "", "", ""]
        for finding in verdict.findings:
            word = _("Refused") if finding.severity == "error" else _("Note")
            reason = finding_words(finding).sentence
            yield [verdict.row, word, finding.field, reason, ", ".join(finding.clauses)]


def _page(
    request: SignedInRequest,
    order: WorkOrder,
    form: ImportForm,
    *,
    preview: Preview | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    edit = reverse("workorders:order-edit", args=[order.pk])
    context = {
        "order": order,
        "edition_code": order.edition.code,
        "form": form,
        "preview": preview,
        "refusal": refusal,
        "required": REQUIRED,
        "optional": OPTIONAL,
        "trail": [*trail_of(request, order)[:-1], (edit, order.number), ("", _("Import lines"))],
    }
    status = refusal_status(refusal) if refusal else status
    return render(request, PAGE, context, status=status)
