"""Calendar subscriptions: made, given a new link, revoked, and found again by their secret."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import CalendarFeed, Customer, User
from accounts.rules.refusal import Refused

SECRET_BYTES = 32
MOST_FEEDS = 20
# When a feed was last read is told to the hour; calendar programs ask often.
NOTED_EVERY = timedelta(hours=1)


def make_feed(
    *,
    user: User,
    name: str,
    now: datetime,
    content: str = CalendarFeed.Content.EVERYTHING,
    customer: Customer | None = None,
) -> tuple[CalendarFeed, str]:
    """A new subscription and the secret of its link, which is told this once.

    Of one customer alone where that is given; a customer that the person doesn't see is
    refused by the form. At most twenty at a time.
    """
    if CalendarFeed.objects.filter(user=user, revoked_at=None).count() >= MOST_FEEDS:
        raise Refused("too_many_feeds", limit=MOST_FEEDS)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = CalendarFeed.objects.create(
        user=user,
        name=name[:80],
        content=content,
        customer=customer,
        secret_hash=hash_of(secret),
        created_at=now,
    )
    return feed, secret


def renew_feed(*, feed: CalendarFeed, now: datetime) -> str:
    """Another link for the same subscription; the one before opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    changed = CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(
        secret_hash=hash_of(secret), renewed_at=now, last_read_at=None
    )
    if not changed:
        raise Refused("feed_revoked")
    return secret


def revoke_feed(*, feed: CalendarFeed, now: datetime) -> None:
    """From now on the link opens nothing."""
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=now)


def open_feed(*, secret: str, now: datetime) -> CalendarFeed | None:
    """The subscription that a link opens; None when it was revoked or its person left."""
    feeds = CalendarFeed.objects.readable().select_related("user", "customer")
    feed = feeds.filter(secret_hash=hash_of(secret)).first()
    if feed is not None:
        stale = Q(last_read_at=None) | Q(last_read_at__lte=now - NOTED_EVERY)
        CalendarFeed.objects.filter(stale, pk=feed.pk).update(last_read_at=now)
    return feed


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
