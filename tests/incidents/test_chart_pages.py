"""The catalogue's pages of charts and products: every cell, with its clauses, in both languages."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.wording import formats
from incidents.models import Channel, Chart, ChartNote, ChartRow, Clock, Component, ProductClass
from incidents.queries.chart_sheets import charts_in, role_names
from services.catalog.models import Language
from tests import factories
from tests.incidents.scenes import NOW, UER, agreement, hold
from ussd_portal import editions

pytestmark = pytest.mark.django_db
CODES = ("azure_event", "mcsap", "mcsfs_plus", "arr", "uer", "base")
LANGUAGES = ("en", "zh-hans")
VOID = {"br", "path", "rect", "circle", "line", "input", "img", "link", "meta"}


class Anchored(HTMLParser):
    """What stands within each element that has an id: its words, and the clauses it links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        self.clauses: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note the id; a link to a clause belongs to every element around it."""
        found = dict(attrs)
        clause = re.search(r"/clauses/([^/]+)/", found.get("href") or "")
        if clause:
            for around in filter(None, self._open):
                self.clauses[around].append(clause[1])
        if tag not in VOID:
            self._open.append(found.get("id") or "")
            if found.get("id"):
                self.words[found["id"]], self.clauses[found["id"]] = "", []

    def handle_endtag(self, tag):
        """Leave it."""
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data):
        """Words belong to every element around them."""
        for around in filter(None, self._open):
            self.words[around] += data


@pytest.fixture
def edition():
    """The shipped edition, in effect."""
    return factories.published_edition()


@pytest.fixture
def reader(sign_in, edition):
    """A CSAM at the catalogue."""
    return sign_in(factories.csam())


def anchored(client, code: str, language: str, **query) -> Anchored:
    """The page of a chart, by anchors."""
    client.cookies["django_language"] = language
    client.post(reverse("accounts:language-switch"), {"language": language, "next": "/"})
    answer = client.get(reverse("charts:chart-detail", args=[code]), query)
    assert answer.status_code == 200
    return Anchored(unescape(answer.content.decode()))


def cells_of(chart: Chart, roles: dict[str, str]):
    """Anchor, texts and clauses of every cell, straight from the rows of the data."""
    for row in chart.rows.all():
        yield from situation_of(row)
        yield from promises_of(row, roles)
        for one in row.duties.all():
            timed = [formats.duration(one.minutes), Clock(one.clock).label] if one.minutes else []
            yield f"severity-{row.severity}-duty-{one.code}", [one.text, *timed], one.clauses
    yield from chart_cells(chart)
    for note in chart.notes.all():
        yield anchor_of(note), [note.text], note.clauses


def situation_of(row: ChartRow):
    """What the severity means."""
    here = f"severity-{row.severity}"
    yield f"{here}-situation", [row.situation], row.situation_clauses
    if row.attention_minutes is not None:
        words = [formats.duration(row.attention_minutes), Clock(row.attention_clock).label]
        yield f"{here}-attention", words if row.attention_minutes else [], row.situation_clauses


def promises_of(row: ChartRow, roles: dict[str, str]):
    """What Microsoft does at the severity."""
    here = f"severity-{row.severity}"
    for one in row.targets.all():
        words = [formats.duration(one.minutes), Clock(row.clock).label]
        yield f"{here}-target-{one.product_class}", words, one.clauses
    yield f"{here}-effort", [row.effort_text], row.effort_clauses
    if row.assigned_role:
        within = row.assigned_within_minutes
        words = [roles[row.assigned_role], *([formats.duration(within)] if within else [])]
        yield f"{here}-assigned", words, row.assigned_clauses
    for one in row.escalations.all():
        yield f"{here}-escalation-{one.code}", [one.text], one.clauses
    if row.executives_on_request:
        yield f"{here}-executives", [], row.executive_clauses
    if row.review_clauses:
        yield f"{here}-review", [], row.review_clauses


def chart_cells(chart: Chart):
    """What holds for all severities."""
    classes = [str(ProductClass(code).label) for code in chart.product_classes]
    cells = [
        ("channels", [str(Channel(code).label) for code in chart.channels], chart.channel_clauses),
        ("languages", [str(Language(code).label) for code in chart.languages], chart.language_clauses),
        ("classes", classes, chart.product_clauses),
        ("keyword", [chart.keyword], chart.channel_clauses if chart.keyword else None),
        ("products", [], chart.product_clauses if chart.products else None),
        ("exclusion-effect", [], chart.exclusion_clauses if chart.exclusion_effect else None),
        ("exclusion-open", [], chart.exclusion_clauses if chart.open_list else None),
    ]  # fmt: skip
    yield from (cell for cell in cells if cell[2] is not None)
    for what in {one.what for one in chart.exclusions.all()}:
        kinds = chart.exclusion_kind_clauses if what == "kind" else []
        yield f"excluded-{what}", [], kinds or chart.exclusion_clauses


def folded(text: object) -> str:
    """Without regard to white space and to the capital that begins a line."""
    return " ".join(str(text).split()).casefold()


def stands_in(text: str, words: str) -> bool:
    """Whether `words` hold the text whole: 5 minutes don't stand in 15 minutes."""
    whole = rf"(?<![0-9a-z]){re.escape(folded(text))}(?![0-9a-z])"
    return bool(folded(text)) and re.search(whole, folded(words)) is not None


