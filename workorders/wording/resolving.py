"""What resolves a deadline: the words of the button, and the page where it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from workorders.models import Deadline

Kind = Deadline.Kind

# What resolves a deadline, in words for account managers.
ACTIONS: Mapping[str, Any] = {
    Kind.REQUEST_CUTOFF: gettext_lazy("Plan bookings"),
    Kind.EXPIRY: gettext_lazy("Prepare renewal"),
    Kind.CONTRACT_YEAR_END: gettext_lazy("Plan bookings"),
    Kind.MCSAP_INTAKE: gettext_lazy("Complete intake"),
    Kind.MCSAP_MATERIAL: gettext_lazy("Collect material"),
    Kind.MCSAP_ONBOARDING: gettext_lazy("Check onboarding"),
    Kind.MCSAP_MONITORS: gettext_lazy("Record readiness"),
    Kind.UER_ONBOARDING: gettext_lazy("Check onboarding"),
    Kind.FREE_CANCELLATION: gettext_lazy("Keep or cancel"),
    Kind.EVENT_CONFIRMATION: gettext_lazy("Confirm event"),
    Kind.RCA_REQUEST: gettext_lazy("Request analysis"),
    Kind.RCA_DELIVERY: gettext_lazy("Record delivery"),
    Kind.ALLOCATION: gettext_lazy("Allocate allowance"),
    Kind.RENEWAL_START: gettext_lazy("Execute renewal"),
    Kind.QUARTERLY_REVIEW: gettext_lazy("Hold the review"),
    Kind.MINIMUM_ENROLMENT: gettext_lazy("Decide on the workshop"),
    Kind.SUCCESS_ACTIVITY: gettext_lazy("Record the outcome"),
}
# Deadlines that a page of the customer resolves.
OF_CUSTOMER: Mapping[str, str] = {
    Kind.QUARTERLY_REVIEW: "customer-reviews",
    Kind.SUCCESS_ACTIVITY: "scheduling:customer-success",
}
# And for people of the customer who may act.
ACTIONS_OF_CUSTOMERS: Mapping[str, Any] = {
    Kind.REQUEST_CUTOFF: gettext_lazy("Request a service"),
    Kind.CONTRACT_YEAR_END: gettext_lazy("Request a service"),
    Kind.FREE_CANCELLATION: gettext_lazy("Keep or cancel"),
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A button that leads to where the deadline is resolved."""

    label: str
    url: str


def resolution(deadline: Deadline, *, reader: User) -> Resolution | None:
    """Where this reader resolves it; None where it isn't theirs, or no page but its own does."""
    labels = ACTIONS if reader.manages_agreements else ACTIONS_OF_CUSTOMERS
    if not reader.may_act_for_customer or deadline.kind not in labels:
        return None
    url = resolving_url(deadline)
    return Resolution(str(labels[deadline.kind]), url) if url else None


def resolving_url(deadline: Deadline) -> str:
    """The page where it is resolved; empty where that is the deadline's own."""
    subject, _separator, pk = deadline.subject_key.partition(":")
    if deadline.kind == Kind.EVENT_CONFIRMATION:
        return reverse("scheduling:event-plan", args=[int(pk)])
    if deadline.kind in OF_CUSTOMER:
        return reverse(OF_CUSTOMER[deadline.kind], args=[deadline.customer_id])
    if subject == "booking":
        return reverse("scheduling:booking-detail", args=[int(pk)])
    if subject == "incident":
        return reverse("incidents:incident-detail", args=[int(pk)])
    if deadline.kind in (Kind.REQUEST_CUTOFF, Kind.CONTRACT_YEAR_END):
        return f"{reverse('scheduling:booking-create')}?customer={deadline.customer_id}"
    return ""
