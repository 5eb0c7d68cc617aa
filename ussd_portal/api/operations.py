"""Operations in the API: queue, sweeps, dead letters; for system administrators alone."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.operations import resend_messages
from accounts.models import Message, User
from ussd_portal.queries.operations import dead_letters, read_operations


class SweepSerializer(serializers.Serializer[Any]):
    """A sweep: when it last came through, how much it did, what failed since."""

    name = serializers.CharField()
    task = serializers.CharField()
    is_late = serializers.BooleanField()
    is_failing = serializers.BooleanField()
    done_at = serializers.DateTimeField(source="run.done_at", allow_null=True, default=None)
    did = serializers.IntegerField(source="run.did", default=0)
    failures = serializers.IntegerField(source="run.failures", default=0)
    last_error = serializers.CharField(source="run.last_error", default="")


class OperationsSerializer(serializers.Serializer[Any]):
    """The outbox in figures, and the sweeps."""

    queued = serializers.IntegerField()
    waiting = serializers.IntegerField()
    oldest = serializers.DateTimeField(allow_null=True)
    retrying = serializers.IntegerField()
    dead = serializers.IntegerField()
    sent_today = serializers.IntegerField()
    is_stuck = serializers.BooleanField()
    sweeps = SweepSerializer(many=True)


class DeadLetterSerializer(serializers.ModelSerializer[Message]):
    """A mail that isn't tried any more; what it says isn't told."""

    class Meta:
        model = Message
        fields = ("id", "address", "attempts", "dead_at", "last_error", "created_at")


class ResendInput(serializers.Serializer[Any]):
    """Which dead letter goes out again; none: all of them."""

    message = serializers.PrimaryKeyRelatedField(
        queryset=Message.objects.filter(channel=Message.Channel.EMAIL), required=False
    )


class ResentSerializer(serializers.Serializer[Any]):
    """How many are in the queue again."""

    count = serializers.IntegerField()


class OperationsViewSet(viewsets.GenericViewSet[Any]):
    """The state of the portal; for everybody else there is no such thing."""

    queryset = Message.objects.none()
    serializer_class = OperationsSerializer
    pagination_class = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Only system administrators."""
        super().initial(request, *args, **kwargs)
        role = getattr(request.user, "role", "")
        if role != User.Role.SYSTEM_ADMINISTRATOR:
            raise NotFound

    @extend_schema(responses=OperationsSerializer)
    def list(self, request: Request) -> Response:
        """Queue length, the oldest mail that is due, retries, dead letters, and the sweeps."""
        return Response(OperationsSerializer(read_operations(timezone.now())).data)

    @extend_schema(responses=DeadLetterSerializer(many=True))
    @action(detail=False, url_path="dead-letters")
    def dead_letters(self, request: Request) -> Response:
        """The latest hundred."""
        return Response(DeadLetterSerializer(dead_letters(), many=True).data)

    @extend_schema(request=ResendInput, responses=ResentSerializer)
    @action(detail=False, methods=["post"])
    def resend(self, request: Request) -> Response:
        """Bring one dead letter, or all of them, back into the queue."""
        taken = ResendInput(data=request.data)
        taken.is_valid(raise_exception=True)
        person: Any = request.user
        count = resend_messages(by=person, now=timezone.now(), **taken.validated_data)
        return Response({"count": count})
