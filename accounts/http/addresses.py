"""What an address says and a page doesn't know: passed over, and said to be."""

from collections.abc import Callable, Container, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.http.paging import SIZE, KeyPage, key_page

T = TypeVar("T")
CODE = "address_not_understood"
SHOWN = 40


def pass_over(request: HttpRequest, name: str) -> None:
    """Say on the page that its usual view is shown; a fragment has nowhere to say it."""
    if request.htmx:  # type: ignore[attr-defined]
        return
    part = f"{name}={request.GET.get(name, '')[:SHOWN]}"
    text = _("The address asks for “%(part)s”, which this page doesn't have. The usual is shown.")
    messages.warning(request, text % {"part": part}, extra_tags=CODE)


def one_of(request: HttpRequest, name: str, known: Container[str], usual: str = "") -> str:
    """The word that the address gives for `name`; `usual` without one, or for one not `known`."""
    given = request.GET.get(name, "")
    if given and given not in known:
        pass_over(request, name)
    return given if given in known else usual


def read(request: HttpRequest, name: str, parse: Callable[[str], T], usual: T) -> T:
    """What `parse` makes of the address's `name`; `usual` without it, or on `ValueError`."""
    given = request.GET.get(name, "")
    if not given:
        return usual
    try:
        return parse(given)
    except ValueError:
        pass_over(request, name)
        return usual


def numbered_page(
    request: HttpRequest, rows: "QuerySet[Any] | Sequence[Any]", size: int
) -> Page[Any]:
    """The page whose number the address gives; the first or last one when there is none such."""
    given = request.GET.get("page")
    page = Paginator(rows, size).get_page(given)
    if given and given != str(page.number):
        pass_over(request, "page")
    return page


def marked_page(
    request: HttpRequest, rows: "QuerySet[Any]", keys: Sequence[str], size: int = SIZE
) -> KeyPage:
    """The page after or before the mark in the address; the first for one that can't be read."""
    marks = {name: request.GET.get(name, "") for name in ("after", "before")}
    try:
        return key_page(rows, keys, **marks, size=size, strict=True)
    except KeyError:
        pass_over(request, "before" if marks["before"] else "after")
        return key_page(rows, keys, size=size)
