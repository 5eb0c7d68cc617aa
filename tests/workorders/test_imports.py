"""Lines from a file: every row judged, all of them taken or none."""

import csv
import re
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook
from rest_framework.test import APIClient

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from tests import factories
from tests.workorders import scenes
from workorders.actions import orders
from workorders.actions.orders.imports import import_lines, judge_lines, sold_offerings
from workorders.forms.imports import OPTIONAL, REQUIRED, LineReader
from workorders.models import WorkOrderLine
from workorders.queries.import_table import LARGEST, MOST_ROWS, is_formula, read_table
from workorders.queries.locations import listed_locations

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 1, 20, 9, tzinfo=UTC)
TODAY = date(2025, 1, 20)
HEAD = "offering,location,quantity,price,funding,contract_year,note\n"
GOOD = 'workshops,Stuttgart,4,38400,money,,\nworkshops,Detroit,2,"19,200.00",flex,2,\n'


@pytest.fixture
def draft(at):
    at(NOW)
    return scenes.draft_order()[0]


@pytest.fixture
def client(draft, sign_in):
    return sign_in(draft.created_by)


def table(text, name="lines.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return read_table(name, content, required=REQUIRED, optional=OPTIONAL)


def read(draft, text):
    reader = LineReader(draft, sold_offerings(draft), listed_locations(draft))
    return [reader.read(row) for row in table(text)]


def judged(draft, text):
    return judge_lines(order=draft, lines=read(draft, text), on=TODAY)


def errors(draft, text):
    """Row, column and code of all that can't be taken."""
    return [
        (verdict.row, finding.field, finding.code)
        for verdict in judged(draft, text)
        for finding in verdict.errors
    ]


def imported(draft, text, **fields):
    return import_lines(
        order=draft, lines=read(draft, text), by=draft.created_by, now=NOW, **fields
    )


def refusal(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value


def workbook(*rows):
    book, kept = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


# --- the table ------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_columns_are_known_by_their_names_in_any_order(delimiter, mark):
    text = mark + "Price;LOCATION;offering;funding;quantity\n\n1;Pune;workshops;money;2\n"
    (row,) = table(text.replace(";", delimiter))
    assert (row.number, row.cells["offering"], row.cells["price"]) == (3, "workshops", "1")


def test_a_workbook_is_read_by_its_cells():
    content = workbook(
        ["offering", "location", "quantity", "price", "funding", "starts_on", "note"],
        ["workshops", "Pune", 2, 1200.5, "money", date(2025, 3, 1), None],
    )
    (row,) = table(content)
    assert row.cells == {
        "offering": "workshops",
        "location": "Pune",
        "quantity": "2",
        "price": "1200.5",
        "funding": "money",
        "starts_on": "2025-03-01",
        "note": "",
    }


def zipped(**parts):
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "."), content)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"  \n \n", "file_empty"),
        (b",,\n", "file_empty"),
        (HEAD.encode(), "file_empty"),
        ((HEAD + "caf\u00e9,1").encode("latin-1"), "file_encoding"),
        ((HEAD + GOOD).encode("utf-16"), "file_encoding"),
        (HEAD.encode() + b"a\x00b", "file_encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "file_kind"),
        (b"PK\x03\x04 not a workbook", "file_unreadable"),
        ((HEAD + 'workshops,"Stutt').encode(), "file_unreadable"),
        ((HEAD + "x" * 5000).encode(), "file_unreadable"),
        (b"offering,location\nworkshops,Pune\n", "columns_missing"),
        ((HEAD.strip() + ",colour\n").encode(), "column_unknown"),
        ((HEAD.strip() + ",note\n").encode(), "column_twice"),
        ((HEAD + "workshops,Pune,1,1,money,,,more").encode(), "row_too_long"),
        (b"x" * (LARGEST + 1), "file_too_large"),
        (zipped(a__xml="<!DOCTYPE x>"), "file_unreadable"),
        (zipped(a__xml="0" * 90_000_000), "file_too_large"),
        (zipped(a__xml="<x/>"), "file_unreadable"),
        (workbook([]), "file_empty"),
    ],
    # Names of their own: a workbook's bytes hold the time, so workers would collect others.
    ids=[
        "nothing", "blanks", "commas alone", "header alone", "latin-1", "utf-16", "nul",
        "old office file", "no workbook", "open quote", "long cell", "column missing",
        "column unknown", "column twice", "row too long", "large file", "entities",
        "large once unpacked", "no sheet", "empty workbook",
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_its_reason(content, code):
    assert refusal(lambda: table(content)).code == code


def test_a_wrong_encoding_names_the_row():
    text = (HEAD + GOOD + "caf\u00e9,1").encode("latin-1")
    assert refusal(lambda: table(text)).figures == {"row": 4}


def test_a_file_has_at_most_ten_thousand_rows():
    row = "workshops,Pune,1,1,money,,\n"
    assert len(table(HEAD + row * MOST_ROWS)) == MOST_ROWS
    assert refusal(lambda: table(HEAD + row * (MOST_ROWS + 1))).code == "too_many_rows"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", True),
        ("@SUM(A1)", True),
        ("+cmd|' /C calc'!A0", True),
        ("-2+3+cmd", True),
        ("-5", False),
        ("+49 711", False),
        ("12,000.50", False),
        ("workshops", False),
    ],
)
def test_formulas_are_told_from_figures(text, expected):
    assert is_formula(text) is expected


