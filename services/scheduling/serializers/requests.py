"""Service requests as the API tells and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import Location
from services.catalog.models import Offering
from services.scheduling.models import Mode, RequestDatum, ServiceRequest
from services.scheduling.queries.request_data import data_of
from services.scheduling.queries.requests import cutoff_of
from services.scheduling.serializers.values import EntitlementField
from services.scheduling.wording.states import LANGUAGES
from workorders.serializers.values import LocationRef

CODES = RequestDatum.Code.choices


class RequestDatumSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A piece of data; `text` is null while it wasn't supplied in writing."""

    code = serializers.ChoiceField(source="wanted.code", choices=CODES)
    clauses = serializers.ListField(source="wanted.clauses", child=serializers.CharField())
    text = serializers.CharField(source="datum.text", allow_null=True, default=None)
    supplied_at = serializers.DateTimeField(
        source="datum.supplied_at", allow_null=True, default=None
    )


class ServiceRequestSerializer(serializers.ModelSerializer[ServiceRequest]):
    """What a customer asks for, and the answer."""

    offering = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    location = LocationRef(read_only=True)
    cutoff = serializers.SerializerMethodField()
    data = serializers.SerializerMethodField()  # type: ignore[assignment]

    class Meta:
        model = ServiceRequest
        fields = (
            "id", "customer", "order", "entitlement", "offering", "location", "quantity",
            "wanted_from", "wanted_until", "mode", "language", "note", "requested_at",
            "data_completed_at", "decided_at", "decision", "decision_reason", "booking",
            "cutoff", "data",
        )  # fmt: skip

    @extend_schema_field(RequestDatumSerializer(many=True))
    def get_data(self, asked: ServiceRequest) -> Any:
        """What the service needs, and what of it was supplied in writing."""
        found = self.context.get("data") or data_of([asked])
        return RequestDatumSerializer(found[asked.pk].rows, many=True).data

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_cutoff(self, asked: ServiceRequest) -> Any:
        """The last day for request and data; null where none binds the service."""
        zones = self.context.get("zones", {})
        due = cutoff_of(asked, zone=zones.get(asked.customer_id, ""))
        return due.result if due else None


class SuppliedInput(serializers.Serializer):  # type: ignore[type-arg]
    """A piece of data in writing."""

    code = serializers.ChoiceField(choices=CODES)
    text = serializers.CharField(max_length=500)


class DataInput(serializers.Serializer):  # type: ignore[type-arg]
    """What is supplied; a later text of a code replaces the earlier."""

    data = SuppliedInput(many=True, allow_empty=False)  # type: ignore[assignment]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """By code."""
        return {"data": {one["code"]: one["text"] for one in fields["data"]}}


class RequestInput(serializers.Serializer):  # type: ignore[type-arg]
    """What is wanted, between which days, how."""

    entitlement = EntitlementField()
    location = RowField(Location, required=False, help_text="By default the entitlement's.")
    offering = serializers.SlugField(required=False, help_text="What credits buy.")
    quantity = serializers.IntegerField(min_value=1, max_value=10**12, default=1)
    wanted_from = serializers.DateField()
    wanted_until = serializers.DateField()
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    data_complete = serializers.BooleanField(
        required=False, help_text="By default true, false where `data` comes along."
    )
    data = SuppliedInput(many=True, required=False)  # type: ignore[assignment]

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Credits name the service that they are to buy; nothing else names one."""
        entitlement = fields["entitlement"]
        location = fields.setdefault("location", entitlement.location)
        if location.customer_id != entitlement.order.customer_id:
            raise serializers.ValidationError({"location": _("Not a location of this customer.")})
        fields["data"] = {one["code"]: one["text"] for one in fields.pop("data", ())}
        fields.setdefault("data_complete", not fields["data"])
        code = fields.pop("offering", None)
        if (code is not None) != (entitlement.unit == "credit"):
            raise serializers.ValidationError(
                {"offering": _("Needed where credits pay, only there.")}
            )
        if code is not None:
            found = Offering.objects.filter(edition=entitlement.order.edition_id, code=code).first()
            if found is None:
                raise serializers.ValidationError({"offering": _("Not in the order's edition.")})
            fields["offering"] = found
        return fields


class DeclineInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why a request can't be met."""

    reason = serializers.CharField(max_length=300)
