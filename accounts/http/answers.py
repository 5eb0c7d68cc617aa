"""How an edge answers: fragment or page, refusal or success, once for each key."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import JSONField, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import IdempotencyKey, User
from accounts.rules.explained import plain
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words

# Refusals about the state of things are conflicts; all others are about the input.
CONFLICTS = frozenset(
    {
        "stale_edit",
        "insufficient_credits",
        "insufficient_hours",
        "insufficient_units",
        "insufficient_value",
        "already_cancelled",
        "already_delivered",
        "already_executed",
        "already_used",
        "already_answered",
        "already_decided",
        "already_asked",
        "already_recorded",
        "already_requested",
        "already_reversed",
        "already_renewed",
        "guests_known",
        "guests_withdrawn",
        "in_review",
        "incident_closed",
        "not_in_review",
        "slot_taken",
        "request_in_progress",
        "workshop_decided",
    }
)


def respond(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    or_go_to: str,
    said: str = "",
    args: tuple[Any, ...] = (),
) -> HttpResponse:
    """The fragment for HTMX; otherwise a message and a redirect.

    A refusal in `context["refusal"]` is shown in the fragment with status 409 or 422, or
    as the message.
    """
    refusal = context.get("refusal")
    if getattr(request, "htmx", False):
        return render(
            request, template, context, status=refusal_status(refusal) if refusal else 200
        )
    if refusal:
        messages.error(request, refusal_words(refusal).sentence)
    elif said:
        messages.success(request, said)
    return redirect(or_go_to, *args)


def refusal_status(refusal: Refused) -> int:
    """409 where the state of things is in the way, 422 where the input is."""
    return 409 if refusal.code in CONFLICTS else 422


MAX_KEY = 100


def idempotent(
    *,
    user: User,
    key: str,
    body: Any,
    now: datetime,
    act: Callable[[], tuple[int, Any]],
) -> tuple[int, Any]:
    """Run `act` once for `key`; give the kept answer to every repetition.

    Key, hash of the body and answer are stored in the transaction of the effect. The
    same key with another body is refused. Two at once: the unique key lets one through,
    the other gets the stored answer. Without a key `act` simply runs.
    """
    if not key:
        return act()
    if len(key) > MAX_KEY or not key.isprintable():
        raise Refused("idempotency_key_malformed", field="Idempotency-Key", limit=MAX_KEY)
    digest = hashlib.sha256(
        json.dumps(plain(body), sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
    kept = _kept_answer(user, key, digest)
    if kept is not None:
        return kept
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                user=user, key=key, request_hash=digest, status=0, answer={}, created_at=now
            )
            status, answer = act()
            kept_answer = json.loads(json.dumps(answer, default=str))
            IdempotencyKey.objects.filter(pk=row.pk).update(
                status=status, answer=Value(kept_answer, JSONField())
            )
            return status, kept_answer
    except IntegrityError:
        kept = _kept_answer(user, key, digest)
        if kept is None:
            raise
        return kept


def _kept_answer(user: User, key: str, digest: str) -> tuple[int, Any] | None:
    row = IdempotencyKey.objects.filter(user=user, key=key).first()
    if row is None:
        return None
    if row.request_hash != digest:
        raise Refused("idempotency_key_reused", field="Idempotency-Key")
    return row.status, row.answer
