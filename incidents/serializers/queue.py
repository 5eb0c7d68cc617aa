"""The same for several incidents, and a person's own views, as the API tells and takes them."""

from rest_framework import serializers

from accounts.http.fields import RowField
from accounts.wording.refusals import refusal_words
from incidents.actions.queue import MOST, Outcome
from incidents.models import Incident, SavedView


class BulkInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which incidents, and what is done with each."""

    incidents = serializers.ListField(child=RowField(Incident), min_length=1, max_length=MOST)
    act = serializers.ChoiceField(choices=["note", "close"])
    text = serializers.CharField(max_length=2_000)


class OutcomeSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What became of one of them: done, or refused with a code and in words."""

    incident = serializers.IntegerField(source="incident.pk")
    done = serializers.SerializerMethodField()
    code = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    def get_done(self, outcome: Outcome) -> bool:
        """Whether it was done."""
        return outcome.refusal is None

    def get_code(self, outcome: Outcome) -> str:
        """Empty where it was done."""
        return outcome.refusal.code if outcome.refusal else ""

    def get_detail(self, outcome: Outcome) -> str:
        """Empty where it was done."""
        return refusal_words(outcome.refusal).sentence if outcome.refusal else ""


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A name for the filters of the list."""

    class Meta:
        model = SavedView
        fields = ("id", "name", "query")


class SavedViewInput(serializers.Serializer):  # type: ignore[type-arg]
    """A name, and the filters as in the address of the list; the same name again replaces."""

    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=500, allow_blank=True)
