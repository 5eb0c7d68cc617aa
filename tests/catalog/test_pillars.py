"""The pillars of success management belong to their edition like everything else in it."""

from datetime import date

import pytest

from accounts.rules.refusal import Refused
from services.catalog import actions, queries
from services.catalog.models import Pillar, PillarActivity
from services.catalog.queries.content import content_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_shipped_edition_has_three_pillars_with_ten_activities():
    edition = actions.load_edition(factories.edition_data())
    counted = [
        (pillar.code, pillar.activities.count())
        for pillar in Pillar.objects.filter(edition=edition)
    ]
    assert counted == [
        ("solution-health", 5),
        ("adoption-and-planning", 4),
        ("executive-partnership", 1),
    ]
    first = PillarActivity.objects.filter(pillar__edition=edition).first()
    assert (first.name_en, first.name_zh_hans, first.clauses) == (
        "Customer Health Program Management",
        "客户运行状况计划管理",
        ["B-S4"],
    )


def test_a_new_draft_has_pillars_of_its_own():
    edition = factories.published_edition(factories.small_edition_data())
    draft = actions.draft_edition(
        based_on=edition,
        code="next",
        titles={"en": "Next", "zh-hans": "下一版"},
        effective_on=date(2026, 1, 1),
        by=factories.user(),
    )
    own = PillarActivity.objects.filter(pillar__edition=draft)
    assert own.count() == 10
    assert not queries.compare(edition, draft)
    own.filter(code="problem-management").update(name_en="Problems")
    changed = queries.compare(edition, draft).terms
    assert [(one.what, one.code) for one in changed] == [("changed", "activity problem-management")]


def test_the_file_of_an_edition_tells_its_pillars():
    data = factories.small_edition_data()
    edition = actions.load_edition(data)
    told = content_of(edition)["success_pillars"]["pillars"]
    assert told == data["success_pillars"]["pillars"]


def test_an_edition_may_do_without_pillars():
    data = factories.small_edition_data()
    del data["success_pillars"]
    edition = actions.load_edition(data)
    assert not Pillar.objects.filter(edition=edition).exists()
    assert "success_pillars" not in content_of(edition)


def test_an_activity_that_stands_twice_is_refused():
    data = factories.small_edition_data()
    activities = data["success_pillars"]["pillars"][0]["activities"]
    activities.append(activities[0])
    with pytest.raises(Refused) as refused:
        actions.load_edition(data)
    assert refused.value.figures["where"].startswith("success_pillars.pillars.activities")


def test_a_pillar_without_chinese_is_a_gap():
    edition = actions.load_edition(factories.small_edition_data())
    Pillar.objects.filter(edition=edition).update(summary_zh_hans="")
    assert any("3" in gap for gap in queries.gaps_of(edition))
