"""Values of the schedule as the API takes them: instants, and rows that the person may see."""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.http.fields import RowField
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


class EntitlementField(RowField):
    """An entitlement that the person may see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Entitlement,
            "offering",
            "location",
            "line",
            "order__customer",
            "order__edition",
            **options,
        )
