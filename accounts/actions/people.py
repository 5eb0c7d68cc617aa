"""Who works with the portal: own settings, invitations, assignments."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from accounts.actions import doorbell, messages
from accounts.models import (
    ApiToken,
    Assignment,
    Customer,
    Invitation,
    Location,
    Membership,
    User,
)
from accounts.models.people import CUSTOMER_SIDE
from accounts.rules.refusal import Refused

INVITATION_LIVES = timedelta(days=14)
SECRET_BYTES = 32

# Whom a role may invite; the scope (customer, team) is the inviter's own.
INVITES: dict[str, tuple[str, ...]] = {
    User.Role.CSAM: tuple(sorted(CUSTOMER_SIDE)),
    User.Role.CSAM_LEAD: (User.Role.CSAM, *sorted(CUSTOMER_SIDE)),
    User.Role.CUSTOMER_ADMINISTRATOR: (User.Role.LOCATION_CONTACT, User.Role.CUSTOMER_VIEWER),
    User.Role.SYSTEM_ADMINISTRATOR: (
        User.Role.CSAM_LEAD,
        User.Role.CSAM,
        User.Role.CATALOGUE_ADMINISTRATOR,
        User.Role.SYSTEM_ADMINISTRATOR,
    ),
}


def change_language(*, user: User, language: str) -> None:
    """Keep the language in which the portal and its mails speak to `user`."""
    User.objects.filter(pk=user.pk).update(language=language)


def change_theme(*, user: User, theme: str) -> None:
    """Keep light, dark or as the device says."""
    User.objects.filter(pk=user.pk).update(theme=theme)


def change_profile(*, user: User) -> None:
    """Keep the validated settings of a profile form."""
    user.save(
        update_fields=[
            "name", "language", "time_zone", "theme", "reminder_mail", "informational_mail",
        ]
    )  # fmt: skip


@transaction.atomic
def deactivate(*, people: QuerySet[User], now: datetime) -> int:
    """Nobody of them signs in any more; their API tokens end. The number of people."""
    chosen = list(people.filter(is_active=True).values_list("pk", flat=True))
    ApiToken.objects.filter(user__in=chosen, revoked_at=None).update(revoked_at=now)
    return User.objects.filter(pk__in=chosen).update(is_active=False)


def reactivate(*, people: QuerySet[User]) -> int:
    """Let them sign in again, with new tokens if they need some. The number of people."""
    return people.filter(is_active=False).update(is_active=True)


def invitable_roles(user: User) -> tuple[str, ...]:
    """The roles that `user` may invite people to."""
    return INVITES.get(user.role, ())


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    role: str,
    language: str,
    by: User,
    now: datetime,
    customer: Customer | None = None,
    locations: Iterable[Location] = (),
) -> Invitation:
    """Offer a role within the inviter's own scope; the link goes out by mail.

    Refused for a role or customer outside the scope, and for somebody who is known.
    """
    if role not in invitable_roles(by):
        raise Refused("outside_your_scope", field="role")
    places = list(locations)
    if role in CUSTOMER_SIDE:
        _check_customer(role, customer, places, by)
    if User.objects.filter(email__iexact=email).exists():
        raise Refused("already_member", field="email")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        email=email.lower(),
        name=name,
        role=role,
        language=language,
        team=by.team if role in (User.Role.CSAM, User.Role.CSAM_LEAD) else None,
        customer=customer if role in CUSTOMER_SIDE else None,
        secret_hash=digest_of(secret),
        invited_by=by,
        invited_at=now,
        expires_at=now + INVITATION_LIVES,
    )
    invitation.locations.set(places)
    _send_invitation(invitation, secret, now)
    return invitation


def _check_customer(role: str, customer: Customer | None, places: list[Location], by: User) -> None:
    if customer is None or not Customer.objects.visible_to(by).filter(pk=customer.pk).exists():
        raise Refused("outside_your_scope", field="customer")
    if any(place.customer_id != customer.pk for place in places):
        raise Refused("outside_your_scope", field="locations")
    if role == User.Role.LOCATION_CONTACT and not places:
        raise Refused("no_locations", field="locations")


def _send_invitation(invitation: Invitation, secret: str, now: datetime) -> None:
    context = {
        "invitation": invitation,
        "link": f"{settings.BASE_URL}/invitations/{secret}/",
        "inviter": invitation.invited_by,
    }
    with translation.override(invitation.language):
        messages.write_mail(
            key=f"invitation:{invitation.pk}|email",
            address=invitation.email,
            language=invitation.language,
            subject_key=f"invitation:{invitation.pk}",
            subject=render_to_string("accounts/mail/invitation.subject.txt", context),
            text=render_to_string("accounts/mail/invitation.txt", context),
            html=render_to_string("accounts/mail/invitation.html", context),
            now=now,
        )
    doorbell.ring("accounts.tasks.drain_outbox")


def open_invitation(*, secret: str, now: datetime) -> Invitation:
    """The invitation that a link names; refused when it was used or has expired.

    Raises `Invitation.DoesNotExist` for an unknown secret.
    """
    invitation = Invitation.objects.get(secret_hash=digest_of(secret))
    if invitation.accepted_at is not None:
        raise Refused("invitation_used")
    if invitation.expires_at < now:
        raise Refused("invitation_expired")
    return invitation


@transaction.atomic
def accept_invitation(*, secret: str, password: str, time_zone: str, now: datetime) -> User:
    """Make the invited person, with the rights that were offered. Works once."""
    invitation = open_invitation(secret=secret, now=now)
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=now)
    if not taken:
        raise Refused("invitation_used")
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Refused("already_member")
    user = User.objects.create_user(
        invitation.email,
        password,
        name=invitation.name,
        role=invitation.role,
        language=invitation.language,
        time_zone=time_zone,
        team=invitation.team,
    )
    if invitation.customer is not None:
        membership = Membership.objects.create(user=user, customer=invitation.customer)
        membership.locations.set(invitation.locations.all())
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    return user


def revoke_invitation(*, invitation: Invitation, now: datetime) -> None:
    """The link opens nothing from now on."""
    done = Invitation.objects.open(now).filter(pk=invitation.pk)
    if not done.update(expires_at=now - timedelta(seconds=1)):
        raise Refused("invitation_used" if invitation.accepted_at else "invitation_expired")


def digest_of(secret: str) -> str:
    """How secrets of links are kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def assign_csam(
    *,
    customer: Customer,
    user: User,
    starts_on: date,
    by: User,
    ends_on: date | None = None,
    covers_for: User | None = None,
) -> Assignment:
    """Give a CSAM a customer, or let one stand in for a colleague until a date.

    Only the team's lead assigns, and only people of the team.
    """
    if by.role != User.Role.CSAM_LEAD or user.team_id != by.team_id or by.team_id is None:
        raise Refused("outside_your_scope", field="user")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("ends_before_start", field="ends_on")
    if covers_for is not None and ends_on is None:
        raise Refused("cover_without_end", field="ends_on")
    return Assignment.objects.create(
        customer=customer,
        user=user,
        starts_on=starts_on,
        ends_on=ends_on,
        covers_for=covers_for,
    )


def end_assignment(*, assignment: Assignment, on: date, by: User) -> None:
    """Let an assignment end with `on`."""
    if by.role != User.Role.CSAM_LEAD:
        raise Refused("not_allowed")
    Assignment.objects.filter(pk=assignment.pk).update(ends_on=max(on, assignment.starts_on))
