"""The catalogue in the administration: drafts are edited, published editions only read."""

import pytest
from django.urls import reverse

from services.catalog import queries
from services.catalog.models import (
    Availability,
    Clause,
    Condition,
    CreditValue,
    Edition,
    Limit,
    Offering,
    Term,
)
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> Edition:
    """A small edition in effect."""
    return factories.published_edition(factories.small_edition_data())


@pytest.fixture
def editor(sign_in):
    """A catalogue administrator."""
    return sign_in(factories.user("catalogue_administrator"))


def draft_from(editor, edition: Edition, code: str = "next"):
    """The answer to the form that drafts a new edition."""
    url = reverse("admin:catalog_edition_draft", args=[edition.pk])
    head = {"title_en": "Next", "title_zh": "下一版", "effective_on": "2026-01-01"}
    return editor.post(url, {"code": code, **head})


def form_data(response) -> dict[str, str]:
    """What a browser would send back unchanged."""
    data: dict[str, str] = {}
    admin_form = response.context["adminform"].form
    forms = [admin_form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(value, list):
                data[field.html_name] = value
            elif value is not None and value is not False:
                data[field.html_name] = "on" if value is True else str(value)
    return data


@pytest.mark.parametrize("name", ["edition", "offering", "clause", "creditvalue", "availability"])
def test_every_list_opens_and_is_searched(editor, published, name):
    url = reverse(f"admin:catalog_{name}_changelist")
    assert editor.get(url).status_code == 200
    assert editor.get(url, {"q": "works"}).status_code == 200


def test_offerings_are_found_in_chinese(editor, published):
    page = editor.get(reverse("admin:catalog_offering_changelist"), {"q": "研讨会"})
    assert [row.code for row in page.context["cl"].result_list] == ["workshops"]


@pytest.mark.parametrize("role", ["csam", "customer_viewer", "system_administrator"])
def test_others_do_not_get_in(sign_in, published, role):
    client = sign_in(factories.user(role))
    for url in (
        reverse("admin:catalog_edition_changelist"),
        reverse("admin:catalog_edition_publish", args=[published.pk]),
        reverse("admin:catalog_edition_draft", args=[published.pk]),
    ):
        assert client.get(url).status_code in {302, 403, 404}
        assert client.post(url).status_code in {302, 403, 404}


@pytest.mark.clause("1-A1")
def test_a_published_edition_is_only_read(editor, published):
    offering = factories.offering("workshops", published)
    clause = Clause.objects.filter(edition=published).first()
    for name, row in (("edition", published), ("offering", offering), ("clause", clause)):
        url = reverse(f"admin:catalog_{name}_change", args=[row.pk])
        page = editor.get(url)
        assert page.status_code == 200
        assert not page.context["has_change_permission"]
        assert editor.post(url, {"code": "x"}).status_code == 403
        delete = reverse(f"admin:catalog_{name}_delete", args=[row.pk])
        assert editor.post(delete, {"post": "yes"}).status_code == 403


def test_a_bulk_delete_spares_everything(editor, published):
    data = {"action": "delete_selected", "_selected_action": [published.pk], "post": "yes"}
    editor.post(reverse("admin:catalog_edition_changelist"), data)
    assert Edition.objects.count() == 1


def test_a_draft_is_made_from_an_edition_and_published(editor, published):
    response = draft_from(editor, published)
    draft = Edition.objects.get(code="next")
    assert response.url == reverse("admin:catalog_edition_change", args=[draft.pk])
    publish = reverse("admin:catalog_edition_publish", args=[draft.pk])
    page = editor.get(publish).content.decode()
    assert "small is superseded" in page
    response = editor.post(publish, follow=True)
    assert "Published: next" in response.content.decode()
    assert queries.current_edition() == draft
    published.refresh_from_db()
    assert published.state == "superseded"


def test_publishing_from_the_list_asks_first(editor, published):
    draft_from(editor, published)
    draft = Edition.objects.get(code="next")
    url = reverse("admin:catalog_edition_changelist")
    response = editor.post(url, {"action": "publish", "_selected_action": [draft.pk]})
    assert response.url == reverse("admin:catalog_edition_publish", args=[draft.pk])
    response = editor.post(
        url, {"action": "publish", "_selected_action": [draft.pk, published.pk]}, follow=True
    )
    assert "Choose exactly one edition." in response.content.decode()
    assert queries.current_edition() == published


def test_an_incomplete_draft_says_what_is_missing(editor, published):
    draft_from(editor, published)
    draft = Edition.objects.get(code="next")
    Term.objects.filter(edition=draft, code="event_max_days").delete()
    publish = reverse("admin:catalog_edition_publish", args=[draft.pk])
    assert (
        "Numbers of the contract are missing: event_max_days"
        in editor.get(publish).content.decode()
    )
    response = editor.post(publish)
    assert "The edition isn&#x27;t complete." in response.content.decode()
    assert queries.current_edition() == published


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code": "small"}, "An edition with this code exists and differs."),
        ({"code": "no blanks"}, "Enter a valid value."),
        ({"code": ""}, "This field is required."),
        ({"effective_on": "soon"}, "Enter a valid date."),
        ({"title_zh": "x" * 121}, "at most 120 characters"),
    ],
)
def test_a_wrong_head_of_a_draft_is_told(editor, published, change, error):
    url = reverse("admin:catalog_edition_draft", args=[published.pk])
    head = {
        "code": "next",
        "title_en": "Next",
        "title_zh": "下一版",
        "effective_on": "2026-01-01",
    }
    assert error in editor.post(url, {**head, **change}).content.decode()
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("pk", ["0", "999", "x", "1_2F"])
def test_an_unknown_edition_is_not_found(editor, published, pk):
    for name in ("publish", "draft"):
        assert editor.get(f"/admin/catalog/edition/{pk}/{name}/").status_code == 404


