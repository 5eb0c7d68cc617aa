"""What goes wrong outside a view: a page in the layout for people, a problem for programs."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.http.problems import TOO_LARGE, is_api, problem, too_large_words


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 where more was sent than the portal takes."""
    if isinstance(exception, RequestDataTooBig):
        words = too_large_words()
        return _answer(request, TOO_LARGE, "too_large", words, text=words)
    words = _("The portal doesn't answer under this name, or the form is broken.")
    return _answer(request, 400, "bad_request", words, text=words)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, in the words of what refused, if it has some."""
    words = str(exception)
    told = words or _("Your role doesn't allow this.")
    return _answer(request, 403, "permission_denied", told, exception=words)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: an address that leads nowhere, or to what isn't the person's to see."""
    return _answer(request, 404, "not_found", _("Not found."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; without the person's frame if that is what fails (the database may be away)."""
    if is_api(request):
        words = _("The fault is on our side and has been recorded. Nothing was saved half-way.")
        return problem(500, "server_error", words)
    try:
        return render(request, "500.html", status=500)
    except Exception:  # what failed first is in the log; the person gets a page
        return HttpResponseServerError(render_to_string("500.html"))


def _answer(
    request: HttpRequest, status: int, code: str, words: str, **context: Any
) -> HttpResponse:
    if is_api(request):
        return problem(status, code, words)
    return render(request, f"{status}.html", context, status=status)
