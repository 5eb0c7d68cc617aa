"""A person's calendar under a secret address: the address is the key."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actions.feeds import open_feed
from accounts.models import CalendarFeed
from accounts.wording.calendars import calendar_text
from ussd_portal.queries.calendar import feed_events


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed in its person's language; 404 when it was revoked or the person left.

    `?kind=expiry` (as often as wanted) narrows it to deadlines of these kinds.
    """
    now = timezone.now()
    feed = open_feed(secret=secret, now=now)
    if feed is None:
        raise Http404
    return _answer(request, _written(feed, request.GET.getlist("kind"), now))


def _written(feed: CalendarFeed, kinds: list[str], now: datetime) -> str:
    person = feed.user
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        name = f"{_('Support Portal')} · {feed.name}"
        return calendar_text(feed_events(feed, now=now, kinds=kinds), name=name)


def _answer(request: HttpRequest, text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    answer["Cache-Control"] = "private, max-age=300"
    answer["Content-Disposition"] = 'inline; filename="support-portal.ics"'
    answer["X-Robots-Tag"] = "noindex"
    unchanged = get_conditional_response(request, etag=answer["ETag"], response=answer)
    return unchanged or answer
