"""What the views of this part share: the clock, the person, one effect for each key."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import idempotent
from accounts.http.pages import CursorPages

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        "Any text of at most 100 characters, a fresh one for each intended effect. A repeated "
        "request with the same key and content answers as the first did and moves nothing; "
        "with other content it is refused. Without a key every request counts."
    ),
)


VERSION = OpenApiParameter("version", int, description="The version of the order that was read.")


class Newest(CursorPages):
    """The newest first."""

    ordering = ("-pk",)  # type: ignore[assignment]


class Agreements(viewsets.GenericViewSet[Any]):
    """A view of rows that belong to customers: strangers' rows don't exist (404)."""

    pagination_class: Any = Newest
    lookup_value_regex = r"\d{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """One moment for the whole request."""
        super().initial(request, *args, **kwargs)
        request.now = timezone.now()  # type: ignore[attr-defined]

    @property
    def now(self) -> Any:
        """The moment of the request."""
        return getattr(self.request, "now", None) or timezone.now()

    @property
    def person(self) -> Any:
        """Who asks."""
        return self.request.user

    @property
    def version(self) -> int | None:
        """The version named in the address, for requests without content."""
        text = self.request.query_params.get("version", "")
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def get_serializer_context(self) -> dict[str, Any]:
        """The clock goes along."""
        return {**super().get_serializer_context(), "now": self.now}

    def take(self, serializer: type[Any], **context: Any) -> dict[str, Any]:
        """The request's content, validated."""
        taken = serializer(
            data=self.request.data, context={**self.get_serializer_context(), **context}
        )
        taken.is_valid(raise_exception=True)
        return dict(taken.validated_data)

    def once(self, act: Callable[[], Any], *, status: int = 200) -> Response:
        """Act once for the request's `Idempotency-Key`; `act` returns what is answered."""
        code, answer = idempotent(
            user=self.person,
            key=self.request.headers.get("Idempotency-Key", ""),
            body={"to": self.request.path, "data": self.request.data},
            now=self.now,
            act=lambda: (status, act()),
        )
        return Response(answer, status=code)
