"""People, places and messages as programs see them: shape and validation, no logic."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.models import ApiToken, Contact, Customer, Location, LocationHoliday, Message, User
from accounts.wording.choices import CURRENCIES, WEEKDAY_CHOICES, country_choices, zone_choices

MAX_VERSION = 2**31


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A customer and where it sits."""

    team = serializers.StringRelatedField[Any]()

    class Meta:
        model = Customer
        fields = ["id", "name", "short_name", "currency", "team"]
        read_only_fields = fields


class LocationSerializer(serializers.ModelSerializer[Location]):
    """A support location with its week; `version` is how often it was saved."""

    serializer_related_field = RowField

    country = serializers.ChoiceField(choices=country_choices())
    time_zone = serializers.ChoiceField(choices=zone_choices())
    currency = serializers.ChoiceField(choices=[(code, code) for code in CURRENCIES])
    weekend = serializers.MultipleChoiceField(choices=WEEKDAY_CHOICES, required=False)

    class Meta:
        model = Location
        fields = [
            "id",
            "customer",
            "name",
            "role",
            "country",
            "subdivision",
            "time_zone",
            "currency",
            "opens",
            "closes",
            "weekend",
            "national_holidays",
            "tax_exception",
            "provider_language",
            "local_language_available",
        ]
        # Constraints are the actions' to put into words.
        validators: list[Any] = []

    def validate_weekend(self, value: set[str]) -> str:
        """Kept as words separated by commas, Monday first."""
        if len(value) >= len(WEEKDAY_CHOICES):
            raise serializers.ValidationError(
                _("At least one day of the week has to be a business day.")
            )
        return ",".join(code for code, _name in WEEKDAY_CHOICES if code in value)

    def to_representation(self, instance: Location) -> dict[str, Any]:
        """The weekend as a list, Monday first."""
        shown = super().to_representation(instance)
        shown["weekend"] = [code for code in instance.weekend.split(",") if code]
        return shown


class VersionSerializer(serializers.Serializer[Any]):
    """What the caller has seen."""

    version = serializers.IntegerField(min_value=1, max_value=MAX_VERSION)


class LocationDetailSerializer(LocationSerializer):
    """With the version that an edit sends back."""

    version = serializers.SerializerMethodField()

    class Meta(LocationSerializer.Meta):
        fields = [*LocationSerializer.Meta.fields, "version"]

    def get_version(self, location: Location) -> int:
        """How often it was saved."""
        return int(location.history.count())


class SpecialDaySerializer(serializers.Serializer[Any]):
    """A day that differs from the ordinary week."""

    on = serializers.DateField()
    name = serializers.CharField()
    works = serializers.BooleanField()
    own = serializers.IntegerField(
        source="own.pk", allow_null=True, default=None, help_text="Id of the own entry, if any."
    )


class YearSerializer(serializers.Serializer[Any]):
    """Which year."""

    year = serializers.IntegerField(min_value=2018, max_value=2042, required=False)


class HolidaySerializer(serializers.ModelSerializer[LocationHoliday]):
    """An own entry of a location's calendar."""

    serializer_related_field = RowField

    class Meta:
        model = LocationHoliday
        fields = ["id", "location", "on", "name", "is_working_day"]
        validators: list[Any] = []


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """A person named for a duty at a location."""

    serializer_related_field = RowField

    class Meta:
        model = Contact
        fields = ["id", "customer", "location", "role", "name", "email", "phone"]
        read_only_fields = ["customer"]
        validators: list[Any] = []


class ContactDetailSerializer(ContactSerializer):
    """With the version that an edit sends back."""

    version = serializers.SerializerMethodField()

    class Meta(ContactSerializer.Meta):
        fields = [*ContactSerializer.Meta.fields, "version"]

    def get_version(self, contact: Contact) -> int:
        """How often it was saved."""
        return int(contact.history.count())


class MeSerializer(serializers.ModelSerializer[User]):
    """Oneself."""

    time_zone = serializers.ChoiceField(choices=zone_choices())
    team = serializers.StringRelatedField[Any]()

    class Meta:
        model = User
        fields = [
            "id",
            "email",
            "name",
            "role",
            "team",
            "language",
            "time_zone",
            "theme",
            "reminder_mail",
            "informational_mail",
        ]
        read_only_fields = ["id", "email", "role", "team"]


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token without its secret."""

    class Meta:
        model = ApiToken
        fields = ["id", "name", "hint", "created_at", "last_used_at"]
        read_only_fields = ["id", "hint", "created_at", "last_used_at"]


class NewTokenSerializer(TokenSerializer):
    """A token just made, with its secret, this once."""

    secret = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "secret"]


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message of the inbox."""

    class Meta:
        model = Message
        fields = ["id", "customer", "subject", "text", "link", "created_at", "read_at"]
        read_only_fields = fields
