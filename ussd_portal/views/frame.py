"""What isn't about anybody's data."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The administration has no sign-in of its own; whoever may not enter finds nothing."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.GET.get("next", "/admin/"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token, for instance after signing in elsewhere."""
    return render(request, "403_csrf.html", status=403)
