"""Who looks after a customer, and who covers for whom until when."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import people
from accounts.forms import AssignmentForm
from accounts.http import SignedInRequest, refusal_status
from accounts.models import Assignment, Customer, User
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words


def assignment_list(request: SignedInRequest, customer: int) -> HttpResponse:
    """The CSAMs of a customer; the team's lead assigns and covers here."""
    owner = get_object_or_404(Customer.objects.visible_to(request.user), pk=customer)
    is_lead = request.user.role == User.Role.CSAM_LEAD
    if request.method == "POST" and not is_lead:
        raise Http404
    form = AssignmentForm(request.POST or None, lead=request.user) if is_lead else None
    refusal = None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            people.assign_csam(customer=owner, by=request.user, **form.cleaned_data)
        except Refused as exc:
            refusal = exc
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:assignment-list", owner.pk)
    rows = Assignment.objects.visible_to(request.user).filter(customer=owner)
    context = {
        "customer": owner,
        "rows": rows.select_related("user", "covers_for").order_by("ends_on", "starts_on"),
        "today": timezone.localdate(),
        "form": form,
        "refusal": refusal,
    }
    wrong = form is not None and form.errors
    status = refusal_status(refusal) if refusal else 422 if wrong else 200
    return render(request, "accounts/assignment_list.html", context, status=status)


@require_POST
def assignment_end(request: SignedInRequest, customer: int, pk: int) -> HttpResponse:
    """Let an assignment end today."""
    rows = Assignment.objects.visible_to(request.user)
    row = get_object_or_404(rows, pk=pk, customer=customer)
    try:
        people.end_assignment(assignment=row, on=timezone.localdate(), by=request.user)
        messages.success(request, _("The assignment ends today."))
    except Refused as exc:
        messages.error(request, refusal_words(exc).sentence)
    return redirect("accounts:assignment-list", customer)
