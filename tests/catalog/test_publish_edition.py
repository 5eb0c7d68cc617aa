"""Publishing and drafting editions: one in force, frozen, complete."""

from datetime import date, timedelta

import pytest

from accounts.rules.refusal import Refused
from services.catalog import actions, queries
from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    Edition,
    Limit,
    Offering,
    Term,
)
from tests import factories

pytestmark = pytest.mark.django_db
TITLES = {"en": "Next", "zh-hans": "下一版"}


def next_draft(based_on: Edition, **fields) -> Edition:
    """A draft from `based_on`."""
    values = {"code": "next", "titles": TITLES, "effective_on": date(2026, 1, 1)}
    by = factories.user("catalogue_administrator")
    return actions.draft_edition(based_on=based_on, by=by, **{**values, **fields})


@pytest.mark.clause("1-A1")
def test_the_former_edition_is_superseded(now):
    former = factories.published_edition(factories.small_edition_data())
    draft = next_draft(former)
    by = factories.user("catalogue_administrator")
    actions.publish_edition(edition=draft, by=by, now=now)
    former.refresh_from_db()
    draft.refresh_from_db()
    assert former.state == Edition.State.SUPERSEDED
    assert (draft.state, draft.published_at, draft.published_by) == ("published", now, by)
    assert queries.current_edition() == draft


def test_only_a_draft_is_published(now):
    published = factories.published_edition(factories.small_edition_data())
    with pytest.raises(Refused) as refused:
        actions.publish_edition(edition=published, by=None, now=now)
    assert (refused.value.code, refused.value.clauses) == ("edition_frozen", ("1-A1",))


def test_an_edition_is_published_from_its_first_day_on(now):
    draft = factories.draft_edition()
    Edition.objects.filter(pk=draft.pk).update(effective_on=now.date() + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        actions.publish_edition(edition=draft, by=None, now=now)
    assert refused.value.code == "edition_not_effective"
    Edition.objects.filter(pk=draft.pk).update(effective_on=now.date())
    assert actions.publish_edition(edition=draft, by=None, now=now).state == "published"


def test_a_complete_draft_has_no_gaps():
    assert queries.gaps_of(actions.load_edition(factories.edition_data())) == []


@pytest.mark.parametrize(
    ("spoil", "gap"),
    [
        (lambda: Offering.objects.all().delete(), "There are no offerings"),
        (
            lambda: Term.objects.filter(code="event_max_days").delete(),
            "Numbers of the contract are missing: event_max_days",
        ),
        (
            lambda: CancellationTier.objects.filter(min_lead_days=None).delete(),
            "The cancellation scale has no band for the shortest leads",
        ),
        (
            lambda: Offering.objects.filter(code="workshops").update(name_zh_hans=""),
            "Offerings: name (Chinese) is empty in 1 row",
        ),
        (
            lambda: Edition.objects.update(title_en=None),
            "Editions: title (English) is empty in 1 row",
        ),
        (
            lambda: Condition.objects.filter(kind="duty").update(clauses=["9.9-Q1"]),
            "Conditions: the register has no clause 9.9-Q1",
        ),
    ],
)
def test_a_draft_with_gaps_is_not_published(now, spoil, gap):
    draft = factories.draft_edition()
    spoil()
    assert queries.gaps_of(draft) == [gap]
    with pytest.raises(Refused) as refused:
        actions.publish_edition(edition=draft, by=None, now=now)
    assert refused.value.code == "edition_incomplete"
    assert refused.value.figures["missing"] == gap
    assert not Edition.objects.published().exists()


def rows_of(edition: Edition) -> dict[str, list]:
    """Everything an edition says, without keys."""
    columns = ("name_en", "name_zh_hans", "summary_zh_hans", "clauses", "search_text", "includes")
    of = {"offering__edition": edition}
    return {
        "offerings": list(
            Offering.objects.filter(edition=edition).values_list("code", "parent__code", *columns)
        ),
        "conditions": list(
            Condition.objects.filter(**of)
            .order_by("offering__position", "position")
            .values_list("offering__code", "kind", "text_en", "text_zh_hans", "clauses")
        ),
        "limits": list(
            Limit.objects.filter(**of)
            .order_by("offering__position", "code")
            .values_list("offering__code", "code", "value", "unit")
        ),
        "terms": list(
            Term.objects.filter(edition=edition).values_list("code", "value", "name_zh_hans")
        ),
        "tiers": list(
            CancellationTier.objects.filter(edition=edition).values_list("min_lead_days", "percent")
        ),
        "clauses": list(
            Clause.objects.filter(edition=edition).values_list("code", "title_en", "rule_zh_hans")
        ),
    }


def test_a_draft_from_an_edition_says_the_same():
    published = factories.published_edition()
    draft = next_draft(published)
    assert rows_of(draft) == rows_of(published)
    assert (draft.based_on, draft.state) == (published, Edition.State.DRAFT)
    assert (draft.title_en, draft.title_zh_hans) == ("Next", "下一版")
    assert not queries.compare(published, draft)


def test_a_draft_needs_a_code_of_its_own():
    published = factories.published_edition(factories.small_edition_data())
    with pytest.raises(Refused) as refused:
        next_draft(published, code="small")
    assert (refused.value.code, refused.value.field) == ("edition_exists", "code")


def test_the_terms_of_a_draft_follow_its_rows():
    draft = factories.draft_edition()
    assert queries.terms_of(draft).event.max_days == 5
    Term.objects.filter(edition=draft, code="event_max_days").update(value=6)
    assert queries.terms_of(draft).event.max_days == 6


def test_the_terms_of_a_published_edition_are_read_once(django_assert_num_queries):
    published = factories.published_edition(factories.small_edition_data())
    first = queries.terms_of(published)
    with django_assert_num_queries(0):
        assert queries.terms_of(published) is first


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_drafts_published_at_once_one_is_in_force(now):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    drafts = [factories.draft_edition(code=f"draft{n}") for n in range(2)]

    def publish(draft):
        try:
            return actions.publish_edition(edition=draft, by=None, now=now).state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(publish, drafts)) == ["published", "published"]
    assert sorted(Edition.objects.values_list("state", flat=True)) == ["published", "superseded"]
