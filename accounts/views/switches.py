"""Language and theme, on every page; before sign-in they are kept in a cookie."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.actions import people
from accounts.models import User

YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def language_switch(request: HttpRequest) -> HttpResponse:
    """Change the language: in the profile, or in a cookie before sign-in."""
    language = request.POST.get("language", "")
    response = _back(request)
    if language not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        people.change_language(user=request.user, language=language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.HTTPS,
    )
    return response


@login_not_required
@require_POST
def theme_switch(request: HttpRequest) -> HttpResponse:
    """Change the theme: in the profile, or in a cookie before sign-in."""
    theme = request.POST.get("theme", "")
    response = _back(request)
    if theme not in User.Theme.values:
        return response
    if request.user.is_authenticated:
        people.change_theme(user=request.user, theme=theme)
    response.set_cookie(
        "portal_theme",
        theme,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.HTTPS,
    )
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """To where the person came from, if that is a page of ours."""
    target = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    # An address, never the name of a page: `redirect` would look it up.
    return HttpResponseRedirect(target if ours else "/")
