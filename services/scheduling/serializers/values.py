"""Values of the schedule as the API takes them: instants, and rows that the person may see."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Location
from services.scheduling.models import Booking, Engineer, ServiceRequest
from workorders.models import Entitlement


class InstantField(serializers.DateTimeField):
    """An instant with its offset: without one nobody could tell when it is."""

    def to_internal_value(self, value: Any) -> Any:
        """Refused without an offset."""
        try:
            parsed = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            parsed = None
        if parsed is not None and parsed.tzinfo is None:
            raise serializers.ValidationError(_("State the offset, such as +01:00."), code="offset")
        return super().to_internal_value(value)


class OfPerson:
    """Fields offer what the person who asks may see."""

    def _user(self) -> Any:
        request = self.context.get("request")  # type: ignore[attr-defined]
        return getattr(request, "user", None) or AnonymousUser()


@extend_schema_field(OpenApiTypes.INT)
class EntitlementField(OfPerson, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """An entitlement that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' entitlements don't exist."""
        return Entitlement.objects.visible_to(self._user()).select_related(
            "offering", "location", "line", "order__customer", "order__edition"
        )


@extend_schema_field(OpenApiTypes.INT)
class LocationField(OfPerson, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A location that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' locations don't exist."""
        return Location.objects.visible_to(self._user())


@extend_schema_field(OpenApiTypes.INT)
class RequestField(OfPerson, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A service request that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' requests don't exist."""
        return ServiceRequest.objects.visible_to(self._user()).select_related("order")


@extend_schema_field(OpenApiTypes.INT)
class BookingField(OfPerson, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A booking that the person may see."""

    def get_queryset(self) -> Any:
        """Strangers' bookings don't exist."""
        return Booking.objects.visible_to(self._user())


@extend_schema_field(OpenApiTypes.INT)
class EngineerField(OfPerson, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """An engineer that the person may assign."""

    def get_queryset(self) -> Any:
        """Engineers of other teams don't exist."""
        return Engineer.objects.visible_to(self._user())
