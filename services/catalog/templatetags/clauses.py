"""What a clause or reading says, beside its chip."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.cache import cache
from django.template.context import RequestContext
from django.utils.translation import get_language

from services.catalog.models import Clause
from services.catalog.queries import current_edition

register = template.Library()

KEPT_SECONDS = 300
ATTRIBUTE = "_clause_texts"


@register.simple_tag(takes_context=True)
def clause_texts(
    context: RequestContext, ids: Iterable[str], order: Any = None
) -> list[tuple[str, str]]:
    """Each id with its rule in the reader's language; read once for a page and edition.

    The edition is that of `order`, an executed order keeps its own (1-A1); without one, the
    published one.
    """
    request = context.get("request")
    edition: int | None = getattr(order, "edition_id", None)
    kept: dict[int | None, dict[str, str]] = getattr(request, ATTRIBUTE, {})
    if edition not in kept:
        kept[edition] = _texts(get_language() or "en", edition)
        if request is not None:
            setattr(request, ATTRIBUTE, kept)
    return [(one, kept[edition].get(one, "")) for one in ids]


def _texts(language: str, edition: int | None) -> dict[str, str]:
    key = f"clause-texts:{edition or ''}:{language}"
    texts: dict[str, str] | None = cache.get(key)
    if texts is None:
        if edition is None:
            current = current_edition()
            edition = current.pk if current else None
        rules = Clause.objects.filter(edition=edition)
        texts = dict(rules.values_list("code", "rule"))
        cache.set(key, texts, KEPT_SECONDS)
    return texts
