"""Who works with the portal, where the customer sits, and what people are told."""

from accounts.models.calendars import CalendarFeed
from accounts.models.customers import (
    Assignment,
    Contact,
    Customer,
    Location,
    LocationHoliday,
    Team,
)
from accounts.models.messages import Message
from accounts.models.operations import SweepRun
from accounts.models.people import ApiToken, IdempotencyKey, Invitation, Membership, User
from accounts.models.tenancy import TenantQuerySet, customers_of, locations_of, today

__all__ = [
    "ApiToken",
    "Assignment",
    "CalendarFeed",
    "Contact",
    "Customer",
    "IdempotencyKey",
    "Invitation",
    "Location",
    "LocationHoliday",
    "Membership",
    "Message",
    "SweepRun",
    "Team",
    "TenantQuerySet",
    "User",
    "customers_of",
    "locations_of",
    "today",
]
