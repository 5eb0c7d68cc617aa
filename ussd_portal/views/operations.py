"""What the system administrator looks at when mail doesn't arrive."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.actions.operations import resend_messages
from accounts.http import SignedInRequest
from accounts.models import Message, User
from ussd_portal.queries.operations import dead_letters, read_operations
from ussd_portal.wording.sweeps import described


def operations(request: SignedInRequest) -> HttpResponse:
    """Queue, sweeps, dead letters; asks again by itself."""
    _require_operator(request)
    now = timezone.now()
    state = read_operations(now)
    context = {
        "state": state,
        "sweeps": [(described(sweep.name), sweep) for sweep in state.sweeps],
        "letters": dead_letters(),
        "now": now,
    }
    template = "workspace/operations.html" + ("#state" if request.htmx else "")
    return render(request, template, context)


@require_POST
def message_resend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Try a dead letter again."""
    _require_operator(request)
    message = get_object_or_404(Message, pk=pk, channel=Message.Channel.EMAIL)
    return _resent(request, resend_messages(by=request.user, now=timezone.now(), message=message))


@require_POST
def messages_resend(request: SignedInRequest) -> HttpResponse:
    """Try all dead letters again."""
    _require_operator(request)
    return _resent(request, resend_messages(by=request.user, now=timezone.now()))


def _require_operator(request: SignedInRequest) -> None:
    """For everybody but system administrators there is no such page."""
    if request.user.role != User.Role.SYSTEM_ADMINISTRATOR:
        raise Http404


def _resent(request: SignedInRequest, count: int) -> HttpResponse:
    said = ngettext(
        "%(count)s message is in the queue again.", "%(count)s messages are in the queue again.",
        count,
    ) % {"count": count}  # fmt: skip
    messages.success(request, said)
    return redirect("operations")
