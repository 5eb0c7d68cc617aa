"""Engineers as the API tells and takes them."""

from typing import Any

from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import Customer, Team
from accounts.wording.choices import zone_choices
from services.scheduling.models import Engineer


class TeamField(RowField):
    """A team whose customers the person manages."""

    def get_queryset(self) -> Any:
        """Other teams don't exist."""
        mine = Customer.objects.visible_to(self.person)
        return Team.objects.filter(customers__in=mine).distinct()


class EngineerSerializer(serializers.ModelSerializer[Engineer]):
    """Somebody who delivers services for the customers of a team."""

    class Meta:
        model = Engineer
        fields = ("id", "team", "name", "email", "focus", "time_zone", "is_active")


class EngineerInput(serializers.Serializer):  # type: ignore[type-arg]
    """An engineer to enter."""

    team = TeamField()
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254)
    focus = serializers.CharField(max_length=160, required=False, allow_blank=True)
    time_zone = serializers.ChoiceField(choices=zone_choices(), required=False)


class EngineerChange(serializers.Serializer):  # type: ignore[type-arg]
    """What can be written anew; taken out, nobody can be assigned any more."""

    name = serializers.CharField(max_length=120, required=False)
    focus = serializers.CharField(max_length=160, required=False, allow_blank=True)
    time_zone = serializers.ChoiceField(choices=zone_choices(), required=False)
    is_active = serializers.BooleanField(required=False)


class BusySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A stretch in which an engineer is held, the end excluded."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
