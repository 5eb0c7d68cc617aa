"""Acts by their day, and the cost of a read."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from workorders.actions.orders import Scope

SIGNED = factories.SIGNED
ENROLLED = [Scope("subscription", "6f0c-production")]


def act(entitlement, quantity, on):
    return {
        "entitlement": entitlement,
        "quantity": quantity,
        "on": on,
        "subject_key": "booking:1",
        "by": None,
        "now": SIGNED,
    }


def queries_of(read):
    with CaptureQueriesContext(connection) as seen:
        read()
    return len(seen)
