"""Calendar subscriptions on the profile: made, given a new link, revoked."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import feeds
from accounts.forms import FeedForm
from accounts.http import SignedInRequest
from accounts.models import CalendarFeed
from accounts.rules.refusal import Refused
from accounts.views.profile import profile_page


@require_POST
def feed_create(request: SignedInRequest) -> HttpResponse:
    """Make a subscription; its link is on this one page and never again."""
    form = FeedForm(request.POST, auto_id="feed_%s", person=request.user)
    if not form.is_valid():
        return profile_page(request, {"feed_form": form}, status=422)
    try:
        feed, secret = feeds.make_feed(user=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        shown = {"feed_form": form, "feed_refusal": refusal}
        return profile_page(request, shown, status=409)
    return _with_link(request, feed, secret)


@require_POST
def feed_renew(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another link for the same subscription; the old one opens nothing any more."""
    feed = _fetch(request, pk)
    return _with_link(request, feed, feeds.renew_feed(feed=feed, now=timezone.now()))


@require_POST
def feed_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """From now on the link opens nothing."""
    feeds.revoke_feed(feed=_fetch(request, pk), now=timezone.now())
    messages.success(request, _("The calendar link opens nothing any more."))
    return redirect(f"{reverse('accounts:profile')}#calendars")


def _fetch(request: SignedInRequest, pk: int) -> CalendarFeed:
    mine = CalendarFeed.objects.visible_to(request.user).filter(revoked_at=None)
    return get_object_or_404(mine, pk=pk)


def _with_link(request: SignedInRequest, feed: CalendarFeed, secret: str) -> HttpResponse:
    link = settings.BASE_URL + reverse("calendar-feed", args=[secret])
    return profile_page(request, {"feed_link": link, "new_feed": feed})
