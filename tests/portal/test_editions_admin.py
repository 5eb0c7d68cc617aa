"""Editions in the administration: out to a file, in from one, frozen once published."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse, reverse_lazy
from django.utils import translation

from incidents.models import Chart, ChartRow
from services.catalog.models import CancellationTier, Clause, Edition, Limit, Offering, Term
from tests import factories, plainyaml
from tests.chinese import Reader, faults, typed
from ussd_portal import editions

pytestmark = pytest.mark.django_db
IMPORT = reverse_lazy("admin:catalog_edition_import")
CODES = {"assigned_role", "effort", "programmes", "channels", "value", "unit", "kinds", "aliases"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def published() -> Edition:
    """A small edition in effect."""
    return factories.published_edition(factories.small_edition_data())


@pytest.fixture
def editor(sign_in):
    """A catalogue administrator."""
    return sign_in(factories.user("catalogue_administrator"))


def upload(client, content: str | bytes, **fields: str):
    """The answer to a file."""
    data = content.encode() if isinstance(content, str) else content
    return client.post(IMPORT, {"file": SimpleUploadedFile("own.yaml", data), **fields})


def changed_file(edition: Edition) -> str:
    """The edition's file, with a number, an offering and a chart changed."""
    data = plainyaml.load(editions.file_of(edition))
    next(one for one in data["terms"] if one["code"] == "event_max_days")["value"] = 7
    data["offerings"] = [one for one in data["offerings"] if one["code"] != "advisory-support"]
    base = data["severity_matrices"]["matrices"]["base"]
    base["severities"]["1"]["initial_response_minutes"]["other"] = 45
    return plainyaml.dump(data)


def test_an_export_is_a_file_that_the_import_finds_unchanged(editor, published):
    response = editor.get(reverse("admin:catalog_edition_export", args=[published.pk]))
    assert response["Content-Disposition"] == 'attachment; filename="edition-small.yaml"'
    assert response.content.decode() == editions.file_of(published)
    page = upload(editor, response.content, code="2027-01")
    assert "It says the same as small, the edition in force." in page.content.decode()
    assert Edition.objects.count() == 1


def test_a_preview_names_what_changes_and_writes_nothing(editor, published):
    page = upload(editor, changed_file(published), code="2027-01").content.decode()
    assert "What changes against small, the edition in force" in page
    for text in ("<td><div>7</div></td>", "<td><div>45</div></td>", "removed", "Base support"):
        assert text in page
    assert Edition.objects.count() == 1
    assert Edition.history.filter(code="2027-01").count() == 0


def test_a_confirmed_preview_becomes_a_draft_once(editor, published):
    page = upload(editor, changed_file(published), code="2027-01")
    confirmation = {"kept": page.context["kept"], "code": "2027-01"}
    response = editor.post(IMPORT, confirmation)
    draft = Edition.objects.get(code="2027-01")
    assert response.url == reverse("admin:catalog_edition_change", args=[draft.pk])
    assert (draft.state, editions.gaps_of(draft)) == ("draft", [])
    assert Term.objects.get(edition=draft, code="event_max_days").value == 7
    assert Chart.objects.filter(edition=draft).count() == 1
    again = editor.post(IMPORT, confirmation)
    assert again.status_code == 422
    assert "An edition with this code exists and differs." in again.content.decode()
    assert Edition.objects.count() == 2


@pytest.mark.parametrize("kept", ["x", "x:y:z", "\u4e2d", "." + "A" * 100])
def test_a_confirmation_that_was_tampered_with_is_refused(editor, published, kept):
    page = editor.post(IMPORT, {"kept": kept})
    assert page.status_code == 422
    assert "The preview is too old: choose the file again." in page.content.decode()
    assert Edition.objects.count() == 1


