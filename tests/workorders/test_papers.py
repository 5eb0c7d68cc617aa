"""Statements as workbook and paper: typed, complete, the same bytes for the same date."""

import csv
import re
import zlib
from datetime import date, datetime
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.urls import reverse

from accounts.http import papers, workbooks
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from tests import factories
from tests.workorders import scenes
from workorders.actions import holdings
from workorders.models import Entitlement
from workorders.queries.notes import clause_notes
from workorders.queries.statement_page import statement_page, whole

pytestmark = pytest.mark.django_db
SPRING = {"as_of": "2026-04-30"}


@pytest.fixture
def scene(at, now):
    at(now)
    made = scenes.contoso()
    held = owed(made, "workshops")
    holdings.reserve_units(
        entitlement=held, quantity=3, on=date(2026, 3, 2), subject_key="booking:7", **by(made)
    )
    holdings.redeem_credits(
        order=made.order,
        location=made.host,
        lines=[(factories.offering("workshops", made.order.edition), Money(250_000, "EUR"))],
        approved_on=date(2026, 4, 1),
        **by(made),
    )
    return made


def by(scene):
    return {"by": scene.csam, "now": factories.NOW}


def owed(scene, code):
    return Entitlement.objects.filter(
        order=scene.order, offering__code=code, location=scene.host
    ).first()


def deliver_later(scene):
    """Movements that count after the statement's day."""
    holdings.deliver_units(
        entitlement=owed(scene, "workshops"),
        quantity=2,
        on=date(2026, 6, 1),
        subject_key="booking:7",
        **by(scene),
    )


def file_of(client, scene, kind, status=200, **query):
    name = {"csv": "statement-export"}.get(kind, f"statement-{kind}")
    answer = client.get(reverse(f"workorders:{name}", args=[scene.order.pk]), query)
    assert answer.status_code == status
    return answer


def book_of(answer):
    return openpyxl.load_workbook(BytesIO(answer.content))


def rows_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


# --- which purchase paid for which use -----------------------------------------------------


def test_credits_name_what_they_paid_for_and_the_service_its_lots(scene):
    found = statement_page(
        scene.customer, scene.order, cut=whole, viewer=scene.csam, as_of=date(2026, 4, 30)
    )
    at_host = [section for section in found.sections if section.location == scene.host]
    named = {section.offering.code: section for section in at_host if section.offering}
    spent = [one for one in named["proactive-credits"].movements if one.paid_for]
    assert [(one.lot.number, one.transfer.amount, one.paid_for.code) for one in spent] == [
        (1, 31, "workshops")
    ]
    bought = [one for one in named["workshops"].movements if one.paid_with]
    assert [(p.lot.number, p.credits) for one in bought for p in one.paid_with] == [(1, 31)]
    lots = named["workshops"].lots
    assert [(lot.number, lot.granted, lot.booked, lot.gone, lot.left) for lot in lots] == [
        (1, 4, 3, 0, 1),
        (2, 1, 0, 0, 1),
    ]


def test_opening_added_and_taken_make_the_closing_balance(scene):
    found = statement_page(
        scene.customer,
        scene.order,
        cut=whole,
        viewer=scene.csam,
        as_of=date(2026, 4, 30),
        since=date(2026, 3, 1),
    )
    for one in found.sections:
        assert one.opening_left + one.added - one.taken == one.closing_left
    credits_total = next(total for total in found.totals if total.unit == "credit")
    assert (credits_total.opening, credits_total.taken, credits_total.closing) == (500, 31, 469)


# --- a customer's statement ----------------------------------------------------------------


def test_a_customers_statement_tells_every_order_and_no_other_customers(scene, sign_in):
    more = factories.draft(
        scene.customer, by=scene.csam, starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30)
    )
    factories.line(more)
    factories.executed(more)
    factories.executed()
    found = statement_page(scene.customer, cut=whole, viewer=scene.csam, as_of=date(2026, 11, 23))
    assert {order.pk for order in found.orders} == {scene.order.pk, more.pk}
    page = sign_in(scene.csam).get(
        reverse("workorders:customer-statement", args=[scene.customer.pk])
    )
    assert page.context["statement"].orders == found.orders
    alone = statement_page(
        scene.customer, cut=whole, viewer=scene.csam, as_of=date(2026, 11, 23), location=scene.pune
    )
    assert {section.location for section in alone.sections} == {scene.pune}


def test_a_location_contact_has_their_location_in_the_customers_statement(scene, sign_in):
    page = sign_in(scene.contact).get(
        reverse("workorders:customer-statement", args=[scene.customer.pk])
    )
    assert {one.location for one in page.context["statement"].sections} == {scene.detroit}


@pytest.mark.parametrize("kind", ["", "-export", "-xlsx", "-pdf"])
def test_a_strangers_customer_has_no_statement(scene, sign_in, kind):
    address = reverse(f"workorders:customer-statement{kind}", args=[scene.customer.pk])
    assert sign_in(scene.stranger).get(address).status_code == 404


# --- as of a date --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_of_a_past_day_doesn_t_change_when_later_movements_come(scene, sign_in, kind):
    client = sign_in(scene.viewer)
    before = file_of(client, scene, kind, **SPRING).content
    deliver_later(scene)
    assert file_of(client, scene, kind, **SPRING).content == before
    assert file_of(client, scene, kind, as_of="2026-06-30").content != before