def test_an_offering_of_a_draft_is_edited_and_found_by_its_new_name(editor, published):
    draft_from(editor, published)
    offering = factories.offering("workshops", Edition.objects.get(code="next"))
    url = reverse("admin:catalog_offering_change", args=[offering.pk])
    data = form_data(editor.get(url))
    data |= {
        "name_en": "Masterclasses",
        "name_zh_hans": "大师课",
        "delivery_modes": ["online"],
        "clauses": "2.3-TR7，2.3-TR8 2.3-TR7",
    }
    response = editor.post(url, data)
    assert response.status_code == 302, response.context["errors"]
    offering.refresh_from_db()
    assert (offering.name_en, offering.delivery_modes) == ("Masterclasses", ["online"])
    assert offering.clauses == ["2.3-TR7", "2.3-TR8"]
    assert "masterclasses" in offering.search_text
    assert "大师课" in offering.search_text
    assert offering.history.count() >= 1
    assert Condition.objects.filter(offering=offering).count() == 5
    assert Limit.objects.get(offering=offering, code="min_enrolment").value is None
    other = factories.offering("workshops", published)
    assert other.name_en == "Workshops"


def test_clause_ids_have_a_shape(editor, published):
    draft_from(editor, published)
    offering = factories.offering("workshops", Edition.objects.get(code="next"))
    url = reverse("admin:catalog_offering_change", args=[offering.pk])
    response = editor.post(url, form_data(editor.get(url)) | {"clauses": "2.3-TR7, section 5"})
    assert "Not a clause id: section, 5" in response.content.decode()


def test_numbers_of_a_draft_are_edited_with_it(editor, published):
    draft_from(editor, published)
    draft = Edition.objects.get(code="next")
    url = reverse("admin:catalog_edition_change", args=[draft.pk])
    data = form_data(editor.get(url))
    name = next(
        key.removesuffix("-id")
        for key, value in data.items()
        if key.endswith("-id")
        and key.startswith("term_set")
        and value == str(Term.objects.get(edition=draft, code="request_cutoff_days").pk)
    )
    response = editor.post(url, data | {f"{name}-value": "45"})
    assert response.status_code == 302, response.context["errors"]
    assert queries.terms_of(draft).request.cutoff_days == 45
    assert queries.terms_of(published).request.cutoff_days == 60


def test_a_credit_value_is_entered_with_its_history(editor):
    url = reverse("admin:catalog_creditvalue_add")
    data = {"country": "DE", "currency": "EUR", "valid_from": "2026-01-01", "value_minor": "42000"}
    assert editor.post(url, data).status_code == 302
    value = CreditValue.objects.get()
    change = reverse("admin:catalog_creditvalue_change", args=[value.pk])
    assert editor.post(change, {**data, "value_minor": "43000"}).status_code == 302
    assert [row.value_minor for row in value.history.order_by("history_id")] == [42_000, 43_000]
    assert (
        editor.get(reverse("admin:catalog_creditvalue_history", args=[value.pk])).status_code == 200
    )
    page = editor.post(url, {**data, "country": "Germany", "value_minor": "0"})
    assert page.status_code == 200


def test_where_a_limited_offering_is_sold_is_entered(editor):
    url = reverse("admin:catalog_availability_add")
    data = {"offering_code": "developer-support", "country": "DE", "available": "on"}
    assert editor.post(url, {**data, "max_quantity": "2"}).status_code == 302
    assert Availability.objects.get().max_quantity == 2


def test_offerings_of_the_administration_list_cost_a_fixed_number_of_queries(
    editor, django_assert_max_num_queries
):
    counts = []
    for data in (factories.small_edition_data("workshops", code="one"), factories.edition_data()):
        factories.published_edition(data)
        with django_assert_max_num_queries(25) as captured:
            editor.get(reverse("admin:catalog_offering_changelist"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Offering.objects.count() == 48