def test_what_one_person_previewed_nobody_else_confirms(editor, sign_in, published):
    kept = upload(editor, changed_file(published), code="2027-01").context["kept"]
    other = sign_in(factories.user("catalogue_administrator"))
    assert other.post(IMPORT, {"kept": kept, "code": "2027-01"}).status_code == 422
    assert Edition.objects.count() == 1


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "The submitted file is empty."),
        ("just a text", "own.yaml, line 1: "),
        ("edition:\n  code: [\n", "own.yaml, line 3: The file can&#x27;t be read."),
        ('a: 1\nb: "\n', "own.yaml, line "),
        ("a: 1\na: 2\n", "own.yaml, line 2: "),
        (BOMB, "own.yaml, line 2: "),
        (b"a: 1\nb: \xff\xfe\n", "own.yaml, line 2: "),
        ("a: 1\n".encode("utf-16"), "own.yaml, line 1: "),
        (b"a: 1\nb: \x00\n", "own.yaml, line 2: "),
        ('a: 1\nb: "\\0"\n', "own.yaml, line 2: "),
        ('a: 1\nb: "\\ud800"\n', "own.yaml, line 2: "),
        ("a: 1\n1: 2\n", "own.yaml, line 2: "),
        ("a: 1\n? [b]\n: 2\n", "own.yaml, line 2: "),
        ("a: 1\nb: 2024-13-01\n", "own.yaml, line 2: "),
        ("a: 1\n---\nb: 1\n", "own.yaml, line 2: "),
        ("a: !!python/object:os.system x\n", "own.yaml, line 1: "),
        ("[" * 60 + "]" * 60, "own.yaml, line 1: "),
        ("register: ../settings.py\n", "own.yaml: "),
        ("register: nowhere.yaml\n", "nowhere.yaml: "),
        ("edition: 7\n", "own.yaml, line 1: "),
        ("terms: []\n", "own.yaml: "),
        ("edition: {code: a, title_en: A, title_zh: 甲, effective_on: 7}\n", "own.yaml, line 1: "),
        (b"#" * (2 * 1024 * 1024 + 1), "The file is larger than 2 MB."),
    ],
)
def test_a_file_that_is_none_is_told_with_its_line(editor, published, content, told):
    page = upload(editor, content)
    assert page.status_code == 422
    assert told in page.content.decode()
    assert Edition.objects.count() == 1


def _spoiled(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data = factories.small_edition_data(code="next")
    at: Any = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return data


BASE = ("severity_matrices", "matrices", "base")


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("offerings",), None, "offerings"),
        (("terms",), {}, "terms"),
        (("clauses",), None, "clauses"),
        (("severity_matrices",), None, "severity_matrices"),
        (("components",), None, "components"),
        (("components", 0, "kinds"), [["x"]], "components[0].kinds[0]"),
        (("offerings", 0, "includes"), [["x"]], "offerings[0].includes[0]"),
        (("offerings", 0, "name_en"), "x" * 161, "offerings[0].name_en"),
        (("offerings", 0, "table"), 10**30, "offerings[0].table"),
        (("offerings", 0, "table"), -1, "offerings[0].table"),
        (("terms", 0, "value"), 10**30, "terms[0].value"),
        ((*BASE, "programmes"), [{"a": 1}], "severity_matrices.matrices.base.programmes[0]"),
        ((*BASE, "product_classes"), [["x"]], "severity_matrices.matrices.base.product_classes[0]"),
        ((*BASE, "channels"), [7], "severity_matrices.matrices.base.channels[0]"),
        (("edition", "effective_on"), "soon", "edition.effective_on"),
        (("surprise",), 1, "surprise"),
    ],
)
def test_a_wrong_entry_is_told_by_its_path_and_line(editor, published, path, value, field):
    page = upload(editor, plainyaml.dump(_spoiled(path, value)))
    assert page.status_code == 422
    text = page.content.decode()
    assert f"{field}: " in text
    assert "own.yaml" in text
    assert Edition.objects.count() == 1


def test_nothing_chosen_is_told(editor, published):
    assert "Choose a file." in editor.post(IMPORT, {"code": "a"}).content.decode()
    assert "Enter a valid value." in upload(editor, "a: 1", code="no blanks").content.decode()


@pytest.mark.parametrize("role", ["csam", "customer_administrator", "system_administrator"])
def test_others_neither_import_nor_export(sign_in, published, role):
    client = sign_in(factories.user(role))
    export = reverse("admin:catalog_edition_export", args=[published.pk])
    for url in (IMPORT, export):
        assert client.get(url).status_code in {302, 403, 404}
    assert upload(client, changed_file(published)).status_code in {302, 403, 404}
    assert Edition.objects.count() == 1


