"""Rows that the API takes by their numbers: only those that the person may see."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field(OpenApiTypes.INT)
class RowField(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A row of `model`, read with its `related` rows; strangers' rows don't exist.

    As the `serializer_related_field` of a model's serializer it is told its rows instead.
    """

    def __init__(
        self, model: Any = None, *related: str, queryset: Any = None, **options: Any
    ) -> None:
        self.rows = model.objects if model else queryset
        self.related = related
        super().__init__(**options)

    @property
    def person(self) -> Any:
        """Who asks; nobody while the schema is written."""
        request = self.context.get("request")
        return getattr(request, "user", None) or AnonymousUser()

    def get_queryset(self) -> Any:
        """What the person may see."""
        return self.rows.visible_to(self.person).select_related(*self.related)
