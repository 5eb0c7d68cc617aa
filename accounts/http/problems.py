"""Errors of the API as `application/problem+json`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from accounts.http.answers import refusal_status
from accounts.rules.explained import plain
from accounts.rules.refusal import Refused
from accounts.wording import formats
from accounts.wording.refusals import refusal_words

PROBLEM = "application/problem+json"
TOO_LARGE = 413


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which reads its body and its errors in its own way."""
    return request.path_info.startswith("/api/")


def problem(status: int, code: str, words: str) -> HttpResponse:
    """A problem document outside the views of the API, whatever kind of answer was asked for."""
    return JsonResponse(problem_body(status, code, words), status=status, content_type=PROBLEM)


def too_large_words() -> str:
    """What came is larger than `DATA_UPLOAD_MAX_MEMORY_SIZE`."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    return _("At most %(most)s MB are taken at once.") % {"most": most}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """`application/problem+json` with code, detail, clauses and figures."""
    set_rollback()
    if isinstance(error, Refused):
        return refusal_problem(error)
    if isinstance(error, RequestDataTooBig):
        return _problem(TOO_LARGE, "too_large", too_large_words())
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else error.messages
        )
    if is_number_too_large(error):
        error = Http404()
    response = exception_handler(error, context)
    if response is None:
        return None
    return _problem(response.status_code, _code(error), _detail(error), headers=response.headers)


def is_number_too_large(error: Exception) -> bool:
    """Whether a number went to the database that its integers can't hold."""
    return (isinstance(error, OverflowError) and "SQLite" in str(error)) or (
        isinstance(error, DataError) and "out of range" in str(error)
    )


def refusal_problem(refusal: Refused) -> Response:
    """A refusal as a problem document."""
    words = refusal_words(refusal)
    return _problem(
        refusal_status(refusal),
        refusal.code,
        words.sentence,
        clauses=list(refusal.clauses),
        figures=plain(refusal.figures),
        field=refusal.field,
        overridable=refusal.overridable,
    )


def _code(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not_found"
    if isinstance(error, PermissionDenied):
        return "permission_denied"
    if isinstance(error, exceptions.ValidationError):
        return "invalid_input"
    return str(getattr(error, "default_code", "error"))


def _detail(error: Exception) -> Any:
    if isinstance(error, exceptions.ValidationError):
        return error.detail
    return str(getattr(error, "detail", "") or _("Not found."))


def _problem(
    code: int,
    reason: str,
    detail: Any,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    fields = detail if isinstance(detail, dict) else {}
    words = _("Some fields need another value.") if fields else _flat(detail)
    body = problem_body(code, reason, words, fields=fields, **more)
    kept = {k: v for k, v in (headers or {}).items() if k in {"WWW-Authenticate", "Retry-After"}}
    return Response(body, status=code, headers=kept, content_type=PROBLEM)


def problem_body(
    code: int,
    reason: str,
    detail: str,
    *,
    clauses: list[str] | None = None,
    figures: Any = None,
    **more: Any,
) -> dict[str, Any]:
    """A problem document (RFC 9457); of `more`, what is empty is left out."""
    return {
        "type": f"{settings.BASE_URL}/problems/{reason}",
        "title": _("This can't be done.") if code < 500 else _("Something went wrong."),
        "status": code,
        "code": reason,
        "detail": detail,
        "clauses": clauses or [],
        "figures": figures or {},
        **{name: value for name, value in more.items() if value},
    }


def _flat(detail: Any) -> str:
    return formats.sentences(*map(str, detail)) if isinstance(detail, list) else str(detail)
