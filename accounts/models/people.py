"""People: users in seven roles, their memberships, invitations and API tokens."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import EmailValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.customers import Customer, Location, Team
from accounts.models.tenancy import TenantQuerySet, customers_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class UserQuerySet(models.QuerySet["User"]):
    """People; everybody knows themselves and those around the same customers."""

    def visible_to(self, user: "User | AnonymousUser") -> "UserQuerySet":
        """Oneself; for staff the team and the customers' people; for a customer its own.

        System administrators know everybody, it is their work.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.role == User.Role.SYSTEM_ADMINISTRATOR:
            return self
        known = Q(pk=user.pk)
        if user.manages_agreements or user.role == User.Role.CUSTOMER_ADMINISTRATOR:
            around = Membership.objects.filter(customer__in=customers_of(user))
            known |= Q(pk__in=around.values("user"))
        if user.manages_agreements and user.team_id:
            known |= Q(team=user.team_id)
        return self.filter(known)


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is the name."""

    def get_queryset(self) -> UserQuerySet:
        """With the vocabulary of people."""
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: "User | AnonymousUser") -> UserQuerySet:
        """The people that `user` may see."""
        return self.get_queryset().visible_to(user)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; without a password nobody can sign in as them yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a system administrator who may do everything in the administration."""
        fields.setdefault("role", User.Role.SYSTEM_ADMINISTRATOR)
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by e-mail without regard to case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The role says what they may do, assignments and memberships where."""

    class Role(models.TextChoices):
        """The seven roles; a person has one."""

        CSAM = "csam", _("Customer success account manager")
        CSAM_LEAD = "csam_lead", _("CSAM lead")
        CUSTOMER_ADMINISTRATOR = "customer_administrator", _("Customer administrator")
        LOCATION_CONTACT = "location_contact", _("Location contact")
        CUSTOMER_VIEWER = "customer_viewer", _("Customer viewer")
        CATALOGUE_ADMINISTRATOR = "catalogue_administrator", _("Catalogue administrator")
        SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")

    class Theme(models.TextChoices):
        """Light, dark, or as the device says."""

        AUTO = "auto", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    class ReminderMail(models.TextChoices):
        """How account managers are reminded by mail; the inbox tells everything at once."""

        EACH = "each", _("a mail for each reminder")
        WEEKLY = "weekly", _("one digest on Mondays")

    email = models.EmailField(_("e-mail"), unique=True, validators=[EmailValidator()])
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=30, choices=Role)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[("en", "English"), ("zh-hans", "简体中文")],
        default="en",
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("team")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    informational_mail = models.BooleanField(
        _("informational mail"),
        default=True,
        help_text=_("Off: newsletters stop; notices of deadlines and incidents stay (2.7-T33)."),
    )
    reminder_mail = models.CharField(
        _("reminders by mail"),
        max_length=6,
        choices=ReminderMail,
        default=ReminderMail.EACH,
        help_text=_("What a digest would tell too late still comes as a mail of its own."),
    )
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_whatever_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, for libraries that ask."""
        return self.name

    def get_short_name(self) -> str:
        """The name, for libraries that ask."""
        return self.name

    @property
    def is_staff(self) -> bool:
        """May open the administration."""
        return self.is_superuser or self.role in ADMINISTRATORS

    @property
    def manages_agreements(self) -> bool:
        """CSAM or lead: drafts, executes, schedules, approves."""
        return self.role in ACCOUNT_MANAGERS

    @property
    def is_customer(self) -> bool:
        """Sits on the customer's side."""
        return self.role in CUSTOMER_SIDE

    @property
    def has_digest(self) -> bool:
        """Chose one mail a week instead of one a reminder."""
        return self.manages_agreements and self.reminder_mail == self.ReminderMail.WEEKLY

    @property
    def may_act_for_customer(self) -> bool:
        """Requests services, opens incidents; everybody with customers but the viewer."""
        return self.role in ACCOUNT_MANAGERS | {
            self.Role.CUSTOMER_ADMINISTRATOR,
            self.Role.LOCATION_CONTACT,
        }


ACCOUNT_MANAGERS = frozenset({User.Role.CSAM, User.Role.CSAM_LEAD})
CUSTOMER_SIDE = frozenset(
    {User.Role.CUSTOMER_ADMINISTRATOR, User.Role.LOCATION_CONTACT, User.Role.CUSTOMER_VIEWER}
)
ADMINISTRATORS = frozenset({User.Role.CATALOGUE_ADMINISTRATOR, User.Role.SYSTEM_ADMINISTRATOR})


class MembershipQuerySet(TenantQuerySet["Membership"]):
    """Memberships, seen with their customer."""


class Membership(models.Model):
    """A customer's person and, for a location contact, the locations they act for."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="memberships")
    locations = models.ManyToManyField(Location, blank=True, related_name="memberships")
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "customer"], name="membership_once"),
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations; seen by who sent them and by those who could have."""

    def visible_to(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        """One's own; a lead's and customer administrator's whole scope; staff's for the system."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        seen = Q(invited_by=user)
        if user.role in {User.Role.CSAM_LEAD, User.Role.CUSTOMER_ADMINISTRATOR}:
            seen |= Q(customer__in=customers_of(user))
        if user.role == User.Role.CSAM_LEAD and user.team_id:
            seen |= Q(customer=None, team=user.team_id)
        if user.role == User.Role.SYSTEM_ADMINISTRATOR:
            seen |= Q(customer=None)
        return self.filter(seen)

    def open(self, now: datetime) -> "InvitationQuerySet":
        """Neither accepted nor expired."""
        return self.filter(accepted_at=None, expires_at__gte=now)


class Invitation(models.Model):
    """An offer to join, sent by mail; the link's secret is kept as a hash."""

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=30, choices=User.Role)
    language = models.CharField(_("language"), max_length=10, default="en")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, blank=True)
    locations = models.ManyToManyField(Location, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_sent")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="invitation"
    )
    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at"]


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens; a person's own alone."""

    def visible_to(self, user: "User | AnonymousUser") -> "ApiTokenQuerySet":
        """A person's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class ApiToken(models.Model):
    """A person's key to the API: shown once, kept as a SHA-256 hash, revocable."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(
        max_length=8, help_text=_("The first characters, to tell tokens apart.")
    )
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]


class IdempotencyKey(models.Model):
    """The answer to a request that moved value, kept in the transaction of its effect."""

    user = models.ForeignKey(User, models.CASCADE)
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once"),
            models.CheckConstraint(condition=~Q(key=""), name="idempotency_key_not_empty"),
        ]
