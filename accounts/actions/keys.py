"""API tokens and the answers kept under idempotency keys."""

import hashlib
import secrets
from datetime import datetime

from accounts.models import ApiToken, IdempotencyKey, User

TOKEN_BYTES = 32
HINT = 8


def make_token(*, user: User, name: str, now: datetime) -> tuple[ApiToken, str]:
    """A new token and its secret, which is told this once and kept as a hash."""
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(
        user=user,
        name=name[:80],
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        hint=secret[:HINT],
        created_at=now,
    )
    return token, secret


def revoke_token(*, token: ApiToken, now: datetime) -> None:
    """From now on the token opens nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def forget_answers(*, before: datetime) -> int:
    """Remove the answers kept since before `before`; the number removed."""
    removed, _by_model = IdempotencyKey.objects.filter(created_at__lt=before).delete()
    return removed
