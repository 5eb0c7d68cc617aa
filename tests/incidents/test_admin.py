"""Charts in the administration: edited in drafts, read afterwards; incidents are read alone."""

import pytest
from django.urls import reverse

from accounts.models import User
from incidents.models import Chart, ChartRow, Component, Incident, ResponseTarget, SupportRole
from services.catalog.models import Edition
from tests import factories
from tests.catalog.test_admin import form_data
from ussd_portal import editions

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    """The shipped edition with its charts, published."""
    return factories.published_edition()


@pytest.fixture
def client(sign_in):
    """A catalogue administrator."""
    return sign_in(factories.user(User.Role.CATALOGUE_ADMINISTRATOR))


def url(model, row):
    """The address of a row."""
    return reverse(f"admin:incidents_{model._meta.model_name}_change", args=[row.pk])


def draft_of(edition):
    """A draft made from `edition`."""
    return editions.draft_edition(
        based_on=edition,
        code="2027-01",
        titles={"en": "Draft", "zh-hans": "草案"},
        effective_on=edition.effective_on,
        by=factories.user(User.Role.CATALOGUE_ADMINISTRATOR),
    )


@pytest.mark.parametrize("model", [Chart, ChartRow, SupportRole, Component])
@pytest.mark.clause("1-A1")
def test_rows_of_a_published_edition_are_read_and_those_of_a_draft_edited(edition, client, model):
    path = "chart__edition" if model is ChartRow else "edition"
    draft = draft_of(edition)
    listing = reverse(f"admin:incidents_{model._meta.model_name}_changelist")
    assert client.get(listing, {f"{path}__id__exact": edition.pk}).status_code == 200
    frozen = model.objects.filter(**{path: edition}).first()
    own = model.objects.filter(**{path: draft}).first()
    assert b'name="_save"' not in client.get(url(model, frozen)).content
    assert b'name="_save"' in client.get(url(model, own)).content
    assert client.post(url(model, frozen), {}).status_code == 403


def sent(client, row, **changes):
    """The answer to the form of `row`, sent back with `changes`."""
    return client.post(url(type(row), row), form_data(client.get(url(type(row), row))) | changes)


def told(answer):
    """Every message of a form that was refused."""
    errors = answer.context["errors"]
    return [text for one in errors for text in ([one] if isinstance(one, str) else one)]


@pytest.fixture
def row(edition):
    """Severity B of the base chart in a draft."""
    return ChartRow.objects.get(chart__edition=draft_of(edition), chart__code="base", severity="B")


def test_targets_and_duties_of_a_draft_are_changed_added_and_removed(row, client):
    answer = sent(
        client,
        row,
        **{
            "targets-0-minutes": "90",
            "targets-0-clauses": "A-BS10",
            "escalations-TOTAL_FORMS": "1",
            "escalations-0-code": "product_teams",
            "escalations-0-text_en": "To the product teams",
            "escalations-0-text_zh_hans": "升级到产品团队",
            "duties-0-DELETE": "on",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    assert row.targets.first().minutes == 90
    assert [one.code for one in row.escalations.all()] == ["product_teams"]
    assert row.duties.count() == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"targets-0-minutes": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"targets-0-DELETE": "on", "targets-1-DELETE": "on"}, "A row needs a target."),
        ({"duties-0-minutes": "30", "duties-0-clock": ""}, "Say which minutes count."),
        ({"duties-0-text_zh_hans": ""}, "This field is required."),
        ({"assigned_role": "", "assigned_within_minutes": "30"}, "Say who is assigned."),
        ({"situation_clauses": "so there"}, "Not a clause id: so, there"),
        ({"effort": "sometimes"}, "Select a valid choice. sometimes is not one of the available"),
    ],
)
def test_a_row_that_cannot_stand_is_told_and_not_saved(row, client, changes, message):
    answer = sent(client, row, **changes)
    assert any(message in one for one in told(answer)), told(answer)
    assert [one.minutes for one in row.targets.all()] == [120, 120]


