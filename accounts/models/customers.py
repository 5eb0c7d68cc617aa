"""Customers, their support locations, contacts, and the CSAMs assigned to them."""

from datetime import time

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models.tenancy import TenantQuerySet, today

USER_MODEL = "accounts.User"
SATURDAY_SUNDAY = "sat,sun"


class Team(models.Model):
    """CSAMs with one lead view over their customers."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(TenantQuerySet["Customer"]):
    """Customers; visible through assignment, cover, team or membership."""

    customer_path = "pk"


class Customer(models.Model):
    """An organisation with a unified agreement."""

    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=40)
    team = models.ForeignKey(Team, models.PROTECT, related_name="customers", verbose_name=_("team"))
    currency = models.CharField(
        _("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    dates_stale = models.BooleanField(
        default=False,
        help_text=_("A time zone or a calendar changed: what is open is reckoned again."),
    )
    objects = CustomerQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["dates_stale"])

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["name"], name="customer_name_once")]

    def __str__(self) -> str:
        return self.name


class LocationQuerySet(TenantQuerySet["Location"]):
    """Support locations."""

    location_path = "pk"


class Location(models.Model):
    """A support location: the host through which the customer enrolled, or a downstream.

    Business hours are local wall-clock time, opening included, closing excluded
    (A-BS21). A tax-exception location has its proactive services in its own work
    order and takes no part in credit transfers (2.6-M9, 2.6-M17).
    """

    class Role(models.TextChoices):
        """Exactly one host for each customer (2.6-M2)."""

        HOST = "host", _("host")
        DOWNSTREAM = "downstream", _("downstream")

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="locations", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.DOWNSTREAM)
    country = models.CharField(
        _("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$")]
    )
    subdivision = models.CharField(
        _("state or province"), max_length=10, blank=True, help_text=_("For its holidays.")
    )
    time_zone = models.CharField(_("time zone"), max_length=64)
    currency = models.CharField(
        _("currency"), max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    tax_exception = models.BooleanField(_("tax exception"), default=False)
    opens = models.TimeField(_("opens"), default=time(9, 0))
    closes = models.TimeField(_("closes"), default=time(17, 30))
    weekend = models.CharField(_("weekend"), max_length=27, default=SATURDAY_SUNDAY, blank=True)
    national_holidays = models.BooleanField(_("national holidays"), default=True)
    provider_language = models.CharField(
        _("language of the providing Microsoft location"), max_length=10, default="en"
    )
    local_language_available = models.BooleanField(_("local language available"), default=False)
    objects = LocationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("support location")
        verbose_name_plural = _("support locations")
        ordering = ["customer", "-role", "name"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "name"], name="location_name_once"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(role="host"), name="location_one_host"
            ),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")), name="location_opens_before_it_closes"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LocationHolidayQuerySet(TenantQuerySet["LocationHoliday"]):
    """Own holidays, seen with their location."""

    customer_path = "location__customer"
    location_path = "location"


class LocationHoliday(models.Model):
    """A local day off added by hand, or a national holiday on which people work."""

    location = models.ForeignKey(Location, models.CASCADE, related_name="own_holidays")
    on = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=80)
    is_working_day = models.BooleanField(_("people work on this day"), default=False)
    objects = LocationHolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("own holiday")
        verbose_name_plural = _("own holidays")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["location", "on"], name="holiday_once_a_day"),
        ]


class ContactQuerySet(TenantQuerySet["Contact"]):
    """Contacts, by location for location contacts."""

    location_path = "location"


class Contact(models.Model):
    """A person the customer names for a duty, whether or not they use the portal."""

    class Role(models.TextChoices):
        """The duties of section 2.8 and of the exhibits."""

        ADMINISTRATOR = "administrator", _("support services administrator")
        REACTIVE = "reactive", _("reactive support contact")
        CLOUD = "cloud_administrator", _("cloud administrator")
        OUTAGE = "outage", _("outage contact")
        EXECUTIVE = "executive", _("executive")
        BILLING = "billing", _("billing contact")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    location = models.ForeignKey(
        Location, models.CASCADE, related_name="contacts", verbose_name=_("support location")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    user = models.ForeignKey(
        USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="contact_roles"
    )
    objects = ContactQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["customer", "role", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "role", "email"], name="contact_once_for_a_duty"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AssignmentQuerySet(TenantQuerySet["Assignment"]):
    """Assignments; `active()` on the database's own date."""

    def active(self) -> "AssignmentQuerySet":
        """Those that count today, both ends included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today()), starts_on__lte=today())


class Assignment(models.Model):
    """A CSAM's responsibility for a customer; a cover names whom it stands in for."""

    user = models.ForeignKey(USER_MODEL, models.CASCADE, related_name="assignments")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="assignments")
    covers_for = models.ForeignKey(
        USER_MODEL, models.CASCADE, null=True, blank=True, related_name="covered_by"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    objects = AssignmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["customer", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(covers_for=None) | Q(ends_on__isnull=False),
                name="assignment_cover_has_an_end",
            ),
        ]