# --- the rows -------------------------------------------------------------------------------


def test_rows_are_lines_of_the_order(draft):
    assert imported(draft, HEAD + GOOD) == 2
    first, second = WorkOrderLine.objects.filter(order=draft)
    assert (first.price_minor, first.funding, first.position) == (3_840_000, "money", 0)
    assert (second.price_minor, second.funding, second.flex_year) == (1_920_000, "flex", 2)
    share = second.allocations.get()
    assert (share.location.name, share.quantity) == ("Detroit", 2)
    draft.refresh_from_db()
    newest = draft.history.order_by("-version").first()
    assert newest.history_change_reason == "lines imported: 2"


def test_hours_products_and_names_are_read_as_people_write_them(draft):
    text = (
        "offering,location,quantity,price,funding,unit,products\n"
        "Enhanced designated engineering,stuttgart,240.5,48000,money,hours,SQL Server; Exchange\n"
    )
    name = factories.offering(scenes.DESIGNATED, draft.edition).name
    imported(draft, text.replace("Enhanced designated engineering", name))
    line = WorkOrderLine.objects.get()
    assert (line.unit, line.allocations.get().quantity) == ("minute", 14_430)
    assert [scope.identifier for scope in line.scopes.all()] == ["Exchange", "SQL Server"]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("nonsense,Pune,1,1,money,,", "offering", "cell_unknown"),
        ("problem-resolution-support,Pune,1,1,money,,", "offering", "cell_unknown"),
        ("workshops,Atlantis,1,1,money,,", "location", "cell_unknown"),
        ("workshops,Pune,,1,money,,", "quantity", "cell_required"),
        ("workshops,Pune,0,1,money,,", "quantity", "cell_invalid"),
        ("workshops,Pune,-3,1,money,,", "quantity", "cell_invalid"),
        ("workshops,Pune,1.5,1,money,,", "quantity", "cell_invalid"),
        ("workshops,Pune,1e400,1,money,,", "quantity", "cell_invalid"),
        ("workshops,Pune,1,12.345,money,,", "price", "cell_invalid"),
        ("workshops,Pune,1,EUR 5,money,,", "price", "cell_invalid"),
        ("workshops,Pune,1,NaN,money,,", "price", "cell_invalid"),
        ("workshops,Pune,1,1,credits,,", "funding", "cell_unknown"),
        ("workshops,Pune,1,1,flex,,", "contract_year", "cell_required"),
        ("workshops,Pune,1,1,flex,two,", "contract_year", "cell_unknown"),
        ("workshops,Pune,1,1,flex,9,", "contract_year", "no_such_year"),
        ("workshops,Pune,1,1,money,,=1+1", "note", "cell_formula"),
        ("workshops,Pune,1,1,money,,nul\x0b" + "n" * 301, "note", "value_invalid"),
    ],
)
def test_a_bad_row_is_named_with_its_column_and_reason(draft, row, column, code):
    assert errors(draft, f"{HEAD}{GOOD}{row}\n") == [(4, column, code)]
    assert refusal(lambda: imported(draft, f"{HEAD}{GOOD}{row}\n")).figures["row"] == 4
    assert not WorkOrderLine.objects.exists()


def test_the_same_row_twice_is_refused(draft):
    again = "workshops,Pune,1,1,money,,\n"
    (verdict,) = [one for one in judged(draft, HEAD + again + GOOD + again) if one.errors]
    assert (verdict.row, verdict.errors[0].code, verdict.errors[0].figures) == (
        5,
        "row_twice",
        {"first": 2},
    )


