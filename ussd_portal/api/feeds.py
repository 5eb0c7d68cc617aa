"""A person's calendar subscriptions in the API: made, given a new link, revoked."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import feeds
from accounts.models import CalendarFeed, Customer


class FeedSerializer(serializers.ModelSerializer[CalendarFeed]):
    """A subscription without its link, which nobody can read again."""

    class Meta:
        model = CalendarFeed
        fields = (
            "id", "name", "content", "customer", "created_at", "renewed_at", "last_read_at",
        )  # fmt: skip
        read_only_fields = ("created_at", "renewed_at", "last_read_at")

    def get_fields(self) -> dict[str, Any]:
        """Of the customers in reach."""
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        reach = Customer.objects.visible_to(request.user) if request else Customer.objects.none()
        fields["customer"].queryset = reach
        return fields


class NewFeedSerializer(FeedSerializer):
    """A subscription with its link, told this once."""

    link = serializers.SerializerMethodField()

    class Meta(FeedSerializer.Meta):
        fields = (*FeedSerializer.Meta.fields, "link")  # type: ignore[assignment]

    def get_link(self, feed: CalendarFeed) -> str:
        """The secret address for calendar programs."""
        path = reverse("calendar-feed", args=[self.context.get("secret", "")])
        return f"{settings.BASE_URL}{path}"


class FeedViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[CalendarFeed]
):
    """One's own calendar subscriptions."""

    queryset = CalendarFeed.objects.none()
    serializer_class = FeedSerializer
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[CalendarFeed]:
        """A person's own that still open something."""
        return CalendarFeed.objects.visible_to(self.request.user).filter(revoked_at=None)

    @extend_schema(request=FeedSerializer, responses={201: NewFeedSerializer})
    def create(self, request: Request) -> Response:
        """Make one; its link is in this answer and never again."""
        form = FeedSerializer(data=request.data, context=self.get_serializer_context())
        form.is_valid(raise_exception=True)
        person: Any = request.user
        feed, secret = feeds.make_feed(user=person, now=timezone.now(), **form.validated_data)
        return self._with_link(feed, secret, status=201)

    @extend_schema(request=None, responses=NewFeedSerializer)
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: str) -> Response:
        """Another link; the one before opens nothing any more."""
        feed = self.get_object()
        return self._with_link(feed, feeds.renew_feed(feed=feed, now=timezone.now()))

    def destroy(self, request: Request, pk: str) -> Response:
        """From now on the link opens nothing."""
        feeds.revoke_feed(feed=self.get_object(), now=timezone.now())
        return Response(status=204)

    def _with_link(self, feed: CalendarFeed, secret: str, *, status: int = 200) -> Response:
        feed.refresh_from_db()
        context = {**self.get_serializer_context(), "secret": secret}
        return Response(NewFeedSerializer(feed, context=context).data, status=status)
