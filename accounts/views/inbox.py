"""What the portal told this person."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.actions import messages
from accounts.http import SignedInRequest
from accounts.http.addresses import numbered_page
from accounts.models import Message

PER_PAGE = 20


def inbox(request: SignedInRequest) -> HttpResponse:
    """The newest first; unread ones stand out, and alone if asked for."""
    rows = Message.objects.visible_to(request.user).select_related("customer")
    unread_only = "unread" in request.GET
    if unread_only:
        rows = rows.unread()
    page = numbered_page(request, rows, PER_PAGE)
    template = "accounts/inbox.html" + ("#rows" if request.htmx else "")
    return render(request, template, {"page_obj": page, "unread_only": unread_only})


@require_POST
def message_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a message as read and go to what it is about."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    messages.mark_read(messages=[message.pk], user=request.user, now=timezone.now())
    return redirect(message.link or "accounts:inbox")


@require_POST
def inbox_read(request: SignedInRequest) -> HttpResponse:
    """Mark everything as read that there is now."""
    messages.mark_all_read(user=request.user, now=timezone.now())
    return inbox(request) if request.htmx else redirect("accounts:inbox")
