"""What is offered: editions of the services description, their offerings and numbers."""

from services.catalog.models.codes import (
    BusinessHours,
    CoTermination,
    DeliveryMode,
    Exhibit,
    Language,
    LocationRule,
    RequestDeadline,
    UnitOfSale,
)
from services.catalog.models.editions import (
    CancellationTier,
    Clause,
    Edition,
    OfEdition,
    ReadingChoice,
    Term,
)
from services.catalog.models.market import Availability, CreditValue
from services.catalog.models.offerings import Condition, Limit, Offering
from services.catalog.models.pillars import Pillar, PillarActivity

__all__ = [
    "Availability",
    "BusinessHours",
    "CancellationTier",
    "Clause",
    "CoTermination",
    "Condition",
    "CreditValue",
    "DeliveryMode",
    "Edition",
    "Exhibit",
    "Language",
    "Limit",
    "LocationRule",
    "OfEdition",
    "Offering",
    "Pillar",
    "PillarActivity",
    "ReadingChoice",
    "RequestDeadline",
    "Term",
    "UnitOfSale",
]
