"""Delivery engineers, the bookings they are assigned to, and the time that these take."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TenantQuerySet, User, customers_of
from services.scheduling.models.bookings import Booking

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class EngineerQuerySet(models.QuerySet["Engineer"]):
    """Engineers by team: they serve all customers of it."""

    def visible_to(self, user: "User | AnonymousUser") -> "EngineerQuerySet":
        """Those of the teams whose customers `user` manages; nobody else chooses engineers."""
        if not user.is_authenticated or not user.manages_agreements:
            return self.none()
        return self.filter(team__customers__in=customers_of(user)).distinct()

    def active(self) -> "EngineerQuerySet":
        """Those who can be assigned."""
        return self.filter(is_active=True)


class Engineer(models.Model):
    """Somebody who delivers services for the customers of a team."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="engineers", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), unique=True)
    focus = models.CharField(
        _("focus"), max_length=160, blank=True, help_text=_("Products and subjects.")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    is_active = models.BooleanField(_("can be assigned"), default=True)
    objects = EngineerQuerySet.as_manager()

    class Meta:
        verbose_name = _("engineer")
        verbose_name_plural = _("engineers")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class EngineerAssignmentQuerySet(TenantQuerySet["EngineerAssignment"]):
    """Assignments by the booking's customer and location."""

    customer_path = "booking__customer"
    location_path = "booking__location"


class EngineerAssignment(models.Model):
    """An engineer who delivers a booking. It outlives a cancellation; its slots don't."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="engineer_assignments")
    engineer = models.ForeignKey(Engineer, models.PROTECT, related_name="assignments")
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    objects = EngineerAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment of an engineer")
        verbose_name_plural = _("assignments of engineers")
        ordering = ["engineer__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "engineer"], name="engineer_once_in_a_booking"
            )
        ]

    def __str__(self) -> str:
        return f"{self.engineer} · {self.booking}"


class EngineerSlotQuerySet(TenantQuerySet["EngineerSlot"]):
    """Slots by the booking's customer and location."""

    customer_path = "assignment__booking__customer"
    location_path = "assignment__booking__location"


class EngineerSlot(models.Model):
    """A quarter of an hour of an engineer. Nobody is in two places: one row for each quarter."""

    assignment = models.ForeignKey(EngineerAssignment, models.CASCADE, related_name="slots")
    engineer = models.ForeignKey(Engineer, models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField(_("starts"))
    objects = EngineerSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot of an engineer")
        verbose_name_plural = _("slots of engineers")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["engineer", "starts_at"], name="engineer_slot_once")
        ]

    def __str__(self) -> str:
        return f"{self.engineer} · {self.starts_at:%Y-%m-%d %H:%M}"
