"""The catalogue as the API tells it: every text in all languages."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    Edition,
    Limit,
    Offering,
    ReadingChoice,
    Term,
)
from services.catalog.queries.register import Choice


class InLanguages(serializers.Serializer):  # type: ignore[type-arg]
    """A text by language."""

    en = serializers.CharField()
    zh_hans = serializers.CharField()


@extend_schema_field(InLanguages)
class TextField(serializers.Field):  # type: ignore[type-arg]
    """A translated column as a text by language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, source="*", **options)

    def to_representation(self, row: Any) -> dict[str, str]:
        """The column is named as the field."""
        return {
            language: getattr(row, f"{self.field_name}_{language}") or ""
            for language in ("en", "zh_hans")
        }


class TermSerializer(serializers.ModelSerializer[Term]):
    """A number of the contract."""

    name = TextField()

    class Meta:
        model = Term
        fields = ("code", "name", "value", "unit", "clauses")


class CancellationTierSerializer(serializers.ModelSerializer[CancellationTier]):
    """A band of the cancellation scale; no least lead: all shorter ones."""

    class Meta:
        model = CancellationTier
        fields = ("min_lead_days", "percent", "clauses")


class ReadingChoiceSerializer(serializers.ModelSerializer[ReadingChoice]):
    """How an edition reads what can be read in two ways."""

    class Meta:
        model = ReadingChoice
        fields = ("reading", "option")


class EditionSerializer(serializers.ModelSerializer[Edition]):
    """An edition."""

    title = TextField()
    based_on = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]

    class Meta:
        model = Edition
        fields: tuple[str, ...] = (
            "code",
            "title",
            "state",
            "effective_on",
            "published_at",
            "based_on",
        )


class EditionDetailSerializer(EditionSerializer):
    """An edition with its numbers."""

    terms = TermSerializer(many=True, read_only=True, source="term_set")
    cancellation_tiers = CancellationTierSerializer(
        many=True, read_only=True, source="cancellationtier_set"
    )
    readings = ReadingChoiceSerializer(many=True, read_only=True, source="readingchoice_set")

    class Meta(EditionSerializer.Meta):
        fields: tuple[str, ...] = (
            *EditionSerializer.Meta.fields,
            "terms",
            "cancellation_tiers",
            "readings",
        )


class ConditionSerializer(serializers.ModelSerializer[Condition]):
    """A prerequisite, limit, duty, disclaimer or note."""

    text = TextField()

    class Meta:
        model = Condition
        fields = ("kind", "text", "clauses")


class LimitSerializer(serializers.ModelSerializer[Limit]):
    """A typed limit."""

    class Meta:
        model = Limit
        fields = ("code", "value", "unit", "clauses")


class OfferingSerializer(serializers.ModelSerializer[Offering]):
    """An offering in a list."""

    edition = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    parent = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[assignment, var-annotated]
    name = TextField()
    former_name = TextField()
    summary = TextField()

    class Meta:
        model = Offering
        fields: tuple[str, ...] = (
            "edition",
            "code",
            "name",
            "former_name",
            "abbreviation",
            "summary",
            "table",
            "category",
            "subcategory",
            "mark",
            "flex",
            "delivery_modes",
            "onsite_barred",
            "unit_of_sale",
            "languages",
            "business_hours",
            "location_constraint",
            "co_termination",
            "request_deadline",
            "exhibit",
            "provider",
            "is_group",
            "parent",
            "includes",
            "clauses",
        )


class OfferingDetailSerializer(OfferingSerializer):
    """An offering with what binds it."""

    conditions = ConditionSerializer(many=True, read_only=True)
    limits = LimitSerializer(many=True, read_only=True)

    class Meta(OfferingSerializer.Meta):
        fields: tuple[str, ...] = (*OfferingSerializer.Meta.fields, "conditions", "limits")


class ClauseSerializer(serializers.ModelSerializer[Clause]):
    """A clause or reading in our own words."""

    edition = serializers.SlugRelatedField(read_only=True, slug_field="code")  # type: ignore[var-annotated]
    title = TextField()
    rule = TextField()

    class Meta:
        model = Clause
        fields: tuple[str, ...] = ("edition", "code", "title", "rule")


class ReadingSerializer(ClauseSerializer):
    """A reading of ours: what was chosen where something can be, and the worked cases."""

    option = serializers.SerializerMethodField()
    other_option = serializers.SerializerMethodField()
    recommended_option = serializers.SerializerMethodField()
    cases = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(ClauseSerializer.Meta):
        fields: tuple[str, ...] = (
            *ClauseSerializer.Meta.fields,
            "option",
            "other_option",
            "recommended_option",
            "cases",
        )

    def get_option(self, row: Clause) -> str | None:
        """The reading that the edition chose; null where it is the only one."""
        choice = self._choice(row)
        return choice.option if choice else None

    def get_other_option(self, row: Clause) -> str | None:
        """The one that it didn't choose."""
        choice = self._choice(row)
        return choice.other if choice else None

    def get_recommended_option(self, row: Clause) -> str | None:
        """What the register recommends."""
        choice = self._choice(row)
        return choice.recommended if choice else None

    def _choice(self, row: Clause) -> Choice | None:
        choices: dict[str, Choice] = self.context.get("choices", {})
        return choices.get(row.code)
