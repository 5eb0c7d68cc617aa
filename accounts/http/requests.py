"""The request as a view sees it behind the sign-in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedInRequest(HttpRequest):
    """For annotations: the middlewares have set a person and what HTMX tells."""

    user: User
    htmx: HtmxDetails