def test_a_draft_made_here_has_the_charts(editor, published):
    url = reverse("admin:catalog_edition_draft", args=[published.pk])
    head = {"title_en": "Next", "title_zh": "下一版", "effective_on": "2026-01-01"}
    editor.post(url, {"code": "next", **head})
    draft = Edition.objects.get(code="next")
    assert not editions.compare(published, draft)
    assert Chart.objects.filter(edition=draft).count() == 1


def test_without_charts_the_page_says_so_and_publishing_is_refused(editor, published):
    editor.post(
        reverse("admin:catalog_edition_draft", args=[published.pk]),
        {"code": "next", "title_en": "N", "title_zh": "新", "effective_on": "2026-01-01"},
    )
    draft = Edition.objects.get(code="next")
    Chart.objects.filter(edition=draft).delete()
    publish = reverse("admin:catalog_edition_publish", args=[draft.pk])
    missing = "There are no severity charts: nobody could tell how soon an incident is answered"
    assert missing in editor.get(publish).content.decode()
    assert missing in editor.post(publish).content.decode()
    assert missing in editor.get(reverse("edition-compare", args=["next"])).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


# --- frozen once published ------------------------------------------------------------------

FROZEN = "A published edition can&#x27;t be changed. Edition %s is published. Draft a new edition from it."


@pytest.mark.clause("1-A1")
def test_every_form_of_a_published_edition_refuses_in_words(editor, published):
    rows = {
        "catalog_edition": published,
        "catalog_offering": factories.offering("workshops", published),
        "catalog_clause": Clause.objects.filter(edition=published).first(),
        "incidents_chart": Chart.objects.get(edition=published),
        "incidents_chartrow": ChartRow.objects.filter(chart__edition=published).first(),
    }
    for name, row in rows.items():
        response = editor.post(reverse(f"admin:{name}_change", args=[row.pk]), {"code": "x"})
        assert response.status_code == 403, name
        assert FROZEN % published.code in response.content.decode(), name


@pytest.mark.clause("1-A1")
def test_rows_below_a_published_edition_are_not_added_through_its_forms(editor, published):
    offering = factories.offering("workshops", published)
    counted = (Limit, Term, CancellationTier, Offering)
    before = [table.objects.count() for table in counted]
    inline = {
        "limits-TOTAL_FORMS": "1",
        "limits-INITIAL_FORMS": "0",
        "limits-0-code": "extra",
        "limits-0-offering": offering.pk,
    }
    editor.post(reverse("admin:catalog_offering_change", args=[offering.pk]), inline)
    add = editor.post(
        reverse("admin:catalog_offering_add"), {"edition": published.pk, "code": "extra"}
    )
    assert "Select a valid choice" in add.content.decode()
    for name in ("edition", "offering", "clause"):
        listing = reverse(f"admin:catalog_{name}_changelist")
        selected = {"action": "delete_selected", "_selected_action": [offering.pk], "post": "yes"}
        editor.post(listing, selected)
    assert [table.objects.count() for table in counted] == before


@pytest.mark.clause("1-A1")
def test_a_form_that_was_open_while_the_edition_was_published_is_refused(editor, published, now):
    editor.post(
        reverse("admin:catalog_edition_draft", args=[published.pk]),
        {"code": "next", "title_en": "N", "title_zh": "新", "effective_on": "2026-01-01"},
    )
    draft = Edition.objects.get(code="next")
    offering = factories.offering("workshops", draft)
    url = reverse("admin:catalog_offering_change", args=[offering.pk])
    assert b'name="_save"' in editor.get(url).content
    editions.publish_edition(edition=draft, by=None, now=now)
    response = editor.post(url, {"name_en": "Late"})
    assert response.status_code == 403
    assert FROZEN % draft.code in response.content.decode()
    delete = reverse("admin:catalog_offering_delete", args=[offering.pk])
    response = editor.post(delete, {"post": "yes"})
    assert response.status_code == 403
    assert FROZEN % draft.code in response.content.decode()
    offering.refresh_from_db()
    assert offering.name_en == "Workshops"


def test_the_api_writes_no_edition(editor, published):
    for path in ("editions", "offerings", "clauses"):
        for send in (editor.post, editor.put, editor.patch, editor.delete):
            response = send(f"/api/v1/{path}/", {}, content_type="application/json")
            assert response.status_code == 405, (path, send)


# --- Chinese --------------------------------------------------------------------------------


