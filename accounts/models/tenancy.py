"""Tenancy in the fetch: every model of a customer starts from `visible_to(user)`."""

from datetime import UTC
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, TruncDate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models.people import User

M = TypeVar("M", bound=models.Model)


def today() -> TruncDate:
    """The database's own date in UTC."""
    return TruncDate(Now(), tzinfo=UTC)


def customers_of(user: "User | AnonymousUser") -> "models.QuerySet[Any]":
    """The ids of the customers that `user` may see.

    A CSAM sees those assigned to them, covers included, while the assignment lasts; a
    lead the team's; a customer's person their own; administrators and strangers none.
    """
    customer = apps.get_model("accounts", "Customer")
    ids = customer.objects.order_by().values("pk")
    if not user.is_authenticated or not user.is_active:
        return ids.none()
    if user.role == user.Role.CSAM:
        return ids.filter(
            Q(assignments__ends_on=None) | Q(assignments__ends_on__gte=today()),
            assignments__user=user,
            assignments__starts_on__lte=today(),
        )
    if user.role == user.Role.CSAM_LEAD:
        return ids.filter(team=user.team_id) if user.team_id else ids.none()
    if user.is_customer:
        return ids.filter(memberships__user=user)
    return ids.none()


def locations_of(user: "User") -> "models.QuerySet[Any]":
    """The ids of the locations that a location contact acts for."""
    location = apps.get_model("accounts", "Location")
    return location.objects.order_by().filter(memberships__user=user).values("pk")


class TenantQuerySet(models.QuerySet[M]):
    """Rows that belong to a customer and, where `location_path` is set, to a location."""

    customer_path = "customer"
    location_path = ""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The rows that `user` may see; nothing for strangers and administrators."""
        mine = self.filter(**{f"{self.customer_path}__in": customers_of(user)})
        if user.is_authenticated and user.role == user.Role.LOCATION_CONTACT and self.location_path:
            return mine.filter(**{f"{self.location_path}__in": locations_of(user)})
        return mine
