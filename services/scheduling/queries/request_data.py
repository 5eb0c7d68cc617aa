"""The data of requests: wanted, supplied, missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.catalog.models import Offering
from services.catalog.queries import facts_of
from services.scheduling.models import RequestDatum, ServiceRequest
from services.scheduling.rules.request_data import Wanted, data_missing, data_wanted


@dataclass(frozen=True, slots=True)
class DatumRow:
    """A piece of data that a request needs, and what was supplied."""

    wanted: Wanted
    datum: RequestDatum | None

    @property
    def label(self) -> str:
        """What it is, in the reader's language."""
        return str(RequestDatum.Code(self.wanted.code).label)


@dataclass(frozen=True, slots=True)
class RequestData:
    """All that a request needs. What was declared complete misses nothing."""

    rows: tuple[DatumRow, ...]
    is_complete: bool

    @property
    def supplied(self) -> int:
        """The pieces that are there in writing."""
        return sum(row.datum is not None for row in self.rows)

    @property
    def missing(self) -> tuple[DatumRow, ...]:
        """What is still to come."""
        if self.is_complete:
            return ()
        return tuple(row for row in self.rows if row.datum is None)


def wanted_of(offering: Offering, mode: str) -> tuple[Wanted, ...]:
    """What a service needs in a mode of delivery."""
    return data_wanted(facts_of(offering), mode=mode)


def data_of(requests: Iterable[ServiceRequest]) -> dict[int, RequestData]:
    """The data of these requests by their ids; one query."""
    asked = list(requests)
    found: dict[int, dict[str, RequestDatum]] = {one.pk: {} for one in asked}
    rows = RequestDatum.objects.filter(request__in=[one.pk for one in asked])
    for datum in rows.select_related("supplied_by"):
        found[datum.request_id][datum.code] = datum
    return {
        one.pk: RequestData(
            tuple(
                DatumRow(wanted, found[one.pk].get(wanted.code))
                for wanted in wanted_of(one.offering, one.mode)
            ),
            one.data_completed_at is not None,
        )
        for one in asked
    }


def is_all_supplied(request: ServiceRequest) -> bool:
    """Whether every piece that the request needs is there in writing."""
    supplied = RequestDatum.objects.filter(request=request).values_list("code", flat=True)
    return not data_missing(wanted_of(request.offering, request.mode), set(supplied))
