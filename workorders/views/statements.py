"""The statement of an order or of a customer as of a date: on the screen, as CSV, XLSX and PDF."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import SignedInRequest
from accounts.http.access import viewer
from accounts.http.languages import in_language
from accounts.http.paging import key_page
from accounts.http.papers import paper_answer
from accounts.http.tables import csv_answer
from accounts.http.workbooks import workbook_answer
from accounts.models import Customer, Location, User
from accounts.rules.calendar_days import local_date
from accounts.rules.refusal import Refused
from workorders.forms.filters import StatementForm
from workorders.models import WorkOrder
from workorders.queries.locations import host_of, zone_of
from workorders.queries.notes import clause_notes
from workorders.queries.statement import Statement
from workorders.queries.statement_page import KEYS, statement_page, whole
from workorders.views.access import order_of
from workorders.views.order_page import trail_of
from workorders.views.statement_rows import movement_header, movement_rows, plain_cells, sheets
from workorders.wording.statements import file_name
from workorders.wording.term import rate_words

# Longer ones are for a spreadsheet: a paper of this many lines has some hundred pages.
LONGEST_PAPER = 4_000
FILES = {"csv": "statement-export", "xlsx": "statement-xlsx", "pdf": "statement-pdf"}


@dataclass(frozen=True)
class Subject:
    """What a statement is of: an order, or all orders of a customer."""

    customer: Customer
    order: WorkOrder | None
    zone: str
    now: datetime

    @property
    def today(self) -> date:
        """The day at the host location."""
        return local_date(self.now, self.zone)

    @property
    def name(self) -> str:
        """As files are called."""
        return self.order.number if self.order else self.customer.short_name

    def address(self, form: str = "") -> str:
        """The address of its page, or of one of its files."""
        if self.order is not None:
            name = FILES[form] if form else "order-statement"
            return reverse(f"workorders:{name}", args=[self.order.pk])
        name = FILES[form] if form else "statement"
        return reverse(f"workorders:customer-{name}", args=[self.customer.pk])

    def statement(self, **options: Any) -> Statement:
        """All of it: reads the period, and what came after it."""
        return statement_page(self.customer, self.order, cut=whole, **options)

    def page(self, after: str, before: str, **options: Any) -> Statement:
        """Some of its movements."""
        cut = partial(key_page, keys=KEYS, after=after, before=before)
        return statement_page(self.customer, self.order, cut=cut, **options)

    def locations(self, person: User) -> Any:
        """The locations that can be chosen."""
        places = Location.objects.visible_to(person).filter(customer=self.customer)
        return places.filter(order_locations__order=self.order) if self.order else places


View = Callable[[SignedInRequest, int], HttpResponse]


@require_safe
def order_statement(request: SignedInRequest, pk: int) -> HttpResponse:
    """What stood, what moved and why, what stands, for one location or all."""
    return _page(request, _of_order(request, pk))


@require_safe
def customer_statement_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same over all orders of a customer."""
    return _page(request, _of_customer(request, pk))


@require_safe
def statement_file(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """The statement of an order as a file, in the language of `lang` or the reader's."""
    return _file(request, _of_order(request, pk), form)


@require_safe
def customer_statement_file(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """The statement of a customer as a file."""
    return _file(request, _of_customer(request, pk), form)


def _of_order(request: SignedInRequest, pk: int) -> Subject:
    order = order_of(request, pk)
    return Subject(order.customer, order, zone_of(order.customer), timezone.now())


def _of_customer(request: SignedInRequest, pk: int) -> Subject:
    customer = get_object_or_404(Customer.objects.visible_to(viewer(request)), pk=pk)
    return Subject(customer, None, zone_of(customer), timezone.now())


def _page(
    request: SignedInRequest, subject: Subject, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    form, options = _asked(request, subject)
    mark = {name: request.GET.get(name, "") for name in ("after", "before")}
    found = None if options is None else subject.page(**mark, **options)
    context = {
        "order": subject.order,
        "customer": subject.customer,
        "edition_code": subject.order.edition.code if subject.order else "",
        "here": subject.address(),
        "files": [(kind.upper(), subject.address(kind)) for kind in FILES],
        "form": form,
        "statement": found,
        "page": found,
        "refusal": refusal,
        "now": subject.now,
        "zone": subject.zone,
        "today": subject.today,
        "trail": _trail(request, subject),
    }
    fragment = "#results" if request.htmx else ""
    return render(request, f"workorders/order_statement.html{fragment}", context, status=status)


def _trail(request: SignedInRequest, subject: Subject) -> list[tuple[str, str]]:
    if subject.order is None:
        orders = reverse("workorders:order-list")
        narrowed = f"{orders}?customer={subject.customer.pk}"
        return [
            (orders, _("Work orders")),
            (narrowed, subject.customer.name),
            ("", _("Statement")),
        ]
    address = reverse("workorders:order-detail", args=[subject.order.pk])
    return [
        *trail_of(request, subject.order)[:-1],
        (address, subject.order.number),
        ("", _("Statement")),
    ]


def _file(request: SignedInRequest, subject: Subject, form: str) -> HttpResponse:
    """A period that can't be read is told on the page, as is a paper that can't be made."""
    asked, options = _asked(request, subject)
    if options is None:
        return _page(request, subject, status=422)
    found = subject.statement(**options)
    with in_language(request) as language:
        try:
            return _answer(subject, found, form, asked.cleaned_data["known"], language)
        except Refused as refused:
            refusal = refused
    return _page(
        request, subject, refusal, status=503 if refusal.code == "pdf_unavailable" else 422
    )


def _answer(
    subject: Subject, found: Statement, form: str, known: date | None, language: str
) -> HttpResponse:
    name = file_name("statement", subject.name or subject.customer.pk, found.as_of, language)
    if form == "csv":
        rows = plain_cells(movement_rows(found, subject.zone))
        return csv_answer(name, [str(words) for words in movement_header()], rows)
    notes = clause_notes(found.clauses, [order.edition for order in found.orders])
    if form == "xlsx":
        return workbook_answer(name, sheets(found, notes, zone=subject.zone, known=known))
    if found.movements > LONGEST_PAPER:
        raise Refused("paper_too_long", field="since", lines=found.movements, most=LONGEST_PAPER)
    context = {
        "statement": found,
        "host": host_of(subject.customer),
        "zone": subject.zone,
        "known": known,
        "rate": rate_words(subject.order.units_per_usd) if subject.order else "",
        "notes": notes,
        "numbers": {note.clause: note.number for note in notes},
    }
    return paper_answer(name, "workorders/papers/statement.html", context)


def _asked(
    request: SignedInRequest, subject: Subject
) -> tuple[StatementForm, dict[str, Any] | None]:
    person = viewer(request)
    form = StatementForm(
        {"as_of": subject.today.isoformat(), **request.GET.dict()},
        locations=subject.locations(person),
    )
    if not form.is_valid():
        return form, None
    data: dict[str, Any] = form.cleaned_data
    known = data["known"]
    return form, {
        "viewer": person,
        "as_of": data["as_of"] or subject.today,
        "since": data["since"],
        "location": data["location"],
        "known_at": _end_of(known, subject.zone) if known else None,
    }


def _end_of(day: date, zone: str) -> datetime:
    """The last instant of a day at the host location."""
    next_day = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return next_day - timedelta(microseconds=1)
