"""People and invitations within one's own scope."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.actions import people
from accounts.forms import AcceptForm, InvitationForm
from accounts.http import SignedInRequest, refusal_status
from accounts.http.addresses import numbered_page
from accounts.models import Invitation, User
from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words

PER_PAGE = 25


def person_list(request: SignedInRequest) -> HttpResponse:
    """Everybody around oneself, and the invitations under way."""
    _must_invite(request.user)
    rows = User.objects.visible_to(request.user).select_related("team")
    rows = rows.prefetch_related("memberships__customer", "memberships__locations")
    page = numbered_page(request, rows.order_by("name", "pk"), PER_PAGE)
    now = timezone.now()
    invitations = Invitation.objects.visible_to(request.user).open(now)
    return render(
        request,
        "accounts/person_list.html",
        {
            "page_obj": page,
            "invitations": invitations.select_related("customer", "invited_by"),
        },
    )


def invitation_create(request: SignedInRequest) -> HttpResponse:
    """Invite somebody; the roles and places offered are the inviter's own."""
    _must_invite(request.user)
    form = InvitationForm(
        request.POST or None, inviter=request.user, roles=list(people.invitable_roles(request.user))
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            invitation = people.invite_person(
                by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except Refused as exc:
            refusal = exc
        else:
            messages.success(
                request, _("%(email)s is invited by mail.") % {"email": invitation.email}
            )
            return redirect("accounts:person-list")
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    return render(
        request, "accounts/invitation_form.html", {"form": form, "refusal": refusal}, status=status
    )


@require_POST
def invitation_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an invitation back before it is accepted."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        people.revoke_invitation(invitation=invitation, now=timezone.now())
        messages.success(request, _("The invitation is taken back."))
    except Refused as exc:
        messages.error(request, refusal_words(exc).sentence)
    return redirect("accounts:person-list")


@login_not_required
@never_cache
@sensitive_post_parameters()
def invitation_accept(request: HttpRequest, secret: str) -> HttpResponse:
    """The invited person chooses a password and is signed in. The link works once."""
    try:
        invitation = people.open_invitation(secret=secret, now=timezone.now())
    except Invitation.DoesNotExist:
        raise Http404 from None
    except Refused as exc:
        return render(request, "accounts/invitation_accept.html", {"refusal": exc}, status=410)
    if not request.user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(invitation.language)
    form = AcceptForm(request.POST or None, person=_prospect(invitation))
    context = {"invitation": invitation, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            user = people.accept_invitation(
                secret=secret,
                password=form.cleaned_data["password"],
                time_zone=form.cleaned_data["time_zone"],
                now=timezone.now(),
            )
        except Refused as exc:
            context = {"refusal": exc}
            return render(request, "accounts/invitation_accept.html", context, status=409)
        login(request, user, backend="accounts.http.people.RoleBackend")
        return redirect("home")
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation_accept.html", context, status=status)


def _prospect(invitation: Invitation) -> User:
    """Not saved: lets the password be compared with name and address."""
    return User(email=invitation.email, name=invitation.name)


def _must_invite(user: User) -> None:
    if not people.invitable_roles(user):
        raise Http404
