"""The catalogue in the API: read by everybody who may sign in, drafts by administrators."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.routers import SimpleRouter

from accounts.http.pages import CursorPages
from services.catalog import queries
from services.catalog.filters import ClauseFilters, OfferingFilters, ReadingFilters
from services.catalog.models import Clause, Edition, Offering
from services.catalog.serializers import (
    ClauseSerializer,
    EditionDetailSerializer,
    EditionSerializer,
    OfferingDetailSerializer,
    OfferingSerializer,
    ReadingSerializer,
)

EDITION = OpenApiParameter(
    "edition", str, description="Code of an edition; without it the published one."
)


class InOrder(CursorPages):
    """In the order of the services description."""

    ordering = ("position", "pk")  # type: ignore[assignment]


class ByDate(CursorPages):
    """The newest first."""

    ordering = ("-effective_on", "-pk")  # type: ignore[assignment]


class ReadOnly(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """Lists and single rows, the latter by code."""

    lookup_field = "code"
    detail_serializer: Any = None

    def get_serializer_class(self) -> Any:
        """One row is told in full."""
        full = self.action == "retrieve" and self.detail_serializer
        return self.detail_serializer if full else self.serializer_class

    def edition(self) -> Edition:
        """The edition asked for, or the published one; 404 for what one may not see."""
        found = queries.edition_for(self.request.user, self.request.query_params.get("edition", ""))
        if found is None:
            raise Http404
        return found


class EditionViewSet(ReadOnly):
    """Editions and their numbers."""

    queryset = Edition.objects.none()
    serializer_class = EditionSerializer
    detail_serializer = EditionDetailSerializer
    pagination_class = ByDate
    lookup_value_regex = "[0-9A-Za-z.-]+"

    def get_queryset(self) -> QuerySet[Edition]:
        """Drafts for administrators alone."""
        editions = Edition.objects.visible_to(self.request.user).select_related("based_on")
        return editions.prefetch_related("term_set", "cancellationtier_set", "readingchoice_set")


@extend_schema_view(
    list=extend_schema(parameters=[EDITION]), retrieve=extend_schema(parameters=[EDITION])
)
class OfferingViewSet(ReadOnly):
    """Offerings of an edition, searched and filtered."""

    queryset = Offering.objects.none()
    serializer_class = OfferingSerializer
    detail_serializer = OfferingDetailSerializer
    filterset_class = OfferingFilters
    pagination_class = InOrder
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def get_queryset(self) -> QuerySet[Offering]:
        """Of one edition."""
        offerings = Offering.objects.filter(edition=self.edition())
        return offerings.select_related("edition", "parent").prefetch_related(
            "conditions", "limits"
        )


@extend_schema_view(
    list=extend_schema(parameters=[EDITION]), retrieve=extend_schema(parameters=[EDITION])
)
class ClauseViewSet(ReadOnly):
    """Clauses and readings of an edition."""

    queryset = Clause.objects.none()
    serializer_class = ClauseSerializer
    filterset_class = ClauseFilters
    pagination_class = InOrder
    lookup_value_regex = "[0-9A-Z.-]+"

    def get_queryset(self) -> QuerySet[Clause]:
        """Of one edition."""
        return Clause.objects.filter(edition=self.edition()).select_related("edition")


@extend_schema_view(
    list=extend_schema(parameters=[EDITION]), retrieve=extend_schema(parameters=[EDITION])
)
class ReadingViewSet(ReadOnly):
    """The ambiguity register: readings of ours, those that an edition chose among them."""

    queryset = Clause.objects.none()
    serializer_class = ReadingSerializer
    filterset_class = ReadingFilters
    pagination_class = InOrder
    lookup_value_regex = "[0-9A-Z.-]+"

    def get_queryset(self) -> QuerySet[Clause]:
        """Of one edition."""
        readings = queries.readings_in(Clause.objects.filter(edition=self.edition()))
        return readings.select_related("edition")

    def get_serializer_context(self) -> dict[str, Any]:
        """With the choices of the edition."""
        context = dict(super().get_serializer_context())
        if getattr(self, "swagger_fake_view", False):
            return context
        return {**context, "choices": queries.choices_of(self.edition())}


router = SimpleRouter()
router.register("editions", EditionViewSet, basename="edition")
router.register("offerings", OfferingViewSet, basename="offering")
router.register("clauses", ClauseViewSet, basename="clause")
router.register("readings", ReadingViewSet, basename="reading")
