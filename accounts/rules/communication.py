"""Whom the portal may write to, and about what."""

from dataclasses import dataclass

# What concerns people's own incidents, agreement or account; all else that is sent is
# information about products and services (2.7-T32).
NOTICES = frozenset(
    {
        *("incident", "severity", "escalation", "rca", "deadline", "reminder", "expiry"),
        *("agreement", "order", "invoice", "credit", "booking", "cancellation", "request"),
        *("account", "invitation"),
    }
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """What counts of a person and their address."""

    active: bool = True
    corporate: bool = True
    opted_out: bool = False


def is_informational(kind: str) -> bool:
    """Whether a kind of message, such as ``newsletter``, informs rather than gives notice.

    The kind of a notice begins with what it concerns: ``incident_update``,
    ``deadline_reminder``.

    Clause: 2.7-T32, 2.7-T33
    """
    return kind.split("_", maxsplit=1)[0] not in NOTICES


def may_send(kind: str, addressee: Addressee) -> bool:
    """Whether a message may be sent to somebody.

    Information goes to active company addresses alone, and not to people who opted out.
    Opting out doesn't stop notices; an address that isn't active gets nothing.

    Clause: 2.7-T32, 2.7-T33
    """
    if not is_informational(kind):
        return addressee.active
    return addressee.active and addressee.corporate and not addressee.opted_out