@pytest.mark.clause("2.2-F1", "2.2-F3")
def test_rows_share_what_is_left_of_the_allowance(draft):
    row = "proactive-credits,Stuttgart,{},50000,flex,1,\n"  # the ceiling is 50,000.00
    text = HEAD + row.format(500) + row.format(501)
    found = errors(draft, text)
    assert found == [(3, "price", "over_cap")]


@pytest.mark.clause("2.2-F1")
def test_a_refused_row_takes_nothing_from_those_after_it(draft):
    text = HEAD + f"workshops,Pune,1,{300_000},flex,1,\n" + GOOD.replace(",2,\n", ",1,\n")
    assert errors(draft, text) == [(2, "price", "over_allotment")]


def test_rows_come_below_the_lines_of_the_draft(draft):
    factories.line(draft, funding="flex", flex_year=1, price_minor=24_000_000)
    found = errors(draft, HEAD + "workshops,Pune,1,10000.01,flex,1,\n")
    assert found == [(2, "price", "over_allotment")]


def test_one_bad_row_in_ten_thousand_refuses_all_and_is_named(draft, django_assert_max_num_queries):
    rows = [f"workshops,Pune,1,{n},money,," for n in range(1, MOST_ROWS + 1)]
    rows[6_999] = "workshops,Pune,none,1,money,,"
    lines = read(draft, HEAD + "\n".join(rows))
    with django_assert_max_num_queries(60):
        refused = refusal(
            lambda: import_lines(order=draft, lines=lines, by=draft.created_by, now=NOW)
        )
    assert (refused.code, refused.figures["row"], refused.figures["count"]) == (
        "rows_refused",
        7_001,
        1,
    )
    told = refusal_words(refused).detail
    assert told.startswith("The first is row 7,001, column “quantity”: ")
    assert not WorkOrderLine.objects.exists()


def test_ten_thousand_rows_are_taken(draft):
    rows = [f"workshops,Pune,1,{n},money,," for n in range(1, MOST_ROWS + 1)]
    assert imported(draft, HEAD + "\n".join(rows)) == MOST_ROWS
    assert WorkOrderLine.objects.filter(order=draft).count() == MOST_ROWS


def test_a_draft_changed_meanwhile_is_told_and_nothing_is_written(draft):
    orders.change_order(order=draft, note="By a colleague", by=draft.created_by, now=NOW)
    refused = refusal(lambda: imported(draft, HEAD + GOOD, version=draft.version))
    assert (refused.code, refused.figures["changes"]) == ("stale_edit", ["changed: note"])
    assert not WorkOrderLine.objects.exists()


# --- the page -------------------------------------------------------------------------------


def url_of(draft, name="lines-import"):
    return reverse(f"workorders:{name}", args=[draft.pk])


