"""The portal's addresses and, beside them, some that fail in every way."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from ussd_portal.urls import handler400, handler403, handler404, handler500
from ussd_portal.urls import urlpatterns as usual

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def fail(request: HttpRequest, how: str) -> HttpResponse:
    """Raises; `large` reads more than the portal takes."""
    if how == "large":
        return HttpResponse(str(len(request.POST)))
    raise {"fault": ZeroDivisionError, "odd": SuspiciousOperation, "role": PermissionDenied}[how]


urlpatterns = [*usual, path("fail/<str:how>/", fail), path("api/v1/fail/<str:how>/", fail)]
