"""Open dates follow the facts: reckoned again where a time zone or a calendar changed."""

from datetime import datetime

from django.db import transaction

from accounts.models import Customer
from incidents.actions.analyses import refresh_analysis_deadlines
from incidents.models import Incident
from workorders.actions.orders.recalculation import recalculate_order_dates
from workorders.models import Deadline

OF_INCIDENTS = (Deadline.Kind.RCA_REQUEST, Deadline.Kind.RCA_DELIVERY)


def recalculate_dates(*, now: datetime) -> int:
    """Every customer whose facts changed, one transaction each; the number of them."""
    stale = Customer.objects.filter(dates_stale=True).order_by("pk")
    return sum(_recalculate(pk, now) for pk in list(stale.values_list("pk", flat=True)))


@transaction.atomic
def _recalculate(pk: int, now: datetime) -> int:
    """Unless another worker does so; a change meanwhile waits and is seen next time."""
    rows = Customer.objects.filter(dates_stale=True, pk=pk)
    customer = rows.select_for_update(of=("self",), skip_locked=True).first()
    if customer is None:
        return 0
    Customer.objects.filter(pk=pk).update(dates_stale=False)
    recalculate_order_dates(customer=customer, now=now)
    waiting = Deadline.objects.open().filter(
        customer=customer, kind__in=OF_INCIDENTS, due_at__gte=now
    )
    keys = set(waiting.values_list("subject_key", flat=True))
    ids = [int(key.removeprefix("incident:")) for key in keys]
    for incident in Incident.objects.filter(pk__in=ids).order_by("pk"):
        refresh_analysis_deadlines(incident, now=now)
    return 1
