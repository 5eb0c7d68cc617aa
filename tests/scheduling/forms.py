"""What the tests of the schedule's pages type and read."""

import re
from datetime import date

from django.urls import reverse

from accounts.rules.money import Money
from tests import factories

NOW = factories.NOW


def url(name, *args):
    return reverse(f"scheduling:{name}", args=args)


def text_of(answer) -> str:
    """The words of a page without its markup."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(plain.replace("&nbsp;", " ").replace("&#x27;", "'").split())


def typed(held, **fields) -> dict:
    values = {
        "customer": held.order.customer_id,
        "entitlement": held.pk,
        "location": held.location_id,
        "title": "Identity hardening",
        "quantity": "1",
        "starts_on": "2026-12-17",
        "starts_time": "09:00",
        "ends_on": "",
        "ends_time": "17:00",
        "mode": "remote",
        "language": "en",
        "note": "",
        "key": "k-1",
    }
    return {**values, **fields}


def squeezed(markup: str) -> str:
    """Markup without blanks and without the token that differs on each answer."""
    return "".join(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", markup).split())


def credit_lots(order):
    factories.credit_value()
    return [
        factories.holding(
            order,
            offering=factories.offering("proactive-credits", order.edition),
            unit="credit",
            quantity=quantity,
            value=Money(quantity * 100_000, "EUR"),
            usable_until=until,
        )
        for quantity, until in ((4, date(2027, 3, 31)), (6, date(2027, 6, 30)))
    ]
