"""Who looks: the person of a request, and for whom a page exists."""

from django.http import Http404, HttpRequest

from accounts.models import User


def viewer(request: HttpRequest) -> User:
    """The person signed in; `LoginRequiredMiddleware` lets nobody else through."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def manager(request: HttpRequest) -> User:
    """A person who manages agreements; for everybody else the page doesn't exist."""
    person = viewer(request)
    if not person.manages_agreements:
        raise Http404
    return person


def acting(request: HttpRequest) -> User:
    """A person who may act for a customer; for viewers the page doesn't exist."""
    person = viewer(request)
    if not person.may_act_for_customer:
        raise Http404
    return person
