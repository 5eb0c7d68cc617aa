"""Hours services as the API tells and takes them; all amounts are minutes."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.http.fields import RowField
from services.scheduling.models import Engineer, HourLog
from services.scheduling.serializers.values import EntitlementField


class HourLogSerializer(serializers.ModelSerializer[HourLog]):
    """Minutes that were logged, and how the balance stands by now."""

    balance = serializers.SerializerMethodField()
    taken_back = serializers.BooleanField(read_only=True)

    class Meta:
        model = HourLog
        fields = (
            "id", "entitlement", "order", "location", "worked_on", "minutes", "note", "engineer",
            "logged_at", "taken_back", "balance",
        )  # fmt: skip

    def get_balance(self, log: HourLog) -> dict[str, int]:
        """Bought, reserved, delivered, left."""
        stands = {account.bucket: account.balance for account in log.entitlement.accounts.all()}
        names = {"issued": "bought", "reserved": "reserved", "delivered": "delivered"}
        told = {name: stands.get(bucket, 0) for bucket, name in names.items()}
        return {**told, "left": stands.get("available", 0)}


class HoursInput(serializers.Serializer):  # type: ignore[type-arg]
    """Delivered minutes of one day, off what is neither booked nor used."""

    entitlement = EntitlementField()
    worked_on = serializers.DateField()
    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60)
    note = serializers.CharField(max_length=300)
    engineer = RowField(Engineer, required=False)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        """An engineer works for the customer's team."""
        engineer, customer = fields.get("engineer"), fields["entitlement"].order.customer
        if engineer is not None and engineer.team_id != customer.team_id:
            raise serializers.ValidationError(
                {"engineer": _("Not an engineer of this customer's team.")}
            )
        return fields


class HoursBackInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why logged hours are taken back."""

    reason = serializers.CharField(max_length=300)