def test_a_row_is_removed_and_added_again(row, client):
    chart = row.chart
    client.post(reverse("admin:incidents_chartrow_delete", args=[row.pk]), {"post": "yes"})
    add = f"{reverse('admin:incidents_chartrow_add')}?chart={chart.pk}"
    assert add in client.get(url(Chart, chart)).content.decode()
    missing = "The base chart has no row for severity B"
    assert editions.gaps_of(chart.edition) == [missing]
    data = form_data(client.get(add)) | {
        "severity": "B",
        "situation_en": "Work goes on, with less",
        "situation_zh_hans": "工作受到影响",
        "clock": "business_hours",
        "effort": "business_hours",
        "effort_text_en": "In business hours",
        "effort_text_zh_hans": "营业时间内处理",
        "targets-TOTAL_FORMS": "1",
        "targets-0-product_class": "other",
        "targets-0-minutes": "60",
    }
    answer = client.post(add, data)
    assert answer.status_code == 302, told(answer)
    assert editions.gaps_of(chart.edition) == []
    again = client.post(add, data)
    assert told(again) == ["Chart row with this Severity chart and Severity already exists."]


def test_a_chart_of_a_draft_is_edited_by_choosing(edition, client):
    chart = Chart.objects.get(edition=draft_of(edition), code="azure_event")
    page = client.get(url(Chart, chart)).content.decode()
    assert "[&quot;" not in page
    answer = sent(
        client,
        chart,
        channels=["phone"],
        programmes=["azure-event-mcs"],
        products=["Azure Virtual Machines"],
        **{
            "exclusions-TOTAL_FORMS": str(chart.exclusions.count() + 1),
            f"exclusions-{chart.exclusions.count()}-excluded": "component:GitHub AE",
        },
    )
    assert answer.status_code == 302, told(answer)
    chart.refresh_from_db()
    assert (chart.channels, chart.products) == (["phone"], ["Azure Virtual Machines"])
    assert chart.exclusions.filter(what="component", label="GitHub AE").count() == 1


@pytest.mark.clause("0-C14")
def test_the_order_on_a_tie_is_changed_in_a_draft_alone(edition, client):
    draft, listing = draft_of(edition), reverse("admin:incidents_chart_changelist")

    def order(of):
        return list(
            Chart.objects.filter(edition=of).order_by("tie_rank").values_list("code", flat=True)
        )

    def move(of, code):
        chart = Chart.objects.get(edition=of, code=code)
        data = {"action": "move_up", "_selected_action": [chart.pk]}
        return client.post(listing, data, follow=True).content.decode()

    assert order(draft) == ["azure_event", "mcsap", "mcsfs_plus", "arr", "uer", "base"]
    move(draft, "uer")
    move(draft, "azure_event")
    assert order(draft) == ["azure_event", "mcsap", "mcsfs_plus", "uer", "arr", "base"]
    assert "A published edition can&#x27;t be changed." in move(edition, "uer")
    assert order(edition) == ["azure_event", "mcsap", "mcsfs_plus", "arr", "uer", "base"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"channels": ["fax"]}, "Select a valid choice. fax is not one of the available choices."),
        ({"channels": []}, "This field is required."),
        ({"name_zh_hans": ""}, "This field is required."),
        ({"downgrade_severities": []}, "Say at which severities."),
        ({"exclusion_effect": "row_only", "fallback_class": ""}, "Say which row holds"),
        ({"exclusions-1-excluded": "component:GitHub AE"}, "It stands twice."),
    ],
)
def test_a_chart_that_cannot_stand_is_told_and_not_saved(edition, client, changes, message):
    chart = Chart.objects.get(edition=draft_of(edition), code="uer")
    first = chart.exclusions.first()
    first.label = "GitHub AE"
    chart.exclusions.filter(label="GitHub AE").delete()
    first.save()
    answer = sent(client, chart, **changes)
    assert any(message in one for one in told(answer)), told(answer)


