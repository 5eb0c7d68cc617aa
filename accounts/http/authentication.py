"""Bearer tokens of the API."""

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`; tokens are kept as SHA-256 hashes and can be revoked."""

    keyword = "Bearer"
    touch_after = timedelta(minutes=5)

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's person, or nothing when no bearer token is given."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed(_("The header must be: Bearer TOKEN."))
        digest = hashlib.sha256(parts[1]).hexdigest()
        token = (
            ApiToken.objects.select_related("user")
            .filter(secret_hash=digest, revoked_at=None, user__is_active=True)
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown or was revoked."))
        self._touch(token, timezone.now())
        translation.activate(token.user.language)
        timezone.activate(ZoneInfo(token.user.time_zone))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes an unauthenticated answer a 401."""
        return self.keyword

    def _touch(self, token: ApiToken, now: datetime) -> None:
        if token.last_used_at is None or now - token.last_used_at > self.touch_after:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
