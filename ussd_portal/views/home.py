"""The home of whoever is signed in."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http.requests import SignedInRequest
from accounts.http.tables import csv_answer
from accounts.models import User
from ussd_portal.queries.customer_home import read_customer_home
from ussd_portal.queries.queue import KIND_LABELS, QueueItem
from ussd_portal.queries.today import read_today
from ussd_portal.wording.bars import risk_bars


def home(request: SignedInRequest) -> HttpResponse:
    """Today for those who manage agreements, their own side for customers."""
    user = request.user
    if user.manages_agreements:
        return today(request, user)
    if user.is_customer:
        return customer_home(request, user)
    return redirect("admin:index")


def today(request: SignedInRequest, user: User) -> HttpResponse:
    """Figures, queue, portfolio, value at risk; the queue alone for HTMX."""
    now = timezone.now()
    customer, kind = request.GET.get("customer", ""), request.GET.get("kind", "")
    day = read_today(
        user,
        now=now,
        today=timezone.localdate(),
        customer=customer,
        kind=kind,
        everything="all" in request.GET,
    )
    template = "workspace/today.html" + ("#queue" if request.htmx else "")
    return render(
        request,
        template,
        {
            "day": day,
            "now": now,
            "bars": risk_bars(day.months, timezone.localdate()),
            "chosen_customer": customer,
            "chosen_kind": kind,
            "kinds": KIND_LABELS.items(),
        },
    )


def customer_home(request: SignedInRequest, user: User) -> HttpResponse:
    """What we have, what we have used, what we will lose and when, what to do next."""
    now = timezone.now()
    home = read_customer_home(user, now=now, today=timezone.localdate())
    return render(request, "workspace/customer_home.html", {"home": home, "now": now})


def queue_export(request: SignedInRequest) -> HttpResponse:
    """The attention queue as filtered, whole, as CSV; others than CSAMs find nothing."""
    user = request.user
    if not user.manages_agreements:
        raise Http404
    day = read_today(
        user,
        now=timezone.now(),
        today=timezone.localdate(),
        customer=request.GET.get("customer", ""),
        kind=request.GET.get("kind", ""),
        everything=True,
    )
    header = [_("Customer"), _("What"), _("Detail"), _("Due"), _("Time zone"), _("Clause")]
    return csv_answer(
        "queue",
        header,
        (
            [item.customer.name, item.title, item.detail, _local(item), item.zone, item.clause]
            for item in day.queue.rows
        ),
    )


def _local(item: QueueItem) -> str:
    return item.due_at.astimezone(ZoneInfo(item.zone)).isoformat() if item.due_at else ""