def written_in_english() -> re.Pattern[str]:
    """What an edition itself says in English: codes, and the texts of its English columns."""
    # Django's own pages name some pictures in English.
    said = {"own.yaml", "offerings[0].mark", "golden", "True", "False", "Search", "session"}
    for label in ("catalog", "incidents"):
        for model in apps.get_app_config(label).get_models():
            names = [column.name for column in model._meta.concrete_fields]
            for name in names:
                if name == "code" or name.endswith("_en") or name in CODES:
                    for value in model.objects.values_list(name, flat=True):
                        said |= {*map(str, value if isinstance(value, list) else [value])}
    words = sorted((one for one in said if one), key=len, reverse=True)
    return re.compile(rf"{'|'.join(map(re.escape, words))}|{typed().pattern}")


def said_by(page) -> list[str]:
    """What a Chinese page says in English or with half-width punctuation."""
    return faults(Reader(page.content.decode()).texts, written_in_english())


def test_importing_is_chinese(sign_in, published):
    client = sign_in(factories.user("catalogue_administrator", language="zh-hans"))
    wrong = plainyaml.dump(_spoiled(("offerings", 0, "mark"), "golden"))
    pages = {
        "form": client.get(IMPORT),
        "preview": upload(client, changed_file(published), code="2027-01"),
        "no YAML": upload(client, "edition:\n  code: [\n"),
        "bomb": upload(client, BOMB),
        "field": upload(client, wrong),
    }
    assert {name: said_by(page) for name, page in pages.items()} == {name: [] for name in pages}


def test_what_keeps_a_draft_from_being_published_is_chinese(sign_in, published):
    client = sign_in(factories.user("catalogue_administrator", language="zh-hans"))
    client.post(
        reverse("admin:catalog_edition_draft", args=[published.pk]),
        {"code": "next", "title_en": "N", "title_zh": "新", "effective_on": "2026-01-01"},
    )
    draft = Edition.objects.get(code="next")
    Chart.objects.filter(edition=draft).delete()
    Offering.objects.filter(edition=draft, code="workshops").update(summary_zh_hans="")
    with translation.override("zh-hans"):
        gaps = editions.gaps_of(draft)
    assert faults(gaps, re.compile("(?!)")) == []
    assert len(gaps) == 2


@pytest.mark.parametrize("label", ["catalog", "incidents"])
def test_models_and_columns_of_an_edition_have_chinese_names(label):
    models = [
        model
        for model in apps.get_app_config(label).get_models()
        if not model.__name__.startswith("Historical")
    ]
    with translation.override("zh-hans"):
        names = [
            (
                model.__name__,
                column.name,
                str(getattr(column, "translated_field", column).verbose_name),
            )
            for model in models
            if label == "catalog" or model.__module__.endswith("charts")
            for column in model._meta.concrete_fields
            if not column.primary_key
        ]
        names += [(model.__name__, "", str(model._meta.verbose_name)) for model in models]
    assert [name for name in names if not CHINESE.search(name[2])] == []


LISTS = (
    *(
        f"catalog_{name}"
        for name in ("edition", "offering", "clause", "creditvalue", "availability")
    ),
    *(
        f"incidents_{name}"
        for name in ("chart", "chartset", "chartrow", "supportrole", "component")
    ),
)


@pytest.mark.parametrize("name", LISTS)
def test_the_administration_of_editions_is_chinese(sign_in, published, name):
    draft = editions.draft_edition(
        based_on=published,
        code="next",
        titles={"en": "N", "zh-hans": "新版"},
        effective_on=published.effective_on,
        by=factories.user("catalogue_administrator"),
    )
    factories.credit_value()
    client = sign_in(factories.user("catalogue_administrator", language="zh-hans"))
    listing = client.get(reverse(f"admin:{name}_changelist"))
    rows = list(listing.context["cl"].result_list[:2])
    pages = {"list": listing}
    for row in rows:
        pages[f"change {row.pk}"] = client.get(reverse(f"admin:{name}_change", args=[row.pk]))
    if name == "catalog_edition":
        pages["draft"] = client.get(reverse("admin:catalog_edition_draft", args=[draft.pk]))
        pages["publish"] = client.get(reverse("admin:catalog_edition_publish", args=[draft.pk]))
    assert {key: said_by(page) for key, page in pages.items()} == {key: [] for key in pages}
