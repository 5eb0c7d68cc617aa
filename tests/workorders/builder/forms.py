"""What the forms of the builder post, and its pages without noise."""

import re

from django.urls import reverse

HTMX = {"HX-Request": "true"}


def url_of(name, *args):
    return reverse(f"workorders:{name}", args=args)


def term_of(order, **changes):
    """What the term form posts when nothing is changed."""
    values = {
        "version": order.version,
        "number": order.number,
        "title": order.title,
        "starts_on": order.starts_on.isoformat(),
        "ends_on": order.ends_on.isoformat(),
        "currency": order.currency,
        "units_per_usd": "0.92",
        "base_price_minor": "500,000",
        "multi_country": "on",
        "note": "",
    }
    return {**values, **changes}


def line_of(order, **changes):
    """What the line form posts for four workshops at the host."""
    host = order.order_locations.get(location__role="host").location
    values = {
        "version": order.version,
        "unit": "each",
        f"quantity_{host.pk}": "4",
        "price": "38,400",
        "funding": "money",
        "flex_year": "",
    }
    return {**values, **changes}


def squeezed(markup):
    """Markup without what spaces and one-time tokens add."""
    return re.sub(
        r"\s+", " ", re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", markup)
    ).strip()
