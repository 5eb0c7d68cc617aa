"""Host, downstreams and everybody else: who may have, use, share and join what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from accounts.rules.refusal import Refused
from services.catalog.rules.offering import Mode, OfferingFacts

LocationRole: TypeAlias = Literal["host", "downstream", "none"]


@dataclass(frozen=True, slots=True)
class SupportLocation:
    """A location as the work order sees it; role "none": the order doesn't know it."""

    code: str
    role: LocationRole = "none"
    listed: bool = False
    tax_exception: bool = False
    own_work_order: bool = False
    has_administrator: bool = True

    @property
    def is_host(self) -> bool:
        """Through its work order the base package was bought (2.6-M2)."""
        return self.role == "host"

    @property
    def is_designated(self) -> bool:
        """The host, or a downstream that the work order lists (2.6-M3)."""
        return self.is_host or (self.role == "downstream" and self.listed)


def check_locations(locations: Collection[SupportLocation]) -> None:
    """Refuse a set of locations without exactly one host, or a host without administrator.

    Refuses `one_host` and `host_administrator_required`.

    Clause: 2.6-M2, 2.8-C2, 2.8-C4
    """
    hosts = [location for location in locations if location.is_host]
    if len(hosts) != 1:
        raise Refused("one_host", clause="2.6-M2", field="locations", hosts=len(hosts))
    if not hosts[0].has_administrator:
        raise Refused(
            "host_administrator_required",
            clause="2.8-C4, 2.8-C2",
            field="administrator",
            location=hosts[0].code,
        )


def check_assignment(
    offering: OfferingFacts,
    locations: Sequence[SupportLocation],
    *,
    under_own_order: bool = False,
) -> None:
    """Refuse to give `offering` to these locations.

    One location where the text names a single one; the host and listed ones only; the
    host alone for what is bought for it; and additional proactive services of a
    tax-exception location only under its own work order.

    Refuses `single_location`, `location_not_listed`, `host_only` and
    `own_work_order_required`.

    Clause: 2.6-M3, 2.6-M6, 2.6-M8, 2.6-M9, 2.6-M13, 2.5-ED12, 2.5-RD13, 2.5-UE22, 2.3-OT7
    """
    if not locations:
        raise ValueError(f"{offering.code} is assigned to no location")
    if offering.location_constraint == "single_designated" and len(locations) > 1:
        raise Refused(
            "single_location",
            clause=_single_clause(offering),
            field="locations",
            allowed=1,
            locations=tuple(location.code for location in locations),
        )
    for location in locations:
        check_location(offering, location, under_own_order=under_own_order)


def _single_clause(offering: OfferingFacts) -> str:
    return "2.3-OT7" if "2.3-OT7" in offering.clauses else "2.5-ED12"


def check_location(
    offering: OfferingFacts, location: SupportLocation, *, under_own_order: bool = False
) -> None:
    """Refuse to buy `offering` for this location, or to assign it there.

    Buying UER for a downstream is unnecessary: the host's purchase covers it; staff may
    override that.

    Refuses `location_not_listed`, `host_only` (overridable) and
    `own_work_order_required`.

    Clause: 2.5-UE22, 2.6-M3, 2.6-M8, 2.6-M9, 2.6-M12, 2.6-M13, 0-C17
    """
    if not location.is_designated:
        raise Refused(
            "location_not_listed",
            clause="2.6-M8" if offering.is_proactive else "2.6-M13",
            field="location",
            location=location.code,
        )
    if offering.location_constraint == "host_purchase_only" and not location.is_host:
        raise Refused(
            "host_only",
            clause="2.5-UE22",
            field="location",
            overridable=True,
            location=location.code,
        )
    if _needs_own_order(offering, location) and not (under_own_order and location.own_work_order):
        raise Refused(
            "own_work_order_required", clause="2.6-M9", field="location", location=location.code
        )


def _needs_own_order(offering: OfferingFacts, location: SupportLocation) -> bool:
    return location.tax_exception and offering.is_proactive and offering.is_additional


def coverage(
    offering: OfferingFacts,
    *,
    bought_at: Collection[SupportLocation],
    incident_location: SupportLocation,
) -> Literal["remote"] | None:
    """How an incident at a location has the benefit of `offering`: remotely, or not at all.

    Reactive base services and UER reach the host and every other designated location;
    anything else the locations for which it was bought.

    Clause: 2.6-M6, 2.6-M7, 2.6-M13, 2.5-UE23, 2.7-T1
    """
    everywhere = offering.location_constraint in {"all_locations", "host_purchase_only"}
    bought = {location.code for location in bought_at}
    reached = everywhere or incident_location.code in bought
    return "remote" if reached and incident_location.is_designated else None


def check_uer_allocation(
    location: SupportLocation, *, by_administrator: bool, minutes: int = 0, left: int | None = None
) -> None:
    """Refuse to distribute the hours that UER includes.

    The host's administrator does it; the host's account manager manages them. `left`
    are the minutes still to be distributed, None where nobody counts.

    Refuses `host_only`, `host_administrator_required` and `insufficient_hours`.

    Clause: 2.5-UE24
    """
    if not location.is_host:
        raise Refused("host_only", clause="2.5-UE24", field="location", location=location.code)
    if not by_administrator:
        raise Refused("host_administrator_required", clause="2.5-UE24", field="by")
    if left is not None and minutes > left:
        raise Refused(
            "insufficient_hours",
            clause="2.5-UE24",
            field="hours",
            asked=minutes,
            left=left,
            unit="minute",
        )


def check_hours_target(source: SupportLocation, target: SupportLocation | None) -> None:
    """Refuse to give hours to a location that isn't another designated one.

    Refuses `same_location` for the source itself, and `location_not_listed`.

    Clause: 2.5-UE24, 2.6-M5
    """
    if target is not None and target.code == source.code:
        raise Refused("same_location", clause="2.5-UE24", field="target")
    if target is None or not target.is_designated:
        raise Refused("location_not_listed", clause="2.6-M5", field="target")


def check_guest(
    location: SupportLocation, *, mode: Mode, permitted: bool, proactive: bool = True
) -> None:
    """Refuse staff of `location` who want to join a session bought for another one.

    Staff of designated locations need no permission here; others join remotely, in
    proactive services, if Microsoft lets them.

    Refuses `not_proactive`, `remote_only` and `permission_required`.

    Clause: 2.6-M14
    """
    if location.is_designated:
        return
    if not proactive:
        raise Refused("not_proactive", clause="2.6-M14", location=location.code)
    if mode == "onsite":
        raise Refused("remote_only", clause="2.6-M14", field="mode")
    if not permitted:
        raise Refused(
            "permission_required", clause="2.6-M14", field="permitted", location=location.code
        )


def check_rca_location(location: SupportLocation) -> None:
    """Refuse a root cause analysis asked for by staff of a location that isn't designated.

    Refuses `location_not_listed`.

    Clause: 2.6-M11
    """
    if not location.is_designated:
        raise Refused(
            "location_not_listed", clause="2.6-M11", field="location", location=location.code
        )


def check_planning(*, multi_country: bool, allocated_on: date | None, planning_on: date) -> None:
    """Refuse to plan EDE's delivery before it has its location.

    With one country there is nothing to allocate. The same day is in time: the
    allocation is on record when planning starts.

    Refuses `ede_location_required`.

    Clause: 2.5-ED8
    """
    if multi_country and (allocated_on is None or allocated_on > planning_on):
        raise Refused(
            "ede_location_required", clause="2.5-ED8", field="location", allocated_on=allocated_on
        )