def test_a_component_is_added_found_and_removed_in_a_draft(edition, client):
    draft = draft_of(edition)
    add = reverse("admin:incidents_component_add")
    data = {
        "edition": draft.pk,
        "name": "Windows 12",
        "label_en": "Windows 12",
        "label_zh_hans": "Windows 12",
        "aliases": "Win12， Twelve",
        "product_class": "other",
        "kinds": ["on_premises"],
        "supported": "on",
    }
    answer = client.post(add, data)
    assert answer.status_code == 302, told(answer)
    component = Component.objects.get(edition=draft, name="Windows 12")
    assert (component.aliases, component.kinds) == (["Win12", "Twelve"], ["on_premises"])
    again = client.post(add, data | {"name": "Other", "aliases": "twelve"})
    assert told(again) == ["twelve is already a name of Windows 12."]
    frozen = client.post(add, data | {"edition": edition.pk, "name": "Windows 13", "aliases": ""})
    assert "Select a valid choice." in told(frozen)[0]
    client.post(reverse("admin:incidents_component_delete", args=[component.pk]), {"post": "yes"})
    assert not Component.objects.filter(pk=component.pk).exists()


def test_a_draft_whose_chart_names_what_is_gone_is_not_published(edition, client):
    draft = draft_of(edition)
    Component.objects.filter(edition=draft, name="GitHub AE").delete()
    SupportRole.objects.filter(edition=draft, code="enhanced_incident_manager").delete()
    ResponseTarget.objects.filter(row__chart__edition=draft, row__chart__code="arr").delete()
    gaps = editions.gaps_of(draft)
    assert "Azure Rapid Response (ARR), severity A: a target is missing" in gaps
    uer = "Unified Enhanced Response (UER) names what the edition doesn't have: "
    assert {f"{uer}GitHub AE", f"{uer}enhanced_incident_manager"} <= {*gaps}
    client.post(reverse("admin:catalog_edition_publish", args=[draft.pk]))
    assert Edition.objects.get(pk=draft.pk).state == "draft"


def test_every_component_and_row_that_is_shipped_saves_unchanged(edition, client):
    draft = draft_of(edition)
    rows = [
        *Component.objects.filter(edition=draft, name__startswith="Azure S"),
        *ChartRow.objects.filter(chart__edition=draft, severity="1"),
        *Chart.objects.filter(edition=draft),
        draft.chartset_set.get(),
    ]
    refused = {str(row): told(answer) for row in rows if (answer := sent(client, row)).context}
    assert refused == {}
    assert (
        editions.content_of(draft)["severity_matrices"]
        == (editions.content_of(edition)["severity_matrices"])
    )


@pytest.mark.clause("1-A1")
def test_a_frozen_page_says_so_and_reads_in_words(edition, client):
    chart = Chart.objects.get(edition=edition, code="uer")
    page = client.get(url(Chart, chart)).content.decode()
    assert "This belongs to edition 2024-09, which was published: it can only be read." in page
    assert "[&quot;" not in page
    assert "phone, website" in page.lower()


def test_no_chart_is_added_or_removed_by_hand(edition, client):
    chart = Chart.objects.filter(edition=draft_of(edition)).first()
    assert client.get(reverse("admin:incidents_chart_add")).status_code == 403
    delete = reverse("admin:incidents_chart_delete", args=[chart.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_a_drafted_edition_has_charts_and_one_without_is_not_published(edition, client, at):
    at(factories.NOW)
    draft = draft_of(edition)
    assert editions.gaps_of(draft) == []
    Chart.objects.filter(edition=draft).delete()
    draft.chartset_set.all().delete()
    assert editions.gaps_of(draft) == [editions.MISSING_CHARTS]
    client.post(reverse("admin:catalog_edition_publish", args=[draft.pk]))
    assert Edition.objects.get(pk=draft.pk).state == "draft"


def test_incidents_are_read_by_superusers_and_hidden_from_administrators(client, sign_in):
    incident = factories.incident()
    root = sign_in(User.objects.create_superuser("root@example.com", name="Root"))
    page = root.get(url(Incident, incident))
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert root.get(reverse("admin:incidents_incident_changelist")).status_code == 200
    assert client.get(reverse("admin:incidents_incident_changelist")).status_code == 403
    assert root.post(url(Incident, incident), {"title": "x"}).status_code == 403
