"""What machines ask: is the portal alive, is it ready, how is it doing?"""

import ipaddress
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from celery.exceptions import CeleryError
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from kombu.exceptions import KombuError

from ussd_portal.celery import app, every_minute, last_success_key
from ussd_portal.preparation import has_unapplied_migrations

LATE = timedelta(minutes=5)


@require_safe
@never_cache
@login_not_required
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@login_not_required
def ready(_request: HttpRequest) -> JsonResponse:
    """Whether requests can be served and work gets done; 503 and the reasons when not."""
    facts = readiness(timezone.now())
    is_ready = all(fact == "ok" for fact in facts.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", "checks": facts},
        status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' figures, for a collector on this machine; for all others there is no such page.

    A request that a proxy passed on comes from this machine too, but says so.
    """
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        raise Http404
    if not ipaddress.ip_address(request.META["REMOTE_ADDR"]).is_loopback:
        raise Http404
    figures: HttpResponse = ExportToDjangoView(request)
    return figures


def readiness(now: datetime) -> dict[str, str]:
    """Per part `ok` or what is wrong with it, in words that give nothing away."""
    parts: Mapping[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "broker": _broker,
        "sweeps": lambda: _sweeps(now),
    }
    return {name: _answer_of(part) for name, part in parts.items()}


def _answer_of(part: Callable[[], str]) -> str:
    try:
        return part()
    except (DatabaseError, OSError, CeleryError, KombuError):
        return "unreachable"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    return "behind" if has_unapplied_migrations() else "ok"


def _broker() -> str:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        channel: Any = broker.channel()
        channel.queue_declare(queue=app.conf.task_default_queue)  # reads the queue's length
    return "ok"


def _sweeps(now: datetime) -> str:
    """Each sweep that beat wakes every minute came through within the last minutes."""
    for name in every_minute():
        last = cache.get(last_success_key(name))
        if last is None or now - datetime.fromisoformat(last) > LATE:
            return "late"
    return "ok"
