"""Loads, drafts and publishes editions; a published one is never written again."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import User
from accounts.rules.refusal import Refused
from services.catalog.actions.entries import LANGUAGES, Entry
from services.catalog.actions.rows import EditionRows, edition_rows, search_text_of
from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    CreditValue,
    Edition,
    Limit,
    Offering,
    Pillar,
    PillarActivity,
    ReadingChoice,
    Term,
)
from services.catalog.queries.gaps import gaps_of


@transaction.atomic
def load_edition(data: Mapping[str, Any], *, by: User | None = None) -> Edition:
    """The draft that `data` describes; what was loaded before stays as it is.

    Other content under the code of a draft replaces it; under that of a published or
    superseded edition it is refused with `edition_frozen`. Raises `Refused` with the
    path of the first wrong field.
    """
    head = Entry(Entry(data, "", frozenset()).take("edition"), "edition", frozenset())
    content_hash = _hash_of(data)
    edition = Edition.objects.select_for_update().filter(code=head.text("code")).first()
    if edition is not None and edition.content_hash == content_hash:
        return edition
    if edition is None:
        edition = Edition(code=str(data["edition"]["code"]).strip())
    elif edition.state != Edition.State.DRAFT:
        raise Refused("edition_frozen", clause="1-A1", field="edition.code", edition=edition.code)
    for column, text in head.texts("title").items():
        setattr(edition, column, text)
    edition.effective_on = head.day("effective_on")
    head.checked(edition, without=("based_on", "published_by"))
    rows = edition_rows(edition, data)
    edition.content_hash = content_hash
    if edition.pk:
        edition.save()
    else:
        _save_new(edition)
    _replace_rows(edition, rows)
    return edition


@transaction.atomic
def draft_edition(
    *, based_on: Edition, code: str, titles: Mapping[str, str], effective_on: date, by: User
) -> Edition:
    """A draft with all rows of `based_on`, to be edited and published later.

    `titles` has one text per language code of the portal.
    """
    if Edition.objects.filter(code=code).exists():
        raise Refused("edition_exists", field="code", edition=code)
    draft = Edition(code=code, based_on=based_on, effective_on=effective_on)
    for language, suffix in (("en", "en"), ("zh-hans", "zh_hans")):
        setattr(draft, f"title_{suffix}", titles[language])
    _save_new(draft)
    for model in (Clause, Term, CancellationTier, ReadingChoice):
        model.objects.bulk_create(
            [_copy(row, edition=draft) for row in model.objects.filter(edition=based_on)]
        )
    _copy_offerings(based_on, draft)
    _copy_pillars(based_on, draft)
    return draft


@transaction.atomic
def publish_edition(*, edition: Edition, by: User | None, now: datetime) -> Edition:
    """Make a complete draft the edition of new work orders; the former one is superseded.

    Refuses `edition_frozen` for anything but a draft, `edition_not_effective` before
    its date, and `edition_incomplete` with what is missing.
    """
    editions = {row.pk: row for row in Edition.objects.select_for_update().order_by("pk")}
    edition = editions[edition.pk]
    if edition.state != Edition.State.DRAFT:
        raise Refused("edition_frozen", clause="1-A1", edition=edition.code)
    if edition.effective_on > now.astimezone(UTC).date():
        raise Refused("edition_not_effective", clause="1-A1", effective_on=edition.effective_on)
    gaps = gaps_of(edition)
    if gaps:
        raise Refused("edition_incomplete", missing="; ".join(gaps[:5]), count=len(gaps))
    for former in editions.values():
        if former.state == Edition.State.PUBLISHED:
            former.state = Edition.State.SUPERSEDED
            former.save(update_fields=["state"])
    edition.state = Edition.State.PUBLISHED
    edition.published_at = now
    edition.published_by = by
    edition.save(update_fields=["state", "published_at", "published_by"])
    return edition


def hold_draft(*, edition: Edition) -> Edition:
    """A draft as it stands now, kept from being published until the transaction ends.

    Refuses `edition_frozen` for anything but a draft.

    Clause: 1-A1
    """
    held = Edition.objects.select_for_update().get(pk=edition.pk)
    if held.state != Edition.State.DRAFT:
        raise Refused("edition_frozen", clause="1-A1", edition=held.code)
    return held


@transaction.atomic
def make_searchable(*, offering: Offering) -> Offering:
    """Keep what a search finds `offering` by in step with its names; saves that column alone.

    Refuses `edition_frozen` for an offering of anything but a draft.
    """
    hold_draft(edition=offering.edition)
    offering.search_text = search_text_of(offering)
    offering.save(update_fields=["search_text"])
    return offering


def _save_new(edition: Edition) -> None:
    """Save an edition whose code nobody took in the meantime."""
    try:
        with transaction.atomic():
            edition.save()
    except IntegrityError:
        raise Refused("edition_exists", field="code", edition=edition.code) from None


def _hash_of(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _replace_rows(edition: Edition, rows: EditionRows) -> None:
    try:
        for model in (Offering, Pillar, Term, CancellationTier, ReadingChoice, Clause):
            model.objects.filter(edition=edition).delete()
    except ProtectedError:
        raise Refused("edition_in_use", field="edition.code", edition=edition.code) from None
    Clause.objects.bulk_create(rows.clauses)
    Term.objects.bulk_create(rows.terms)
    CancellationTier.objects.bulk_create(rows.tiers)
    ReadingChoice.objects.bulk_create(rows.choices)
    Offering.objects.bulk_create(rows.offerings)
    _set_parents(edition, rows.parents)
    Condition.objects.bulk_create(rows.conditions)
    Limit.objects.bulk_create(rows.limits)
    CreditValue.objects.bulk_create(rows.credit_values, ignore_conflicts=True)
    Pillar.objects.bulk_create(rows.pillars)
    PillarActivity.objects.bulk_create(rows.activities)


def _set_parents(edition: Edition, parents: Mapping[str, str]) -> None:
    by_code = {row.code: row for row in Offering.objects.filter(edition=edition)}
    children = []
    for code, parent in parents.items():
        by_code[code].parent = by_code[parent]
        children.append(by_code[code])
    Offering.objects.bulk_update(children, ["parent"])


def _copy_offerings(based_on: Edition, draft: Edition) -> None:
    sources = list(Offering.objects.filter(edition=based_on).select_related("parent"))
    copies = {row.pk: _copy(row, edition=draft, parent=None) for row in sources}
    Offering.objects.bulk_create(list(copies.values()))
    _set_parents(draft, {row.code: row.parent.code for row in sources if row.parent})
    for model in (Condition, Limit):
        model.objects.bulk_create(
            [
                _copy(row, offering=copies[row.offering_id])
                for row in model.objects.filter(offering__edition=based_on)
            ]
        )


def _copy_pillars(based_on: Edition, draft: Edition) -> None:
    copies = {row.pk: _copy(row, edition=draft) for row in Pillar.objects.filter(edition=based_on)}
    Pillar.objects.bulk_create(list(copies.values()))
    PillarActivity.objects.bulk_create(
        [
            _copy(row, pillar=copies[row.pillar_id])
            for row in PillarActivity.objects.filter(pillar__edition=based_on)
        ]
    )


def _copy(row: Any, **changes: Any) -> Any:
    """A new row with the columns of `row`, in every language."""
    values = {
        column.attname: getattr(row, column.attname)
        for column in row._meta.concrete_fields
        if not column.primary_key and column.name not in changes and not _is_mirror(row, column)
    }
    return type(row)(**values, **changes)


def _is_mirror(row: Any, column: Any) -> bool:
    """Whether a column only mirrors one of the languages (``name`` beside ``name_en``)."""
    return any(hasattr(row, f"{column.name}_{suffix}") for _language, suffix in LANGUAGES)