def missing_words(page: Anchored, cells) -> list[tuple[str, str]]:
    """What the data say in a cell and the page doesn't say there."""
    return [
        (anchor, text)
        for anchor, texts, _clauses in cells
        for text in texts
        if not stands_in(text, page.words.get(anchor, ""))
    ]


def anchor_of(note: ChartNote) -> str:
    """Where the page keeps what the chart says in words."""
    return f"footnote-{note.code}" if note.kind == ChartNote.Kind.FOOTNOTE else str(note.kind)


@pytest.mark.clause("A-G1", "2.3-RE10", "X-23")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_cell_of_a_chart_stands_on_its_page_with_its_clauses(reader, edition, code, language):
    page = anchored(reader, code, language)
    with translation.override(language):
        chart = charts_in(edition).get(code=code)
        cells = list(cells_of(chart, role_names(edition)))
        wrong = missing_words(page, cells)
    assert wrong == []
    found = {anchor: page.clauses.get(anchor) for anchor, _texts, _clauses in cells}
    assert found == {anchor: list(clauses) for anchor, _texts, clauses in cells}
    assert [anchor for anchor, clauses in found.items() if not clauses] == []


@pytest.mark.parametrize("code", CODES)
def test_the_comparison_notices_every_word_and_number_that_is_another(reader, edition, code):
    page = anchored(reader, code, "en")
    chart = charts_in(edition).get(code=code)
    cells = list(cells_of(chart, role_names(edition)))
    assert not missing_words(page, cells)
    altered = [(anchor, [_altered(text) for text in texts], ids) for anchor, texts, ids in cells]
    assert len(missing_words(page, altered)) == sum(len(texts) for _anchor, texts, _ids in cells)


def _altered(text: object) -> str:
    """A digit less where a number begins; a word more elsewhere."""
    return str(text)[1:] if re.match(r"\d\d", str(text)) else f"{text} elsewhere"


@pytest.mark.parametrize("code", CODES)
def test_a_page_shows_no_cell_that_the_data_doesnt_hold(reader, edition, code):
    page = anchored(reader, code, "en")
    chart = charts_in(edition).get(code=code)
    known = {anchor for anchor, _words, _clauses in cells_of(chart, role_names(edition))}
    of_rows = {one for one in page.words if re.match(r"severity-.-|excluded|exclusion|foot", one)}
    assert of_rows == {
        one for one in known if re.match(r"severity-.-|excluded|exclusion|foot", one)
    }


def test_every_label_of_an_exclusion_is_named_in_both_languages(reader, edition):
    for language in LANGUAGES:
        pages = {code: anchored(reader, code, language) for code in CODES}
        with translation.override(language):
            labels = {row.name: row.label for row in Component.objects.filter(edition=edition)}
            missing = [
                (chart.code, one.label)
                for chart in charts_in(edition)
                for one in chart.exclusions.filter(what="component")
                if labels[one.label] not in pages[chart.code].words["excluded-component"]
            ]
        assert missing == []


def test_the_chinese_page_of_a_chart_holds_no_english_sentence(reader, edition):
    english = {
        text
        for chart in charts_in(edition)
        for row in chart.rows.all()
        for text in (row.situation_en, row.effort_text_en)
    }
    pages = " ".join(anchored(reader, code, "zh-hans").words["main"] for code in CODES)
    assert [text for text in english if text in pages] == []