def upload(client, draft, text, name="lines.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    data = {"version": draft.version, "file": SimpleUploadedFile(name, content)}
    return client.post(url_of(draft), data)


def kept_in(answer):
    return re.search(r'name="kept" value="([^"]+)"', answer.content.decode())[1]


def test_a_file_is_looked_at_and_then_taken(draft, client):
    shown = upload(client, draft, HEAD + GOOD)
    assert (shown.status_code, "Add all 2 lines" in shown.content.decode()) == (200, True)
    assert not WorkOrderLine.objects.exists()
    data = {"version": draft.version, "kept": kept_in(shown)}
    answer = client.post(url_of(draft, "lines-import-confirm"), data)
    assert answer["Location"] == reverse("workorders:order-edit", args=[draft.pk]) + "#lines"
    assert WorkOrderLine.objects.count() == 2
    again = client.post(url_of(draft, "lines-import-confirm"), data)
    assert (again.status_code, "Lines imported: 2" in again.content.decode()) == (409, True)
    assert WorkOrderLine.objects.count() == 2


def test_a_refused_row_is_shown_and_offers_no_confirmation(draft, client):
    answer = upload(client, draft, HEAD + GOOD + "workshops,Atlantis,1,1,money,,\n")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="row-4"' in page
    assert "It says “Atlantis”." in page
    assert "Add all" not in page
    data = {"version": draft.version, "kept": kept_in(answer)}
    assert client.post(url_of(draft, "lines-import-confirm"), data).status_code == 422
    assert not WorkOrderLine.objects.exists()


def test_what_a_file_says_is_no_markup(draft, client):
    page = upload(client, draft, HEAD + "<script>x</script>,Pune,1,1,money,,\n").content.decode()
    assert "<script>x" not in page


@pytest.mark.parametrize("kept", ["", "forged", "x" * 100])
def test_only_what_was_shown_is_taken(draft, client, kept):
    data = {"version": draft.version, "kept": kept}
    answer = client.post(url_of(draft, "lines-import-confirm"), data)
    assert answer.status_code == 422
    assert not WorkOrderLine.objects.exists()


def test_a_preview_is_for_its_order_and_its_person_alone(draft, client, sign_in):
    kept = kept_in(upload(client, draft, HEAD + GOOD))
    other = factories.draft(draft.customer, by=draft.created_by)
    data = {"version": other.version, "kept": kept}
    assert client.post(url_of(other, "lines-import-confirm"), data).status_code == 422
    lead = sign_in(factories.lead(draft.customer.team))
    data = {"version": draft.version, "kept": kept}
    assert lead.post(url_of(draft, "lines-import-confirm"), data).status_code == 422
    assert not WorkOrderLine.objects.exists()


@pytest.mark.parametrize("data", [{}, {"version": "x"}, {"version": "1", "file": "no file"}])
def test_no_file_is_asked_for_again(draft, client, data):
    assert client.post(url_of(draft), data).status_code == 422


def test_an_unreadable_file_says_what_to_do(draft, client):
    answer = upload(client, draft, b"\xd0\xcf\x11\xe0", "lines.xls")
    assert answer.status_code == 422
    assert "Save it as CSV in UTF-8, or as XLSX." in answer.content.decode()


def test_the_template_can_be_filled_in_and_read_back(draft, client):
    content = client.get(url_of(draft, "lines-import-template")).content
    (row,) = table(content)
    assert (row.cells["offering"], row.cells["location"]) == ("workshops", "Stuttgart")
    assert errors(draft, content) == []


def test_all_verdicts_are_a_file(draft, client):
    kept = kept_in(upload(client, draft, HEAD + GOOD + "workshops,Pune,x,1,money,,\n"))
    data = {"version": draft.version, "kept": kept}
    answer = client.post(url_of(draft, "lines-import-verdicts"), data)
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[-1][:3] == ["4", "Refused", "quantity"]
    assert client.post(url_of(draft, "lines-import-verdicts"), {"kept": "x"}).status_code == 404


def test_the_import_is_for_those_who_manage_agreements(draft, sign_in):
    person = sign_in(factories.customer_administrator(draft.customer))
    for name in ("lines-import", "lines-import-template"):
        assert person.get(url_of(draft, name)).status_code == 404
    assert upload(person, draft, HEAD + GOOD).status_code == 404


def test_an_executed_order_takes_no_lines(draft, client):
    factories.line(draft)
    orders.execute_order(order=draft, by=draft.created_by, now=NOW)
    assert client.get(url_of(draft)).status_code == 404
    assert refusal(lambda: imported(draft, HEAD + GOOD)).code == "already_executed"


# --- the API --------------------------------------------------------------------------------


@pytest.fixture
def api(draft):
    client = APIClient()
    client.force_authenticate(draft.created_by)
    return client


def send(api, draft, text, **fields):
    content = text if isinstance(text, bytes) else text.encode()
    data = {"file": SimpleUploadedFile("lines.csv", content), **fields}
    return api.post(f"/api/v1/orders/{draft.pk}/lines-import/", data, format="multipart")


def test_the_api_judges_first_and_takes_when_confirmed(draft, api):
    told = send(api, draft, HEAD + GOOD + "workshops,Pune,x,1,money,,\n").json()
    assert [(row["row"], [one["code"] for one in row["findings"]]) for row in told][-1] == (
        4,
        ["cell_invalid"],
    )
    refused = send(api, draft, HEAD + "workshops,Pune,x,1,money,,\n", confirm="true")
    assert (refused.status_code, refused.json()["code"]) == (422, "rows_refused")
    assert not WorkOrderLine.objects.exists()
    taken = send(api, draft, HEAD + GOOD, confirm="true", version=draft.version)
    assert (taken.status_code, len(taken.json()["lines"])) == (201, 2)
    assert send(api, draft, HEAD + GOOD, confirm="true", version=1).status_code == 409


def test_the_api_names_what_is_no_table(draft, api):
    answer = send(api, draft, b"\xff\xfe\xff")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_encoding")
    missing = api.post(f"/api/v1/orders/{draft.pk}/lines-import/", {}, format="multipart")
    assert missing.status_code == 400
