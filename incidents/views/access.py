"""What is looked at: every fetch of a page goes through here, so strangers get 404."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.http.access import viewer
from incidents.models import Incident


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
