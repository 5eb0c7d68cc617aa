"""The administration of people, places and the outbox."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from accounts.actions import customers, keys, outbox, people
from accounts.forms import WeekendField
from accounts.models import (
    ApiToken,
    Assignment,
    Contact,
    Customer,
    Invitation,
    Location,
    LocationHoliday,
    Membership,
    Message,
    Team,
    User,
)
from accounts.wording.choices import zone_choices


class ZoneFromList:
    """Zones and weekends are chosen, never typed: an unknown word would stop every clock of it."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A select for zones, days to tick for weekends, the usual for all else."""
        match db_field.name:
            case "time_zone":
                return forms.ChoiceField(label=db_field.verbose_name, choices=zone_choices)
            case "weekend":
                return WeekendField()
            case _:
                return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class NeverDeleted:
    """Rows that history and other rows refer to: they are switched off, not removed."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class OnlyRead(NeverDeleted):
    """Rows that actions write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin[Team]):
    """Teams."""

    search_fields = ("name",)


class MembershipInline(admin.TabularInline[Membership, User]):
    """Where a customer's person belongs; customers' data, so for superusers alone."""

    model = Membership
    extra = 0
    autocomplete_fields = ("customer", "locations")


@admin.register(User)
class UserAdmin(ZoneFromList, NeverDeleted, admin.ModelAdmin[User]):
    """People. They join by invitation; here they are found, corrected and deactivated."""

    list_display = ("name", "email", "role", "team", "is_active", "last_login")
    list_filter = ("role", "is_active", "team", "language")
    search_fields = ("name", "email")
    list_select_related = ("team",)
    ordering = ("name", "pk")
    fields = (
        "email",
        "name",
        "role",
        "team",
        "language",
        "time_zone",
        "theme",
        "informational_mail",
        "is_active",
        "last_login",
        "joined_at",
    )
    readonly_fields = ("last_login", "joined_at")
    inlines = (MembershipInline,)
    actions = ("deactivate", "reactivate")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: people are invited."""
        return False

    @admin.action(description=_("Deactivate: sign-ins and API tokens end"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Oneself is left out."""
        done = people.deactivate(
            people=queryset.exclude(email=request.user.get_username()), now=timezone.now()
        )
        messages.success(request, _("Deactivated: %(n)s") % {"n": done})

    @admin.action(description=_("Let sign in again"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Tokens stay revoked."""
        done = people.reactivate(people=queryset)
        messages.success(request, _("May sign in again: %(n)s") % {"n": done})


@admin.register(Invitation)
class InvitationAdmin(OnlyRead, admin.ModelAdmin[Invitation]):
    """Who was invited by whom, without the link."""

    list_display = ("email", "name", "role", "invited_by", "invited_at", "accepted_at")
    list_filter = ("role",)
    search_fields = ("email", "name")
    list_select_related = ("invited_by",)
    fields = (
        "email",
        "name",
        "role",
        "invited_by",
        "invited_at",
        "expires_at",
        "accepted_at",
        "accepted_by",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """Those within one's own scope."""
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.visible_to(request.user)  # type: ignore[attr-defined]


@admin.register(ApiToken)
class ApiTokenAdmin(OnlyRead, admin.ModelAdmin[ApiToken]):
    """Keys to the API, without their secrets."""

    list_display = ("user", "name", "hint", "created_at", "last_used_at", "revoked_at")
    search_fields = ("user__email", "user__name", "name")
    list_select_related = ("user",)
    fields = list_display
    readonly_fields = fields
    actions = ("revoke",)

    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """They open nothing from now on."""
        for token in queryset:
            keys.revoke_token(token=token, now=timezone.now())
        messages.success(request, _("Revoked: %(n)s") % {"n": len(queryset)})


class MessageState(admin.SimpleListFilter):
    """Where a mail stands."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Waiting, sent, dead."""
        return [("waiting", _("waiting")), ("sent", _("sent")), ("dead", _("given up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """Narrowed."""
        wanted: dict[str, dict[str, Any]] = {
            "waiting": {"sent_at": None, "dead_at": None},
            "sent": {"sent_at__isnull": False},
            "dead": {"dead_at__isnull": False},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(Message)
class MessageAdmin(OnlyRead, admin.ModelAdmin[Message]):
    """The outbox as operations see it: envelopes and errors, not what is written."""

    list_display = ("subject_key", "address", "due_at", "attempts", "sent_at", "dead_at")
    list_filter = (MessageState,)
    search_fields = ("address", "subject_key")
    fields = (
        "subject_key",
        "channel",
        "address",
        "language",
        "created_at",
        "due_at",
        "attempts",
        "lease_until",
        "sent_at",
        "dead_at",
        "last_error",
    )
    readonly_fields = fields
    actions = ("send_again",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Mails; what is in people's inboxes is theirs."""
        return super().get_queryset(request).filter(channel=Message.Channel.EMAIL)

    @admin.action(description=_("Bring given-up mails back"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Eight more attempts each."""
        dead = queryset.filter(dead_at__isnull=False)
        for message in dead:
            outbox.resend(message=message, now=timezone.now())
        messages.success(request, _("Back in the outbox: %(n)s") % {"n": len(dead)})


class LocationInline(admin.TabularInline[Location, Customer]):
    """A customer's locations at a glance."""

    model = Location
    extra = 0
    fields = ("name", "role", "country", "time_zone", "currency", "tax_exception")
    show_change_link = True


@admin.register(Customer)
class CustomerAdmin(NeverDeleted, SimpleHistoryAdmin):  # type: ignore[misc]
    """Customers."""

    list_display = ("name", "short_name", "team", "currency")
    list_filter = ("team", "currency")
    search_fields = ("name", "short_name")
    list_select_related = ("team",)
    exclude = ("dates_stale",)
    inlines = (LocationInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A location's zone may have changed: the customer's open dates are reckoned again."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            customers.reckon_again(form.instance.pk)


class HolidayInline(admin.TabularInline[LocationHoliday, Location]):
    """Own days off and working days."""

    model = LocationHoliday
    extra = 0


@admin.register(Location)
class LocationAdmin(ZoneFromList, NeverDeleted, SimpleHistoryAdmin):  # type: ignore[misc]
    """Support locations with their calendars."""

    list_display = ("name", "customer", "role", "country", "time_zone", "tax_exception")
    list_filter = ("role", "tax_exception", "country")
    search_fields = ("name", "customer__name")
    list_select_related = ("customer",)
    autocomplete_fields = ("customer",)
    inlines = (HolidayInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Zone, hours or days off: the customer's open dates are reckoned again, as by the page."""
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            earlier = form.initial.get("customer") or form.instance.customer_id
            customers.reckon_again(form.instance.customer_id, earlier)


@admin.register(Contact)
class ContactAdmin(SimpleHistoryAdmin):  # type: ignore[misc]
    """Contacts by duty."""

    list_display = ("name", "role", "customer", "location", "email")
    list_filter = ("role",)
    search_fields = ("name", "email", "customer__name")
    list_select_related = ("customer", "location")
    autocomplete_fields = ("customer", "location", "user")


@admin.register(Assignment)
class AssignmentAdmin(NeverDeleted, SimpleHistoryAdmin):  # type: ignore[misc]
    """Who looks after whom, since and until when."""

    list_display = ("customer", "user", "covers_for", "starts_on", "ends_on")
    list_filter = ("user",)
    search_fields = ("customer__name", "user__name")
    list_select_related = ("customer", "user", "covers_for")
    autocomplete_fields = ("customer", "user", "covers_for")
    date_hierarchy = "starts_on"