def test_what_had_been_recorded_by_a_day_leaves_out_later_entries(scene, sign_in):
    client = sign_in(scene.csam)
    asked = {**SPRING, "known": "2025-12-31"}
    page = client.get(reverse("workorders:order-statement", args=[scene.order.pk]), asked)
    sections = page.context["statement"].sections
    kinds = {one.transfer.kind for section in sections for one in section.movements}
    assert kinds == {"allot", "commit", "forfeit", "grant"}


# --- the workbook --------------------------------------------------------------------------


def test_the_workbook_has_typed_cells_under_headers_that_stay(scene, sign_in):
    book = book_of(file_of(sign_in(scene.csam), scene, "xlsx", **SPRING))
    assert book.sheetnames == ["Balances", "Movements", "Purchases", "Clauses", "Statement"]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    moves = rows_of(book["Movements"])
    redeemed = next(row for row in moves if row[4] == "redeemed")
    assert (redeemed[3], redeemed[7], redeemed[15]) == (
        datetime(2026, 4, 1), 31, "paid for Workshops",
    )  # fmt: skip
    hours = next(row for row in moves if row[2] == "hour" and row[7])
    assert hours[7] == 240
    balances = rows_of(book["Balances"])
    assert balances[-1][1].startswith("Total: ")
    credits_total = next(row for row in balances if row[1] == "Total: credit")
    assert credits_total[4:] == [0, 500, 31, 469]


def test_the_workbook_says_what_the_csv_says(scene, sign_in):
    client = sign_in(scene.csam)
    text = file_of(client, scene, "csv", **SPRING).content.decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    book = book_of(file_of(client, scene, "xlsx", **SPRING))["Movements"]
    assert [cell.value for cell in book[1]] == lines[0]
    assert [row[5] or "" for row in rows_of(book)] == [line[5] for line in lines[1:]]


def test_what_looks_like_a_formula_stays_text():
    sheet = workbooks.Sheet("A/B", ("h",), [('=HYPERLINK("http://x")',), ("+1",), (-1,)])
    page = openpyxl.load_workbook(BytesIO(workbooks.workbook([sheet])))["AB"]
    assert [(cell.value, cell.data_type) for (cell,) in page.iter_rows(min_row=2)] == [
        ('=HYPERLINK("http://x")', "s"),
        ("+1", "s"),
        (-1, "n"),
    ]
    assert page["A2"].quotePrefix


def test_a_number_that_a_spreadsheet_would_round_is_text():
    sheet = workbooks.Sheet("n", ("h",), [(Money(10**17 + 1, "EUR"),), (Money(105, "JPY"),)])
    page = openpyxl.load_workbook(BytesIO(workbooks.workbook([sheet])))["n"]
    assert [cell.value for (cell,) in page.iter_rows(min_row=2)] == ["1000000000000000.01", 105]


# --- the paper -----------------------------------------------------------------------------


def test_a_paper_is_the_same_twice_and_embeds_its_fonts_in_both_languages(scene, sign_in):
    client = sign_in(scene.csam)
    english = file_of(client, scene, "pdf", **SPRING, lang="en")
    chinese = file_of(client, scene, "pdf", **SPRING, lang="zh-hans")
    deliver_later(scene)
    assert file_of(client, scene, "pdf", **SPRING, lang="en").content == english.content
    assert english["Content-Type"] == "application/pdf"
    assert english["Content-Disposition"].endswith('-2026-04-30-en.pdf"')
    assert english.content != chinese.content
    for answer in (english, chinese):
        names = fonts_in(answer.content)
        assert {name.split("+")[1].split("-")[1] for name in names} == {"Latin", "Chinese"}


def fonts_in(pdf):
    """The names of the embedded fonts: each has a prefix that says it is a subset."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return {
        name.decode() for part in parts for name in re.findall(rb"/BaseFont\s*/([\w+-]+)", part)
    }


def test_a_paper_too_long_to_read_is_refused_with_what_would_do(scene, sign_in, monkeypatch):
    monkeypatch.setattr("workorders.views.statements.LONGEST_PAPER", 3)
    answer = file_of(sign_in(scene.csam), scene, "pdf", status=422)
    assert answer.context["refusal"].code == "paper_too_long"
    assert "take the workbook" in answer.content.decode()


def test_a_machine_without_pango_is_told_and_the_page_stays(scene, sign_in, monkeypatch):
    def missing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(papers, "import_module", missing)
    answer = file_of(sign_in(scene.csam), scene, "pdf", status=503)
    assert answer.context["refusal"].code == "pdf_unavailable"
    with pytest.raises(Refused, match="pdf_unavailable"):
        papers.paper("papers/layout.html", {})


def test_a_language_that_we_don_t_write_doesn_t_exist(scene, sign_in):
    file_of(sign_in(scene.csam), scene, "csv", status=404, lang="fr")


def test_clauses_are_numbered_once_and_worded_as_in_the_orders_edition(scene):
    notes = clause_notes(["2.3-PC3", "9.9-Z1"], [scene.order.edition])
    assert [(note.number, note.clause, bool(note.rule)) for note in notes] == [
        (1, "2.3-PC3", True),
        (2, "9.9-Z1", False),
    ]
