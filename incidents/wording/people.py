"""Roles that no chart names, kinds of analyses and their material in words."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext_lazy

g = gettext_lazy

ROLES: Mapping[str, Any] = {
    "reactive_support_manager": g("Reactive support management"),
    "microsoft_executives": g("Microsoft's executives"),
    "mcsap_crisis_team": g("Engineering-led crisis management (MCSAP)"),
}
TRACKS: Mapping[str, Any] = {
    "": g("By the regime of the incident"),
    "base": g("Base package"),
    "uer": g("Unified Enhanced Response"),
    "mcsap": g("MCSAP"),
    "rede": g("By the designated engineer (REDE)"),
    "ede": g("Help by the designated engineer (EDE)"),
}
MATERIAL: Mapping[str, Any] = {
    "log_files": g("log files"),
    "network_traces": g("network traces"),
    "diagnostics": g("other diagnostics"),
    "debug_logs": g("debug logs"),
    "trace_logs": g("trace logs"),
}
CHARGES: Mapping[str, Any] = {
    "included": g("Included"),
    "quote": g("A fee is possible and quoted first"),
    "hours": g("In hours of the engineer"),
}
REQUESTERS: Mapping[str, Any] = {
    "customer": g("customer"),
    "customer_administrator": g("customer's administrator"),
    "customer_contact": g("customer's contact"),
    "csam": g("account manager"),
    "designated_mcsap_engineer": g("designated MCSAP engineer"),
    "incident_management_team": g("incident management team"),
}


class RoleNames(Protocol):
    """What an edition calls its roles."""

    def role(self, code: str) -> str:
        """The name of a role."""


def role_words(code: str, names: RoleNames) -> str:
    """A role by name, whether a chart or a request brings it in."""
    return str(ROLES[code]) if code in ROLES else names.role(code)


def track_words(code: str) -> str:
    """Under which rules an analysis was asked for."""
    return str(TRACKS.get(code, code))
