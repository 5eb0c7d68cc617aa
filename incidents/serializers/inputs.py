"""Incidents and acts on them as the API takes them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import Contact, Location
from incidents.models import Channel, Severity
from services.scheduling.serializers.values import InstantField


class IncidentInput(serializers.Serializer):  # type: ignore[type-arg]
    """A request for problem resolution.

    `component` and `cloud` are names of the edition's components. `submitted_at` is for
    staff who log what came in earlier.
    """

    location = RowField(Location, "customer")
    contact = RowField(Contact, required=False, allow_null=True)
    component = serializers.CharField(max_length=80)
    component_detail = serializers.CharField(max_length=80, required=False, allow_blank=True)
    cloud = serializers.CharField(max_length=80, required=False, allow_blank=True)
    scope_identifier = serializers.CharField(max_length=160, required=False, allow_blank=True)
    severity = serializers.ChoiceField(choices=Severity.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    title = serializers.CharField(max_length=160, allow_blank=True)
    description = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    impact = serializers.CharField(max_length=4_000, allow_blank=True, default="")
    production = serializers.BooleanField(default=True)
    isolated = serializers.BooleanField(default=True)
    designated_wanted = serializers.BooleanField(default=False)
    submitted_at = InstantField(required=False)
    override_reason = serializers.CharField(max_length=1_000, required=False, allow_blank=True)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The contact sits at the location."""
        contact = fields.get("contact")
        if contact is not None and contact.location_id != fields["location"].pk:
            raise serializers.ValidationError({"contact": _("Not a contact of this location.")})
        return fields


class NoteInput(serializers.Serializer):  # type: ignore[type-arg]
    """A word about it."""

    text = serializers.CharField(max_length=8_000, required=False, allow_blank=True, default="")


class MomentInput(NoteInput):
    """When it happened (by default now), and a word about it."""

    at = InstantField(required=False)


class ContactInput(MomentInput):
    """A contact: over which channel, by whom."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    author = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class ResponseInput(ContactInput):
    """The contact that is the first response."""


@extend_schema_serializer(component_name="IncidentUpdateInput")
class UpdateInput(ContactInput):
    """Something that was said or sent."""

    automated = serializers.BooleanField(default=False)


@extend_schema_serializer(component_name="IncidentSeverityInput")
class SeverityInput(serializers.Serializer):  # type: ignore[type-arg]
    """Another severity, and the business impact that warrants it."""

    severity = serializers.ChoiceField(choices=Severity.choices)
    reason = serializers.CharField(max_length=2_000, allow_blank=True)
    version = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class DutyInput(MomentInput):
    """Which duty, by its code."""

    duty = serializers.SlugField(max_length=40)
