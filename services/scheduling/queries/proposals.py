"""A booking that somebody thinks of, with what the rules need to know of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from accounts.models import Location
from accounts.rules.calendar_days import local_date, start_of_day
from accounts.rules.explained import Explained
from accounts.rules.money import Money
from services.catalog.models import Availability
from services.catalog.queries import facts_of, terms_of
from services.catalog.rules.offering import OfferingFacts, delivery_language, request_deadline_binds
from services.catalog.rules.terms import Terms
from services.scheduling.models import Mode
from services.scheduling.rules.cancellation import last_free_day
from services.scheduling.rules.events import event_notice_last_day
from workorders.models import Entitlement
from workorders.queries.entitlements import worth
from workorders.queries.locations import zone_of
from workorders.queries.terms import last_day_of
from workorders.rules.milestones import request_cutoff

EVENT = "azure-event"
MCSAP = "azure-platform"


@dataclass(frozen=True)
class Proposal:
    """What is to be booked. Instants are aware; `quantity` is in whole units.

    `requested_at` and `data_at` are when the customer asked and when its data was
    complete (2.8-C20); what staff book themselves is asked for at the present moment. With
    `fewer_events` Microsoft settled for fewer than the default (2.4-AE8).
    """

    entitlement: Entitlement
    location: Location
    starts_at: datetime
    ends_at: datetime
    quantity: int
    mode: str = Mode.REMOTE
    language: str = "en"
    language_agreed: bool = False
    written_agreement: bool = False
    fee_recorded: bool = False
    visit_prepaid: bool = False
    attendees: int | None = None
    minimum_attendees: int | None = None
    decide_on: date | None = None
    work: str = ""
    event_solution: str = ""
    event_cloud: str = ""
    event_confirmed_on: date | None = None
    short_notice_agreed: bool = False
    restricted_staff: bool = False
    fewer_events: bool = False
    requested_at: datetime | None = None
    data_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a booking needs instants with an offset")

    @cached_property
    def facts(self) -> OfferingFacts:
        """What the catalogue says of the service."""
        return facts_of(self.entitlement.offering)

    @cached_property
    def terms(self) -> Terms:
        """The numbers of the order's edition."""
        return terms_of(self.entitlement.order.edition)

    @property
    def zone(self) -> str:
        """The zone of the delivery location, in which its dates count."""
        return self.location.time_zone

    @property
    def is_event(self) -> bool:
        """An Azure event, with its own notice and length."""
        return self.facts.subcategory == EVENT

    @property
    def is_mcsap(self) -> bool:
        """Work under MCSAP, of which the first days are for onboarding alone."""
        return self.facts.subcategory == MCSAP

    @property
    def has_cutoff(self) -> bool:
        """Whether it has to be requested some time before the order ends."""
        return request_deadline_binds(self.facts)

    @cached_property
    def last_day(self) -> date:
        """The order's last day in force."""
        return last_day_of(self.entitlement.order)

    @cached_property
    def host_zone(self) -> str:
        """The zone in which the order's dates count."""
        return zone_of(self.entitlement.order.customer)

    @cached_property
    def first_date(self) -> date:
        """The day on which it begins at the delivery location."""
        return local_date(self.starts_at, self.zone)

    @cached_property
    def last_date(self) -> date:
        """The last day that it touches there; ending at midnight belongs to the day before."""
        last = local_date(self.ends_at, self.zone)
        return last - timedelta(days=self.ends_at == start_of_day(last, self.zone))

    @property
    def days(self) -> int:
        """The calendar days that it touches."""
        return (self.last_date - self.first_date).days + 1

    @cached_property
    def fee(self) -> Money:
        """What the booked units are worth; a late cancellation is reckoned on it."""
        return Money(worth(self.entitlement, self.quantity), self.entitlement.currency)

    @cached_property
    def onsite_here(self) -> bool:
        """Whether the country has onsite delivery; unknown is left to the written agreement."""
        row = Availability.objects.filter(
            offering_code=self.facts.code, country=self.location.country
        ).first()
        return row is None or row.onsite

    @cached_property
    def language_used(self) -> Explained[str]:
        """The language in which it will be given (2.7-T4)."""
        return delivery_language(
            self.facts,
            requested=self.language,
            local_available=self.location.local_language_available,
            provider_language=self.location.provider_language,
            agreed_language=self.language if self.language_agreed else None,
        )

    @cached_property
    def free_until(self) -> Explained[date] | None:
        """The last day on which cancelling it will cost nothing."""
        return last_free_day(self.terms.cancellation, starts_on=self.first_date, zone=self.zone)

    @cached_property
    def cutoff(self) -> Explained[date]:
        """The last day on which a service of this order can be requested."""
        return request_cutoff(self.terms.request, order_end=self.last_day, zone=self.host_zone)

    @cached_property
    def confirmation_due(self) -> Explained[date]:
        """The last day on which an event can be confirmed in writing."""
        return event_notice_last_day(
            self.terms.event, activity_start=self.first_date, zone=self.zone
        )