def test_the_row_that_applies_is_marked_when_one_comes_from_an_incident(sign_in, at):
    order = agreement()
    hold(order, UER)
    incident = factories.incident(order, severity="A", channel="phone")
    at(NOW)
    client = sign_in(order.created_by)
    page = unescape(client.get(f"/incidents/{incident.pk}/").content.decode())
    link = re.search(r'<tr class="p-win">\s*<th scope="row"><a href="([^"]+)"', page)[1]
    assert link == ("/catalogue/charts/uer/?edition=2024-09&severity=A&class=other#severity-A")
    chart = " ".join(client.get(link).content.decode().split())
    assert '<tr id="severity-A" class="p-win" aria-current="true">' in chart
    assert '<li id="severity-A-target-other" class="p-win">' in chart
    assert chart.count("p-win") == 2


def test_the_list_tells_the_times_of_every_chart(reader):
    page = " ".join(reader.get(reverse("charts:chart-list")).content.decode().split())
    assert page.count("15 minutes, 24 × 7") == 10
    assert "Unified Enhanced Response (UER)" in page


def test_a_service_leads_to_the_chart_that_it_brings(reader):
    page = reader.get("/catalogue/offerings/azure-rapid-response/").content.decode()
    assert '<a href="/catalogue/charts/arr/">Azure Rapid Response (ARR)</a>' in page
    answer = reader.get("/catalogue/offerings/webcasts/")
    assert (answer.status_code, b"/catalogue/charts/" in answer.content) == (200, False)


def test_charts_and_products_are_found_by_the_search(reader):
    found = reader.get("/search/", {"q": "rapid"}).context["found"]
    assert [chart.code for chart in found["charts"]] == ["arr"]
    found = reader.get("/search/", {"q": "AKS"}).context["found"]
    assert [row.name for row in found["components"]] == ["Azure Kubernetes Service"]
    found = reader.get("/search/", {"q": "计费与订阅"}).context["found"]
    assert [row.name for row in found["components"]] == ["Azure Billing"]


@pytest.mark.clause("2.4-SE3", "X-16")
def test_products_are_filtered_by_word_class_and_kind(reader, edition):
    def names(**query) -> list[str]:
        return [row.name for row in reader.get("/catalogue/products/", query).context["page_obj"]]

    assert len(names(q="")) == 50
    assert names(q="directory azure") == ["Entra ID"]
    assert names(product_class="security_product", kind="identity") == [
        "Defender MDI", "Entra", "Entra External ID", "Entra ID",
    ]  # fmt: skip
    assert names(q="nothing like it") == []
    assert names(product_class="no such class") == names()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_product_has_a_page(reader, edition, language):
    reader.post(reverse("accounts:language-switch"), {"language": language, "next": "/"})
    for row in Component.objects.filter(edition=edition):
        answer = reader.get(reverse("charts:component-detail", args=[row.name]))
        assert answer.status_code == 200, row.name


def test_a_product_says_what_each_chart_makes_of_it(reader):
    answer = reader.get(reverse("charts:component-detail", args=["Universal Print"]))
    made = {chart.code: (one.covered, one.moved, one.minutes.get("1")) for chart, one, *_ in
            answer.context["rows"]}  # fmt: skip
    assert made == {
        "azure_event": (True, False, (15, "24x7")),
        "mcsap": (False, False, None),
        "mcsfs_plus": (False, False, None),
        "arr": (False, False, None),
        "uer": (True, True, (30, "24x7")),
        "base": (True, False, (15, "24x7")),
    }


def test_charts_of_a_draft_are_for_administrators(sign_in, edition):
    admin = factories.user("catalogue_administrator")
    draft = editions.draft_edition(
        based_on=edition, code="2025-03", titles={"en": "New", "zh-hans": "新"},
        effective_on=edition.effective_on, by=admin,
    )  # fmt: skip
    for path in (
        reverse("charts:chart-list"),
        reverse("charts:chart-detail", args=["uer"]),
        reverse("charts:component-list"),
        reverse("charts:component-detail", args=["Azure"]),
    ):
        assert sign_in(factories.csam()).get(path, {"edition": draft.code}).status_code == 404
        assert sign_in(admin).get(path, {"edition": draft.code}).status_code == 200


def test_the_lists_need_a_fixed_number_of_queries(reader, django_assert_max_num_queries):
    for path in (reverse("charts:chart-list"), reverse("charts:component-list")):
        reader.get(path)
        with django_assert_max_num_queries(16):
            reader.get(path)
