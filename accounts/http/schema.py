"""What the OpenAPI document says beyond the serializers: bearer tokens, problems, keys."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from accounts.http.answers import MAX_KEY
from accounts.http.problems import PROBLEM

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A problem document (RFC 9457). `code` is stable; `detail` is for people.",
    "required": ["type", "title", "status", "code", "detail", "clauses", "figures"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "The reason, stable across languages."},
        "detail": {"type": "string"},
        "clauses": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Clauses of the services description that say no.",
        },
        "figures": {"type": "object", "additionalProperties": True},
        "field": {"type": "string", "description": "The one input to correct."},
        "fields": {
            "type": "object",
            "additionalProperties": True,
            "description": "What is wrong with each input.",
        },
        "overridable": {"type": "boolean"},
    },
}
PROBLEM_COMPONENT = ResolvedComponent(
    name="Problem", type=ResolvedComponent.SCHEMA, object="Problem", schema=PROBLEM_SCHEMA
)
ANSWERS = {
    "get": {"400": "bad query", "401": "no valid token", "404": "not found, or not yours"},
    "post": {
        "400": "invalid input",
        "401": "no valid token",
        "404": "not found, or not yours",
        "409": "the state of things is in the way",
        "422": "refused",
    },
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": MAX_KEY},
    OpenApiParameter.HEADER,
    description="The same key and body have one effect and get the same answer.",
)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[misc]
    """`Authorization: Bearer TOKEN`."""

    target_class = "accounts.http.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token of the person."""
        return {"type": "http", "scheme": "bearer"}


class PortalSchema(AutoSchema):  # type: ignore[misc]
    """Every operation also answers with problem documents."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        kind = "get" if self.method == "GET" else "post"
        self.registry.register_on_missing(PROBLEM_COMPONENT)
        for code, meaning in ANSWERS[kind].items():
            responses.setdefault(
                code,
                {
                    "description": meaning,
                    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                },
            )
        return dict(sorted(responses.items()))
