"""Editions as a whole: catalogue and charts together, out to a file and back."""

import re

import pytest
from django.conf import settings
from django.contrib import admin

from accounts.rules.refusal import Refused
from incidents.actions.charts import copy_charts, load_charts
from incidents.models import (
    Chart,
    ChartExclusion,
    ChartNote,
    ChartRow,
    ChartSet,
    Component,
    CustomerDuty,
    Escalation,
    ResponseTarget,
    SupportRole,
)
from services.catalog import actions as catalog
from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    Edition,
    Limit,
    Offering,
    Term,
)
from tests import factories, plainyaml
from ussd_portal import editions

pytestmark = pytest.mark.django_db

# Every table of an edition, by the way from its rows to it.
TABLES = {
    **dict.fromkeys((Clause, Term, CancellationTier, Offering), "edition"),
    **dict.fromkeys((Condition, Limit), "offering__edition"),
    **dict.fromkeys((ChartSet, SupportRole, Component, Chart), "edition"),
    **dict.fromkeys((ChartRow, ChartNote, ChartExclusion), "chart__edition"),
    **dict.fromkeys((ResponseTarget, Escalation, CustomerDuty), "row__chart__edition"),
}
KEYS = {"id", "edition", "offering", "chart", "row", "parent", "content_hash", "position"}
OWNERS = {
    "offering": "offering__code",
    "chart": "chart__code",
    "row": "row__severity",
    "parent": "parent__code",
}


def said(edition: Edition) -> dict[str, list[tuple]]:
    """Every column of every row of `edition`, keys and places aside; parents by their codes."""
    found = {}
    for table, path in TABLES.items():
        columns = [
            column.name
            for column in table._meta.concrete_fields
            if column.name not in KEYS and not hasattr(table, f"{column.name}_en")
        ]
        named = {column.name for column in table._meta.concrete_fields}
        owners = [lookup for name, lookup in OWNERS.items() if name in named]
        if "row" in named:
            owners.append("row__chart__code")
        rows = table.objects.filter(**{path: edition}).values_list(*owners, *columns)
        found[table.__name__] = sorted(map(repr, rows))
    return found


def test_an_exported_edition_loaded_under_another_code_says_the_same():
    edition = factories.published_edition()
    data = plainyaml.load(editions.file_of(edition))
    data["edition"]["code"] = "copy"
    copy = editions.load_edition(data)
    assert said(copy) == said(edition)
    for table in TABLES:
        assert said(edition)[table.__name__], table
    again = plainyaml.load(editions.file_of(copy))
    assert {**again, "edition": {}} == {**data, "edition": {}}


def test_what_people_edit_in_a_draft_survives_the_way_out_and_in():
    draft = drafted(factories.published_edition())
    Offering.objects.filter(edition=draft, code="webcasts").update(onsite_barred=True)
    Offering.objects.filter(edition=draft, code="workshops").update(
        co_termination="suspended", summary_zh_hans="第一行\n\n“第二行”：- #"
    )
    catalog.make_searchable(offering=factories.offering("workshops", draft))
    row = ChartRow.objects.get(chart__edition=draft, chart__code="base", severity="B")
    row.targets.filter(product_class="other").update(clauses=["A-BS10", "A-BS11"], minutes=90)
    row.duties.update(minutes=7, clock="business_hours")
    ChartRow.objects.filter(pk=row.pk).update(attention_minutes=None, executives_on_request=True)
    ChartNote.objects.filter(chart__edition=draft, kind="exclusion").update(clauses=["A-BS18"])
    Component.objects.filter(edition=draft, name="Azure StorSimple").update(
        label_en="StorSimple", supported=False, online_service=False, kinds=["identity"]
    )
    data = plainyaml.load(editions.file_of(draft))
    data["edition"]["code"] = "copy"
    assert said(editions.load_edition(data)) == said(draft)


