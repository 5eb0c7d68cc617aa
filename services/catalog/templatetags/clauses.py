"""What a clause or reading says, beside its chip."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.cache import cache
from django.template.context import RequestContext
from django.utils.translation import get_language

from services.catalog.queries import current_edition

register = template.Library()

KEPT_SECONDS = 300
ATTRIBUTE = "_clause_texts"


@register.simple_tag(takes_context=True)
def clause_texts(context: RequestContext, ids: Iterable[str]) -> list[tuple[str, str]]:
    """Each id with its rule in the reader's language; read once for a page."""
    request = context.get("request")
    texts = getattr(request, ATTRIBUTE, None)
    if texts is None:
        texts = _texts(get_language() or "en")
        if request is not None:
            setattr(request, ATTRIBUTE, texts)
    return [(one, texts.get(one, "")) for one in ids]


def _texts(language: str) -> dict[str, str]:
    key = f"clause-texts:{language}"
    texts: dict[str, Any] | None = cache.get(key)
    if texts is None:
        edition = current_edition()
        texts = dict(edition.clause_set.values_list("code", "rule")) if edition else {}
        cache.set(key, texts, KEPT_SECONDS)
    return texts
