"""Who looks at what: every fetch of a page goes through here, so strangers get 404."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from incidents.models import Incident


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


def incident_of(request: HttpRequest, pk: int, *children: str) -> Incident:
    """The incident with `children`, if this person may see it."""
    incidents = Incident.objects.visible_to(viewer(request)).select_related(
        "customer",
        "location",
        "contact",
        "component",
        "cloud",
        "chart",
        "order__edition",
        "opened_by",
    )
    return get_object_or_404(incidents.prefetch_related(*children), pk=pk)
