"""Charts from the shipped file: the rows say what the file says, and are frozen."""

import pytest

from accounts.rules.refusal import Refused
from incidents.actions.charts import copy_charts, load_charts
from incidents.models import Chart, ChartNote, ChartRow, Component, SupportRole
from incidents.queries.charts import charts_of, components_of, response_terms_of
from incidents.rules.charts import first_response_from
from services.catalog import actions as catalog
from services.catalog.models import Edition
from tests import factories
from tests.incidents import shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Edition:
    """The shipped edition as a draft, without its charts."""
    return catalog.load_edition(factories.edition_data())


@pytest.mark.clause("1-A1")
def test_the_charts_of_the_rows_are_those_of_the_file(draft):
    load_charts(factories.edition_data(), edition=draft)
    assert charts_of(draft) == shipped.CHARTS


def test_the_components_of_the_rows_are_those_of_the_file(draft):
    load_charts(factories.edition_data(), edition=draft)
    entries = shipped.DATA["components"]
    names = [entry["name"] for entry in entries]
    names += [alias for entry in entries for alias in entry.get("aliases", ())]
    names += ["SQL Server 2022", "Something else"]
    found = components_of(draft)
    assert [found.find(name) for name in names] == [shipped.COMPONENTS.find(n) for n in names]


def test_what_counts_as_response_is_that_of_the_file(draft):
    load_charts(factories.edition_data(), edition=draft)
    assert response_terms_of(draft) == first_response_from(shipped.DATA["severity_matrices"])


def test_texts_are_kept_in_both_languages(draft):
    load_charts(factories.edition_data(), edition=draft)
    row = ChartRow.objects.get(chart__edition=draft, chart__code="base", severity="1")
    assert row.situation_zh_hans == "关键业务系统停摆，经营受到威胁，须马上处理。"
    assert row.situation_en.startswith("A critical system is down")
    role = SupportRole.objects.get(edition=draft, code="csam")
    assert (role.name_en, role.name_zh_hans) == (
        "Customer success account manager",
        "客户成功帐户管理员",
    )
    assert ChartNote.objects.get(chart__edition=draft, kind="routing").text_en == (
        "Severity B and C go straight to MCSAP engineers; the base times hold."
    )
    assert Component.objects.get(edition=draft, name="A40").label_zh_hans == "A40"


def test_the_same_file_again_changes_nothing(draft):
    first = load_charts(factories.edition_data(), edition=draft)
    rows = list(Chart.objects.values_list("pk", flat=True))
    assert load_charts(factories.edition_data(), edition=draft) == first
    assert list(Chart.objects.values_list("pk", flat=True)) == rows


def test_other_charts_replace_those_of_a_draft(draft):
    data = factories.edition_data()
    load_charts(data, edition=draft)
    base = data["severity_matrices"]["matrices"]["base"]
    base["severities"]["B"]["initial_response_minutes"]["other"] = 90
    load_charts(data, edition=draft)
    assert charts_of(draft)[-1].rows["B"].targets["other"].minutes == 90


@pytest.mark.clause("1-A1")
def test_the_charts_of_a_published_edition_are_frozen():
    edition = factories.published_edition()
    data = factories.edition_data()
    assert load_charts(data, edition=edition).edition == edition
    data["severity_matrices"]["matrices"]["base"]["name_en"] = "Other"
    with pytest.raises(Refused) as refused:
        load_charts(data, edition=edition)
    assert refused.value.code == "edition_frozen"


def test_published_charts_are_read_once(django_assert_num_queries):
    edition = factories.published_edition()
    charts_of(edition)
    with django_assert_num_queries(0):
        assert charts_of(edition) == shipped.CHARTS


def test_a_copied_edition_has_the_same_charts_and_its_own_rows():
    edition = factories.published_edition()
    draft = Edition.objects.create(code="2027-01", effective_on=edition.effective_on)
    copy_charts(based_on=edition, draft=draft)
    assert charts_of(draft) == charts_of(edition)
    names = {"name_en", "name_zh_hans"}
    assert list(Chart.objects.filter(edition=draft).values(*names)) == list(
        Chart.objects.filter(edition=edition).values(*names)
    )
    with pytest.raises(Refused):
        copy_charts(based_on=draft, draft=edition)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("matrices", "base", "clock"), "x", "severity_matrices.matrices.base.clock"),
        (("matrices", "base", "severities", "B", "clock"), "sometimes", ".severities.B.clock"),
        (("matrices", "base", "severities", "B", "clock"), None, ".severities.B.clock"),
        (("matrices", "base", "severities", "A", "assigned", "role"), "boss", ".assigned.role"),
        (("matrices", "base", "severities", "D"), {}, ".severities.D"),
        (
            ("matrices", "base", "severities", "A", "initial_response_minutes", "other"),
            0,
            ".initial_response_minutes.other",
        ),
        (
            ("matrices", "base", "severities", "A", "initial_response_minutes", "other"),
            "60",
            ".initial_response_minutes.other",
        ),
        (
            ("matrices", "base", "severities", "A", "response_clauses", "other"),
            "A-XX9",
            ".response_clauses.other",
        ),
        (("matrices", "uer", "programmes"), ["nothing"], ".programmes[0]"),
        (("matrices", "uer", "product_classes"), ["toys"], ".product_classes"),
        (("matrices", "uer", "surprise"), 1, ".uer.surprise"),
        (("matrices", "base", "programmes"), ["workshops"], "severity_matrices.matrices"),
        (
            ("precedence", "tie_order"),
            ["base", "base"],
            "severity_matrices.precedence.tie_order[1]",
        ),
        (("precedence", "tie_order"), ["base"], "severity_matrices.matrices.mcsap"),
        (("matrices",), [], "severity_matrices.matrices"),
    ],
)
def test_a_wrong_field_of_the_charts_is_named(draft, path, value, field):
    data = factories.edition_data()
    at = data["severity_matrices"]
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(Refused) as refused:
        load_charts(data, edition=draft)
    assert refused.value.field.endswith(field)
    assert not Chart.objects.exists()


def test_an_edition_file_without_charts_is_refused(draft):
    data = factories.edition_data()
    del data["severity_matrices"]
    with pytest.raises(Refused) as refused:
        load_charts(data, edition=draft)
    assert refused.value.field == "severity_matrices"


def test_a_component_that_stands_twice_is_refused(draft):
    data = factories.edition_data()
    data["components"].append(dict(data["components"][0]))
    with pytest.raises(Refused) as refused:
        load_charts(data, edition=draft)
    assert refused.value.field == f"components[{len(data['components']) - 1}]"
