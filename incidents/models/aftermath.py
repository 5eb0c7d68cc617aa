"""What is learnt afterwards: reviews, event summaries, problems, and the actions that follow."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location, TenantQuerySet, User
from incidents.models.incidents import Incident
from services.scheduling.models import Booking, SuccessActivity
from workorders.models import WorkOrder

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ReviewQuerySet(TenantQuerySet["IncidentReview"]):
    """Seen by those who see the incident."""

    customer_path = "incident__customer"
    location_path = "incident__location"


class IncidentReview(models.Model):
    """The review after a severity 1 under UER (2.5-UE8). The text names no date for it."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="review")
    participants = models.JSONField(_("takes part by the text"), default=list)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    held_on = models.DateField(_("held"), null=True, blank=True)
    held_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    attendees = models.TextField(_("who was there"), blank=True)
    went_well = models.TextField(_("what went well"), blank=True)
    to_improve = models.TextField(_("what to improve"), blank=True)
    created_at = models.DateTimeField()
    clauses = models.JSONField(_("clauses"), default=list, blank=True)
    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on=None) | ~Q(attendees="") & ~Q(went_well="") & ~Q(to_improve=""),
                name="review_held_with_its_outcome",
            ),
        ]

    def __str__(self) -> str:
        return str(self.incident)


class EventSummaryQuerySet(TenantQuerySet["EventSummary"]):
    """Seen by those who see its booking."""

    location_path = "booking__location"


class EventSummary(models.Model):
    """The summary after an Azure event: every incident opened in its window (A-AE9)."""

    booking = models.OneToOneField(Booking, models.CASCADE, related_name="incident_summary")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="event_summaries")
    created_at = models.DateTimeField()
    text = models.TextField(_("summary"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    objects = EventSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("event summary")
        verbose_name_plural = _("event summaries")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(text=""), name="event_summary_closed_with_words"
            ),
        ]

    def __str__(self) -> str:
        return str(self.booking)


class ProblemQuerySet(TenantQuerySet["Problem"]):
    """Seen by those who see one of its incidents, by the whole customer otherwise."""

    def visible_to(self, user: "User | AnonymousUser") -> "ProblemQuerySet":
        """A location contact sees those with an incident at their locations."""
        mine = super().visible_to(user)
        if user.is_authenticated and user.role == User.Role.LOCATION_CONTACT:
            at_theirs = Incident.objects.visible_to(user)
            return mine.filter(incidents__in=at_theirs).distinct()
        return mine


class Problem(models.Model):
    """The common cause of recurring incidents (2.4-AP22)."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="problems", verbose_name=_("customer")
    )
    title = models.CharField(_("title"), max_length=160)
    cause = models.TextField(_("cause, as far as known"), blank=True)
    incidents = models.ManyToManyField(Incident, related_name="problems")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(solved_at=None) | Q(solved_at__gte=F("opened_at")),
                name="problem_solved_after_it_was_opened",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="problem_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class FollowUpQuerySet(TenantQuerySet["FollowUp"]):
    """Seen by those who see its incident or problem."""

    def visible_to(self, user: "User | AnonymousUser") -> "FollowUpQuerySet":
        """A location contact sees those of incidents and problems at their locations."""
        mine = super().visible_to(user)
        if user.is_authenticated and user.role == User.Role.LOCATION_CONTACT:
            incidents = Incident.objects.visible_to(user).values("pk")
            problems = Problem.objects.visible_to(user).values("pk")
            return mine.filter(Q(incident__in=incidents) | Q(problem__in=problems))
        return mine


class FollowUp(models.Model):
    """An action that follows from a review, a summary, a problem or an analysis."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="follow_ups")
    incident = models.ForeignKey(
        Incident, models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    problem = models.ForeignKey(
        Problem, models.CASCADE, null=True, blank=True, related_name="follow_ups"
    )
    activity = models.ForeignKey(
        SuccessActivity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("activity of a success plan"),
    )
    text = models.CharField(_("action"), max_length=300)
    owner = models.CharField(_("who does it"), max_length=120)
    due_on = models.DateField(_("until"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("action after an incident")
        verbose_name_plural = _("actions after incidents")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False, problem=None)
                | Q(incident=None, problem__isnull=False),
                name="follow_up_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class EmergencyStartQuerySet(TenantQuerySet["EmergencyStart"]):
    """Seen by those who see its location."""

    location_path = "location"


class EmergencyStart(models.Model):
    """Cyberattack work that began on the customer's word, before its contract (2.4-IR4, IR5)."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="emergency_starts", verbose_name=_("customer")
    )
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, models.PROTECT, related_name="+", verbose_name=_("location")
    )
    emergency = models.TextField(_("what happens"))
    scope = models.TextField(_("scope of the work, as agreed"), blank=True)
    authorised_by = models.CharField(_("authorised by"), max_length=120)
    authorised_at = models.DateTimeField(_("authorised"))
    signs_promptly = models.BooleanField(_("the contract is executed soon"))
    pays_before_signature = models.BooleanField(_("work before execution is paid"))
    bears_risk = models.BooleanField(_("the risk of authorised work is the customer's"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    signed_on = models.DateField(_("contract executed"), null=True, blank=True)
    submission_key = models.CharField(
        max_length=140, null=True, blank=True, unique=True, editable=False
    )
    objects = EmergencyStartQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency start")
        verbose_name_plural = _("emergency starts")
        ordering = ["-authorised_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signs_promptly=True, pays_before_signature=True, bears_risk=True),
                name="emergency_start_acknowledged",
            ),
            models.CheckConstraint(
                condition=~Q(emergency="") & ~Q(authorised_by=""),
                name="emergency_start_authorised",
            ),
        ]

    def __str__(self) -> str:
        return str(self.customer)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Seen by their owner."""

    def visible_to(self, user: "User | AnonymousUser") -> "SavedViewQuerySet":
        """The person's own."""
        return self.filter(owner=user.pk) if user.is_authenticated else self.none()


class SavedView(models.Model):
    """A person's own name for a set of filters of the queue."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="incident_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500)
    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once"),
        ]

    def __str__(self) -> str:
        return self.name
