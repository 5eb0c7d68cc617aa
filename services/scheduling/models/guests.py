"""Staff of other locations who take part remotely in what is booked for one."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, TenantQuerySet, User, customers_of
from accounts.models.tenancy import locations_of
from services.scheduling.models.bookings import Booking
from services.scheduling.models.modes import Mode

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class GuestQuerySet(TenantQuerySet["Guest"]):
    """Guests by the booking's customer; a location's people see those they host or are."""

    customer_path = "booking__customer"

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of one's customers; a contact's by the session's or the guests' location."""
        mine = self.filter(booking__customer__in=customers_of(user))
        if user.is_authenticated and user.role == user.Role.LOCATION_CONTACT:
            places = locations_of(user)
            return mine.filter(Q(booking__location__in=places) | Q(location__in=places))
        return mine

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Guest(models.Model):
    """People of one location in a session of another, and who permitted it (2.6-M14).

    `permitted_by` is empty where no permission is needed: the work order names the location.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="guests")
    location = models.ForeignKey(
        Location, models.PROTECT, related_name="guest_visits", verbose_name=_("location")
    )
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.REMOTE)
    people = models.PositiveIntegerField(_("participants"), default=1)
    note = models.CharField(_("note"), max_length=300, blank=True)
    permitted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("permitted by"),
    )
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("remote participation")
        verbose_name_plural = _("remote participations")
        ordering = ["booking", "location__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "location"],
                condition=Q(withdrawn_at=None),
                name="guests_of_a_location_once",
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="guests_are_people"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="guests_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.location} · {self.booking}"
