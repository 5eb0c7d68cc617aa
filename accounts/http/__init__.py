"""What belongs to the request: who asks, the frame of the page, how an edge answers."""

from accounts.http.answers import idempotent, refusal_status, respond
from accounts.http.requests import SignedInRequest

__all__ = ["SignedInRequest", "idempotent", "refusal_status", "respond"]
