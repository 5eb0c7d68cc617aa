"""The customer supplies the data that a request needs, all at once or bit by bit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions.checks import require_acting_person, written
from accounts.models import User
from accounts.rules.refusal import Named, Refused
from services.scheduling.actions.requests import complete_request, request_service, take_waiting
from services.scheduling.models import RequestDatum, ServiceRequest
from services.scheduling.queries.request_data import is_all_supplied, wanted_of


@transaction.atomic
def request_with_data(
    *, data: Mapping[str, str], by: User, now: datetime, **wanted: Any
) -> ServiceRequest:
    """Ask for a service and supply some of its data at once; both or neither."""
    asked = request_service(by=by, now=now, **wanted)
    if not data:
        return asked
    return supply_data(service_request=asked, data=data, by=by, now=now)


@transaction.atomic
def supply_data(
    *, service_request: ServiceRequest, data: Mapping[str, str], by: User, now: datetime
) -> ServiceRequest:
    """Keep what was supplied, by code; blanks are left out, a later text replaces an earlier.

    With the last piece the data is complete, which is late after the last day (2.8-C20).
    Refuses `data_not_wanted` for what the service doesn't need, `nothing_supplied`.
    """
    require_acting_person(by)
    current = take_waiting(service_request)
    wanted = {one.code for one in wanted_of(current.offering, current.mode)}
    texts = {
        code: text
        for code, given in data.items()
        if (text := written(given, field=code, limit=500))
    }
    if not texts:
        raise Refused("nothing_supplied", clause="2.8-C20", field="data")
    if unknown := sorted(texts.keys() - wanted):
        labels = dict(RequestDatum.Code.choices)
        named = [Named(code, labels.get(code)) for code in unknown]
        raise Refused("data_not_wanted", clause="2.8-C20", field="data", unknown=named)
    for code, text in texts.items():
        RequestDatum.objects.update_or_create(
            request=current,
            code=code,
            defaults={
                "customer": current.customer,
                "text": text,
                "supplied_at": now,
                "supplied_by": by,
            },
        )
    if current.data_completed_at is None and is_all_supplied(current):
        return complete_request(service_request=current, by=by, now=now)
    return current
