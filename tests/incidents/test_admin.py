"""Charts in the administration: edited in drafts, read afterwards; incidents are read alone."""

import pytest
from django.urls import reverse

from accounts.models import User
from incidents.models import Chart, ChartRow, Component, Incident, ResponseTarget, SupportRole
from services.catalog.models import Edition
from tests import factories
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


def test_a_target_of_a_draft_is_edited(edition, client):
    draft = draft_of(edition)
    row = ChartRow.objects.get(chart__edition=draft, chart__code="base", severity="B")
    page = client.get(url(ChartRow, row)).context["adminform"].form.initial
    data = {name: "" if value is None else value for name, value in page.items()}
    data |= {name: ", ".join(value) for name, value in data.items() if name.endswith("clauses")}
    targets = list(row.targets.order_by("pk"))
    for prefix, number in (("targets", len(targets)), ("escalations", 0), ("duties", 3)):
        data |= {f"{prefix}-TOTAL_FORMS": number, f"{prefix}-INITIAL_FORMS": number}
    for number, target in enumerate(targets):
        data |= {
            f"targets-{number}-id": target.pk,
            f"targets-{number}-row": row.pk,
            f"targets-{number}-minutes": 90,
            f"targets-{number}-clauses": "A-BS10",
        }
    for number, duty in enumerate(row.duties.all()):
        data |= {
            f"duties-{number}-id": duty.pk,
            f"duties-{number}-row": row.pk,
            f"duties-{number}-text_en": duty.text_en,
            f"duties-{number}-text_zh_hans": duty.text_zh_hans,
            f"duties-{number}-minutes": duty.minutes or "",
            f"duties-{number}-clock": duty.clock,
            f"duties-{number}-clauses": ", ".join(duty.clauses),
        }
    answer = client.post(url(ChartRow, row), data)
    assert answer.status_code == 302, answer.context["errors"]
    minutes = ResponseTarget.objects.filter(row=row).values_list("minutes", flat=True)
    assert list(minutes) == [90, 90]


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
