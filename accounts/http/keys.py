"""The hidden key of a form that moves value: sent twice, it counts once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from accounts.http.answers import idempotent
from accounts.http.requests import SignedInRequest

# With the name of its form before it, a key is still short enough to be kept.
LONGEST = 64
HIDDEN = frozenset({"key", "csrfmiddlewaretoken"})


def key_of(request: SignedInRequest) -> str:
    """The key that the form sent; empty without one."""
    return request.POST.get("key", "")[:LONGEST]


def key_for(request: SignedInRequest) -> str:
    """The key to put into the form: the one that was sent, or a new one."""
    return key_of(request) or uuid4().hex


def once(request: SignedInRequest, name: str, act: Callable[[], Any], *, now: datetime) -> Any:
    """What `act` answers, run once for the key of the form; a key is one of its `name`.

    Raises `Refused` where the key came with other values before.
    """
    values = {field: texts for field, texts in request.POST.lists() if field not in HIDDEN}
    key = key_of(request)
    _status, answer = idempotent(
        user=request.user,
        key=key and f"{name}:{key}",
        body={"to": request.path, "data": values},
        now=now,
        act=lambda: (302, act()),
    )
    return answer
