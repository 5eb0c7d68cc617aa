"""Files in the language of `lang`: a paper is written for who gets it, not for who asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import Http404
from django.utils import translation

from accounts.http import SignedInRequest


@contextmanager
def in_language(request: SignedInRequest) -> Iterator[str]:
    """The language asked for, or the reader's; its short name for file names: en, zh.

    Another than ours doesn't exist.
    """
    asked = request.GET.get("lang", "")
    if asked and asked not in dict(settings.LANGUAGES):
        raise Http404
    language = asked or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        yield language.partition("-")[0]
