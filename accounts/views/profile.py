"""A person's own settings and the keys to the API."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import keys, people
from accounts.forms import FeedForm, ProfileForm, TokenForm
from accounts.http import SignedInRequest
from accounts.models import ApiToken, CalendarFeed, User


def profile(request: SignedInRequest) -> HttpResponse:
    """Name, language, zone, theme and mail; beside them security and API tokens."""
    # A row of its own: what doesn't validate must not reach the frame of the page.
    person = User.objects.get(email=request.user.email)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        people.change_profile(user=person)
        translation.activate(person.language)
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    return _page(request, form, _token_form())


@require_POST
def token_create(request: SignedInRequest) -> HttpResponse:
    """Make a token; its secret is on this one page and never again."""
    form = _token_form(request.POST)
    secret = ""
    if form.is_valid():
        _token, secret = keys.make_token(
            user=request.user, name=form.cleaned_data["name"], now=timezone.now()
        )
        form = _token_form()
    return _page(request, ProfileForm(instance=request.user), form, secret=secret)


@require_POST
def token_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """From now on the token opens nothing."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    keys.revoke_token(token=token, now=timezone.now())
    messages.success(request, _("The token opens nothing any more."))
    return redirect("accounts:profile")


def _token_form(data: QueryDict | None = None) -> TokenForm:
    """Its field is called as one of the other form on the page; the two keep ids of their own."""
    return TokenForm(data, auto_id="token_%s")


def _page(
    request: SignedInRequest, form: ProfileForm, token_form: TokenForm, *, secret: str = ""
) -> HttpResponse:
    wrong = bool(form.errors or token_form.errors)
    context = {"form": form, "token_form": token_form, "secret": secret}
    return profile_page(request, context, status=422 if wrong else 200)


def profile_page(
    request: SignedInRequest, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """The page with all its forms; `context` replaces those that somebody has filled in."""
    person = request.user
    return render(
        request,
        "accounts/profile.html",
        {
            "form": ProfileForm(instance=person),
            "token_form": _token_form(),
            "tokens": ApiToken.objects.visible_to(person).filter(revoked_at=None),
            "secret": "",
            "feed_form": FeedForm(auto_id="feed_%s", person=person),
            "feeds": CalendarFeed.objects.visible_to(person)
            .filter(revoked_at=None)
            .select_related("customer"),
            **context,
        },
        status=status,
    )
