"""What the workspace adds to the catalogue's pages."""

from collections.abc import Iterable
from typing import Any

from django import template

from incidents.models import Chart
from services.catalog.models import Offering
from ussd_portal.queries.offering_holders import held_of

register = template.Library()

SHOWN = 8  # rows before the others fold away


@register.inclusion_tag("workspace/_offering_holdings.html", takes_context=True)
def offering_holdings(
    context: dict[str, Any], offering: Offering, members: Iterable[Offering] = ()
) -> dict[str, Any]:
    """What the reader, or the reader's customers, hold of an offering or of its family.

    Nothing for those who have no customers.
    """
    user = context["user"]
    if not (user.manages_agreements or user.is_customer):
        return {"concerned": False}
    codes = [offering.code, *(one.code for one in members)]
    held = held_of(codes, viewer=user, now=context["now"])
    return {
        "concerned": True,
        "user": user,
        "offering": offering,
        "is_family": len(codes) > 1,
        "held": held,
        "parts": [part for part in (held[:SHOWN], held[SHOWN:]) if part],
        "more": len(held[SHOWN:]),
    }


@register.simple_tag
def offering_chart(offering: Offering) -> Chart | None:
    """The severity chart that the offering brings."""
    charts = Chart.objects.filter(edition=offering.edition_id)
    return next((chart for chart in charts if offering.code in chart.programmes), None)
