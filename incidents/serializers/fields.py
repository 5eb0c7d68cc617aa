"""Rows that the API takes by their ids: only those that the person may see."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Customer, Location
from incidents.models import Incident, Problem
from services.scheduling.models import SuccessActivity


class _Person:
    """The person whose rows are offered."""

    context: dict[str, Any]

    @property
    def person(self) -> Any:
        """Who asks."""
        return self.context["request"].user


@extend_schema_field(OpenApiTypes.INT)
class IncidentsField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """An incident that the person may see."""

    def get_queryset(self) -> Any:
        """Of the person."""
        return Incident.objects.visible_to(self.person)


@extend_schema_field(OpenApiTypes.INT)
class OwnLocationField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A location that the person may see."""

    def get_queryset(self) -> Any:
        """Of the person."""
        return Location.objects.visible_to(self.person).select_related("customer")


@extend_schema_field(OpenApiTypes.INT)
class OwnCustomerField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A customer that the person may see."""

    def get_queryset(self) -> Any:
        """Of the person."""
        return Customer.objects.visible_to(self.person)


@extend_schema_field(OpenApiTypes.INT)
class ProblemsField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A problem that the person may see."""

    def get_queryset(self) -> Any:
        """Of the person."""
        return Problem.objects.visible_to(self.person)


@extend_schema_field(OpenApiTypes.INT)
class ActivityField(_Person, serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """An activity of a success plan that the person may see."""

    def get_queryset(self) -> Any:
        """Of the person."""
        return SuccessActivity.objects.visible_to(self.person)
