"""What writes ask first: may this person, and is what they wrote there and short enough."""

from accounts.models import User
from accounts.rules.refusal import Refused


def require_account_manager(by: User) -> None:
    """What Microsoft owes and does is written by CSAMs and their leads."""
    if not by.manages_agreements:
        raise Refused("not_allowed", role=by.role)


def require_acting_person(by: User) -> None:
    """Everybody with customers acts for them but the viewer, who only looks."""
    if not by.may_act_for_customer:
        raise Refused("not_allowed", role=by.role)


def written(text: str, *, field: str, limit: int, required: bool = False) -> str:
    """`text` without blanks around it; refused when it is missing or too long."""
    words = text.strip()
    if required and not words:
        raise Refused("reason_required", field=field)
    if len(words) > limit:
        raise Refused("too_long", field=field, limit=limit)
    return words
