"""The vocabulary of an edition: codes with their words, and checks of lists of codes."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from accounts.wording.labels import LABELS
from services.catalog.rules.readings import READING_SPECS

# The readings between which an edition chooses, as people read them.
READING_OPTIONS = [(option, LABELS[option]) for spec in READING_SPECS for option in spec.options]

CLAUSE_ID = re.compile(r"(?:[0-9](?:\.[0-9])?|[A-Z])-[A-Z]*[0-9]+")


class DeliveryMode(models.TextChoices):
    """How a service reaches the customer."""

    REMOTE = "remote", _("remote")
    ONSITE = "onsite", _("onsite")
    ONLINE = "online", _("online")


class Language(models.TextChoices):
    """In what language a service is given (2.7-T3, 2.7-T4)."""

    ENGLISH = "en", _("English")
    CHINESE = "zh", _("Chinese")
    JAPANESE = "ja", _("Japanese")
    LOCAL = "local_if_available", _("the customer's language where available")
    PROVIDER = "provider_location", _("the language of the providing location")


class UnitOfSale(models.TextChoices):
    """What one of it is, where the description says so."""

    DAY = "day", _("day")
    HOUR = "hour", _("hour")
    ATTENDEE = "attendee_or_dedicated", _("attendee, or a session of one's own")
    ENGAGEMENT = "scoped_engagement", _("engagement with an agreed scope")
    PREDEFINED = "predefined", _("ready-made package")
    PREDEFINED_OR_HOUR = "predefined_or_hour", _("ready-made package or hour")
    CREDIT = "credit", _("credit")
    AZURE_SPEND = "tiered_fee_on_azure_spend", _("tiered fee on Azure spend")
    EXHIBIT = "per_exhibit", _("as the exhibit says")
    EVENT = "event", _("event")
    TENANT = "tenant", _("tenant")
    SUBSCRIPTION = "subscription", _("subscription")
    SUBSCRIPTION_WITH_HOURS = "subscription_with_fixed_hours", _("subscription with fixed hours")


class BusinessHours(models.TextChoices):
    """When a service is given."""

    STANDARD = "standard", _("business hours")
    AGREED_ZONE = "standard_agreed_zone", _("business hours of an agreed time zone")
    BY_SEVERITY = "by_severity", _("24 × 7 at severity 1 and A, business hours at B and C")
    ALWAYS = "24x7", _("24 × 7")


class LocationRule(models.TextChoices):
    """Which support locations a service serves."""

    AS_ORDERED = "as_ordered", _("locations on the work order")
    ALL = "all_locations", _("host and every other location, remotely")
    ONE = "single_designated", _("exactly one designated location")
    LISTED = "designated_list", _("the locations it was bought for")
    HOST = "host_purchase_only", _("bought for the host, serves all locations")
    TENANTS = "listed_tenants", _("tenants on the work order")
    SUBSCRIPTIONS = "listed_subscriptions", _("subscriptions on the work order")
    SOLUTION = "listed_solution", _("one agreed Azure solution")


class CoTermination(models.TextChoices):
    """What the end of the base agreement does to a service (0-C16)."""

    SAME_DAY = "same_day", _("ends the same day as the agreement")
    WITH_BASE = "with_base", _("usable only under a base package in force")
    SUSPENDED = "suspended", _("suspended on days without base support")


class RequestDeadline(models.TextChoices):
    """Until when a service has to be asked for; without one: no cut-off."""

    BEFORE_EXPIRY = "rule_60", _("days before the work order expires")
    WEEKS_AHEAD = "rule_6w", _("weeks before it starts")


class Exhibit(models.TextChoices):
    """Whether an exhibit to the work order describes the service."""

    REQUIRED = "required", _("required")
    OPTIONAL = "optional", _("possible")


@deconstructible
class EachIn:
    """Accepts a list whose every item is one of `codes`, each once."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = list(codes)

    def __call__(self, value: object) -> None:
        """Refuse anything but a list of known codes."""
        if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
            raise ValidationError(_("A list of codes is needed."), code="no_list")
        unknown = [item for item in value if item not in self.codes]
        if unknown or len(set(value)) < len(value):
            raise ValidationError(
                _("Unknown or repeated code: %(codes)s"),
                code="unknown_code",
                params={"codes": ", ".join(unknown or value)},
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EachIn) and self.codes == other.codes

    __hash__ = None  # type: ignore[assignment]


def clause_ids(value: object) -> None:
    """Refuse anything but a list of ids shaped like those of the register."""
    if not isinstance(value, list):
        raise ValidationError(_("A list of clause ids is needed."), code="no_list")
    wrong = [item for item in value if not (isinstance(item, str) and CLAUSE_ID.fullmatch(item))]
    if wrong:
        raise ValidationError(
            _("Not a clause id: %(ids)s"),
            code="unknown_clause",
            params={"ids": ", ".join(map(str, wrong))},
        )
