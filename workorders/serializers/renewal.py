"""What a renewal takes over and what changed since."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from services.catalog.queries import Change
from services.catalog.wording import compared
from workorders.queries.renewal import RenewalPlan
from workorders.serializers.values import MoneyField


class DifferenceSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A column that differs, in words."""

    label = serializers.CharField()  # type: ignore[assignment] # a column of its own
    old = serializers.SerializerMethodField()
    new = serializers.SerializerMethodField()

    def get_old(self, row: Any) -> list[str]:
        """As it was."""
        return compared(row.old)

    def get_new(self, row: Any) -> list[str]:
        """As it is."""
        return compared(row.new)


class ChangeSerializer(serializers.Serializer[Change]):
    """An entry of the catalogue that was added, removed or changed."""

    what = serializers.ChoiceField(["added", "removed", "changed"])
    code = serializers.CharField()
    name = serializers.CharField()
    differences = DifferenceSerializer(many=True)


class RenewedLineSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A line that is taken over."""

    line = serializers.IntegerField(source="line.pk")
    offering = serializers.CharField(source="offering.code")
    changed = serializers.SerializerMethodField()

    def get_changed(self, row: Any) -> bool:
        """Whether the catalogue says something else of it now."""
        return row.change is not None


class WithdrawnSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A line whose service isn't offered any more."""

    line = serializers.IntegerField(source="pk")
    offering = serializers.CharField(source="offering.code")


class RenewalSerializer(serializers.Serializer[RenewalPlan]):
    """The plan of a renewal; `renewal` is the order that renews it already."""

    renewal = serializers.SerializerMethodField()
    edition = serializers.CharField(source="edition.code")
    starts_on = serializers.DateField(source="term.result.first")
    ends_on = serializers.DateField(source="term.result.last")
    lines = RenewedLineSerializer(many=True)
    withdrawn = WithdrawnSerializer(many=True)
    lapsing = serializers.ListField(child=MoneyField())
    services = ChangeSerializer(many=True, source="concerned")
    other_services = ChangeSerializer(many=True, source="others")
    terms = serializers.SerializerMethodField()
    clauses = serializers.SerializerMethodField()

    def get_renewal(self, plan: RenewalPlan) -> int | None:
        """The id of the renewal, drafted or executed."""
        renewal = self.context.get("renewal")
        return renewal.pk if renewal else None

    @extend_schema_field(ChangeSerializer(many=True))
    def get_terms(self, plan: RenewalPlan) -> Any:
        """Numbers of the contract that differ."""
        return self._changes(plan, "terms")

    @extend_schema_field(ChangeSerializer(many=True))
    def get_clauses(self, plan: RenewalPlan) -> Any:
        """Clauses and readings that differ."""
        return self._changes(plan, "clauses")

    def _changes(self, plan: RenewalPlan, name: str) -> Any:
        found = getattr(plan.comparison, name) if plan.comparison else ()
        return ChangeSerializer(found, many=True).data  # type: ignore[arg-type] # many