def test_an_edition_without_charts_is_exported_without_them():
    draft = catalog.load_edition(factories.small_edition_data())
    data = plainyaml.load(editions.file_of(draft))
    assert set(data) == {
        "edition", "terms", "cancellation_tiers", "reading_choices", "offerings",
        "success_pillars", "clauses",
        "readings",
    }  # fmt: skip


# --- drafts ---------------------------------------------------------------------------------


def drafted(edition: Edition, code: str = "next") -> Edition:
    """A draft made from `edition`."""
    return editions.draft_edition(
        based_on=edition,
        code=code,
        titles={"en": "Next", "zh-hans": "下一版"},
        effective_on=edition.effective_on,
        by=factories.user("catalogue_administrator"),
    )


def test_a_draft_from_an_edition_has_all_its_rows_and_charts():
    edition = factories.published_edition()
    draft = drafted(edition)
    assert said(draft) == said(edition)
    assert not editions.compare(edition, draft)
    assert editions.gaps_of(draft) == []


@pytest.mark.clause("1-A1")
def test_an_edition_without_charts_is_refused_with_everything_it_lacks(now):
    draft = drafted(factories.published_edition(factories.small_edition_data()))
    Chart.objects.filter(edition=draft).delete()
    Offering.objects.filter(edition=draft).delete()
    with pytest.raises(Refused) as refused:
        editions.publish_edition(edition=draft, by=None, now=now)
    assert refused.value.code == "edition_incomplete"
    assert refused.value.figures["missing"] == (
        "There are no severity charts: nobody could tell how soon an incident is answered; "
        "There are no offerings"
    )
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_nothing_but_the_whole_publishes_or_drafts():
    """Callers use this package's actions; those of the catalogue alone would forget the charts."""
    callers = [
        path.name
        for folder in ("accounts", "services", "workorders", "incidents", "ussd_portal")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if re.search(r"\b(catalog|actions)\.(publish|draft|load)_edition\(", path.read_text())
    ]
    assert sorted(callers) == ["editions.py", "editions.py"]  # the catalogue's own, and this one's
    assert type(admin.site.get_model_admin(Edition)).__module__ == "ussd_portal.admin"


def test_a_comparison_names_charts_and_clauses_that_differ():
    edition = factories.published_edition()
    draft = drafted(edition)
    ResponseTarget.objects.filter(
        row__chart__edition=draft, row__chart__code="base", row__severity="1", product_class="other"
    ).update(minutes=45)
    Clause.objects.filter(edition=draft, code="A-BS3").update(rule_en="Within 45 minutes.")
    SupportRole.objects.filter(edition=draft, code="customer").delete()
    comparison = editions.compare(edition, draft)
    assert [(one.what, one.name) for one in comparison.charts] == [
        ("changed", "Base support, severity 1"),
        ("removed", "Customer"),
    ]
    changed = comparison.charts[0].differences
    assert [(row.label, row.old, row.new) for row in changed] == [
        ("first response in minutes, other product or service", 60, 45)
    ]
    assert [one.code for one in comparison.clauses] == ["A-BS3"]


# --- frozen once published ------------------------------------------------------------------


@pytest.mark.clause("1-A1")
def test_actions_and_loader_refuse_a_published_edition(now):
    edition = factories.published_edition(factories.small_edition_data())
    before = said(edition)
    other = factories.small_edition_data()
    other["terms"][0]["value"] += 1
    draft = drafted(edition)
    for refuse in (
        lambda: editions.load_edition(other),
        lambda: editions.import_edition(factories.small_edition_data(), by=None),
        lambda: load_charts({**other, "components": other["components"][:1]}, edition=edition),
        lambda: copy_charts(based_on=draft, draft=edition),
        lambda: catalog.make_searchable(offering=factories.offering("workshops", edition)),
        lambda: catalog.hold_draft(edition=edition),
        lambda: editions.publish_edition(edition=edition, by=None, now=now),
    ):
        with pytest.raises(Refused) as refused:
            refuse()
        assert refused.value.code in {"edition_frozen", "edition_exists"}
    assert said(edition) == before
