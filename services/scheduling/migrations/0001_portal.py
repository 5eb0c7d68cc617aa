"""Bookings and all that leads to them.

It replaces the steps by which these tables came to be before the first release.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.migrations._together import Together


class Migration(migrations.Migration):
    replaces = [
        ("scheduling", "0001_initial"),
        ("scheduling", "0002_engineers"),
        ("scheduling", "0003_plans"),
        ("scheduling", "0004_series"),
        ("scheduling", "0005_hours"),
        ("scheduling", "0006_success"),
        ("scheduling", "0007_workshops"),
        ("scheduling", "0008_guests"),
        ("scheduling", "0009_events_meetings_data"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_portal"),
        ("catalog", "0001_portal"),
        ("workorders", "0001_portal"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Booking",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(max_length=20, unique=True, verbose_name="reference"),
                        ),
                        (
                            "title",
                            models.CharField(
                                blank=True,
                                help_text="Empty: the name of the service.",
                                max_length=160,
                                verbose_name="title",
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="starts")),
                        ("ends_at", models.DateTimeField(verbose_name="ends")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("remote", "remote"),
                                    ("onsite", "onsite"),
                                    ("online", "online"),
                                ],
                                default="remote",
                                max_length=8,
                                verbose_name="mode",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(
                                default="en",
                                help_text="The one that will be used.",
                                max_length=10,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "language_wanted",
                            models.CharField(
                                blank=True, max_length=10, verbose_name="language asked for"
                            ),
                        ),
                        (
                            "language_agreed",
                            models.BooleanField(
                                default=False, verbose_name="language agreed in writing"
                            ),
                        ),
                        (
                            "attendees",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="attendees"
                            ),
                        ),
                        (
                            "minimum_attendees",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="minimum enrolment"
                            ),
                        ),
                        (
                            "work",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("onboarding", "onboarding and discovery"),
                                    ("acceleration", "acceleration work"),
                                ],
                                max_length=12,
                                verbose_name="kind of work",
                            ),
                        ),
                        (
                            "event_solution",
                            models.CharField(
                                blank=True, max_length=160, verbose_name="Azure solution"
                            ),
                        ),
                        (
                            "event_cloud",
                            models.CharField(blank=True, max_length=20, verbose_name="cloud"),
                        ),
                        (
                            "event_confirmed_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="confirmed in writing on"
                            ),
                        ),
                        (
                            "short_notice_agreed",
                            models.BooleanField(default=False, verbose_name="short notice agreed"),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        ("fee_minor", models.BigIntegerField(default=0, verbose_name="fee")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "terms",
                            models.JSONField(
                                help_text="Frozen at booking.", verbose_name="cancellation terms"
                            ),
                        ),
                        (
                            "written_agreement",
                            models.BooleanField(
                                default=False, verbose_name="onsite agreed in writing"
                            ),
                        ),
                        (
                            "fee_recorded",
                            models.BooleanField(default=False, verbose_name="fee recorded"),
                        ),
                        (
                            "visit_prepaid",
                            models.BooleanField(
                                default=False, verbose_name="visit paid in advance"
                            ),
                        ),
                        (
                            "travel_billed",
                            models.BooleanField(default=False, verbose_name="travel is billed"),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        ("booked_at", models.DateTimeField()),
                        ("delivered_at", models.DateTimeField(blank=True, null=True)),
                        ("delivered_quantity", models.BigIntegerField(blank=True, null=True)),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "cancelled_for",
                            models.CharField(
                                blank=True,
                                choices=[("customer", "customer"), ("microsoft", "Microsoft")],
                                max_length=10,
                            ),
                        ),
                        ("cancellation_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "charge",
                            models.JSONField(
                                blank=True, help_text="The explained charge.", null=True
                            ),
                        ),
                        (
                            "charge_minor",
                            models.BigIntegerField(blank=True, null=True, verbose_name="charge"),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "booked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings_made",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings_cancelled",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "delivered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries_recorded",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entitlement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings",
                                to="workorders.entitlement",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "moved_to",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moved_from",
                                to="scheduling.booking",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings",
                                to="workorders.workorder",
                            ),
                        ),
                        (
                            "series",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings",
                                to="scheduling.series",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "booking",
                        "verbose_name_plural": "bookings",
                        "ordering": ["starts_at", "pk"],
                        "indexes": [
                            models.Index(fields=["customer", "starts_at"], name="booking_customer"),
                            models.Index(fields=["starts_at"], name="booking_starts"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="booking_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("delivered_at", None), ("cancelled_at", None), _connector="OR"
                                ),
                                name="booking_delivered_or_cancelled",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fee_minor__gte", 0), ("quantity__gt", 0)),
                                name="booking_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("cancelled_at", None), ("cancelled_by", None)),
                                    models.Q(
                                        ("cancelled_at__isnull", False),
                                        ("cancelled_by__isnull", False),
                                        models.Q(("cancelled_for", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="booking_cancelled_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("delivered_at", None),
                                        ("delivered_by", None),
                                        ("delivered_quantity", None),
                                    ),
                                    models.Q(
                                        ("delivered_at__isnull", False),
                                        ("delivered_by__isnull", False),
                                        ("delivered_quantity__gt", 0),
                                        ("delivered_quantity__lte", models.F("quantity")),
                                    ),
                                    _connector="OR",
                                ),
                                name="booking_delivered_at_most_booked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("charge_minor", None),
                                    models.Q(
                                        ("cancelled_at__isnull", False),
                                        ("charge_minor__gte", 0),
                                        ("charge_minor__lte", models.F("fee_minor")),
                                    ),
                                    _connector="OR",
                                ),
                                name="booking_charged_at_most_its_fee",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Engineer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "email",
                            models.EmailField(max_length=254, unique=True, verbose_name="e-mail"),
                        ),
                        (
                            "focus",
                            models.CharField(
                                blank=True,
                                help_text="Products and subjects.",
                                max_length=160,
                                verbose_name="focus",
                            ),
                        ),
                        (
                            "time_zone",
                            models.CharField(
                                default="UTC", max_length=64, verbose_name="time zone"
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(default=True, verbose_name="can be assigned"),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="engineers",
                                to="accounts.team",
                                verbose_name="team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "engineer",
                        "verbose_name_plural": "engineers",
                        "ordering": ["name", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="EngineerAssignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("assigned_at", models.DateTimeField()),
                        (
                            "assigned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "booking",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="engineer_assignments",
                                to="scheduling.booking",
                            ),
                        ),
                        (
                            "engineer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="scheduling.engineer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "assignment of an engineer",
                        "verbose_name_plural": "assignments of engineers",
                        "ordering": ["engineer__name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("booking", "engineer"), name="engineer_once_in_a_booking"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EngineerSlot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="starts")),
                        (
                            "assignment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="slots",
                                to="scheduling.engineerassignment",
                            ),
                        ),
                        (
                            "engineer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="slots",
                                to="scheduling.engineer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "slot of an engineer",
                        "verbose_name_plural": "slots of engineers",
                        "ordering": ["starts_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("engineer", "starts_at"), name="engineer_slot_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EventBrief",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("load", "expected high load"),
                                    ("features", "new features on Azure"),
                                    ("solution", "new solution on Azure"),
                                    ("migration", "migration to Azure"),
                                ],
                                max_length=10,
                                verbose_name="kind of event",
                            ),
                        ),
                        ("goal", models.CharField(max_length=300, verbose_name="business goal")),
                        (
                            "scope",
                            models.CharField(
                                blank=True,
                                help_text="Subscriptions of the same configuration that depend on each other.",
                                max_length=500,
                                verbose_name="subscriptions",
                            ),
                        ),
                        ("events_by_default", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "booking",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="event_brief",
                                to="scheduling.booking",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="event_briefs",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "brief of an Azure event",
                        "verbose_name_plural": "briefs of Azure events",
                    },
                ),
                migrations.CreateModel(
                    name="EventRisk",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "area",
                            models.CharField(
                                choices=[
                                    ("uptime", "uptime"),
                                    ("stability", "stability"),
                                    ("capacity", "capacity"),
                                    ("resiliency", "resiliency"),
                                ],
                                max_length=10,
                                verbose_name="area",
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="risk")),
                        (
                            "advice",
                            models.CharField(
                                blank=True, max_length=500, verbose_name="what to do about it"
                            ),
                        ),
                        (
                            "owner",
                            models.CharField(
                                choices=[
                                    ("csam", "customer success account manager"),
                                    ("customer", "customer"),
                                    ("microsoft", "Microsoft"),
                                ],
                                max_length=10,
                                verbose_name="whose turn",
                            ),
                        ),
                        (
                            "owner_name",
                            models.CharField(blank=True, max_length=120, verbose_name="who"),
                        ),
                        ("found_at", models.DateTimeField()),
                        (
                            "told_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="told in writing"
                            ),
                        ),
                        (
                            "settled_on",
                            models.DateField(blank=True, null=True, verbose_name="settled on"),
                        ),
                        (
                            "settled_as",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("mitigated", "mitigated"),
                                    ("accepted", "accepted by the customer"),
                                ],
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        (
                            "settled_note",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="what was done"
                            ),
                        ),
                        (
                            "booking",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="event_risks",
                                to="scheduling.booking",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="event_risks",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "found_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="event_risks_found",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="event_risks_settled",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "risk of an Azure event",
                        "verbose_name_plural": "risks of Azure events",
                        "ordering": ["found_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("settled_as", ""),
                                        ("settled_by", None),
                                        ("settled_on", None),
                                    ),
                                    models.Q(
                                        ("settled_by__isnull", False),
                                        ("settled_on__isnull", False),
                                        models.Q(("settled_as", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="event_risk_settled_somehow",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Guest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("remote", "remote"),
                                    ("onsite", "onsite"),
                                    ("online", "online"),
                                ],
                                default="remote",
                                max_length=8,
                                verbose_name="mode",
                            ),
                        ),
                        (
                            "people",
                            models.PositiveIntegerField(default=1, verbose_name="participants"),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        ("added_at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "booking",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guests",
                                to="scheduling.booking",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="guest_visits",
                                to="accounts.location",
                                verbose_name="location",
                            ),
                        ),
                        (
                            "permitted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="permitted by",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "remote participation",
                        "verbose_name_plural": "remote participations",
                        "ordering": ["booking", "location__name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at", None)),
                                fields=("booking", "location"),
                                name="guests_of_a_location_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("people__gt", 0)), name="guests_are_people"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                                    models.Q(
                                        ("withdrawn_at__isnull", False),
                                        ("withdrawn_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="guests_withdrawn_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HourLog",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("worked_on", models.DateField(verbose_name="worked on")),
                        ("minutes", models.PositiveIntegerField(verbose_name="minutes")),
                        ("note", models.CharField(max_length=300, verbose_name="what was done")),
                        ("logged_at", models.DateTimeField()),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hour_logs",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "engineer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hour_logs",
                                to="scheduling.engineer",
                            ),
                        ),
                        (
                            "entitlement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hour_logs",
                                to="workorders.entitlement",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hour_logs",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "logged_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hours_logged",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hour_logs",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "logged hours",
                        "verbose_name_plural": "logged hours",
                        "ordering": ["-worked_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("minutes__gt", 0)), name="hour_log_positive"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImprovementPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="title")),
                        (
                            "focus",
                            models.CharField(
                                choices=[
                                    ("resiliency", "resiliency"),
                                    ("security", "security"),
                                    ("performance", "performance"),
                                    ("cost", "cost"),
                                ],
                                max_length=12,
                                verbose_name="focus",
                            ),
                        ),
                        ("wanted_from", models.DateField(verbose_name="wanted from")),
                        (
                            "requested_on",
                            models.DateField(
                                help_text="The day at the host location; the months count from it.",
                                verbose_name="requested on",
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        (
                            "starts_on",
                            models.DateField(blank=True, null=True, verbose_name="starts on"),
                        ),
                        (
                            "delivered_on",
                            models.DateField(blank=True, null=True, verbose_name="delivered on"),
                        ),
                        ("outcome", models.TextField(blank=True, verbose_name="outcome")),
                        ("declined_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=300, verbose_name="reason"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="improvement_plans",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans_decided",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="improvement_plans",
                                to="workorders.workorderline",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans_requested",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "service improvement plan",
                        "verbose_name_plural": "service improvement plans",
                        "ordering": ["-requested_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["customer", "requested_on"], name="plan_requested")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("declined_at", None),
                                    models.Q(("delivered_on", None), ("withdrawn_at", None)),
                                    _connector="OR",
                                ),
                                name="plan_ends_one_way",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withdrawn_at", None), ("delivered_on", None), _connector="OR"
                                ),
                                name="plan_withdrawn_or_delivered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("declined_at", None),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="plan_declined_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MonitoringScenario",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("slot", models.PositiveSmallIntegerField(verbose_name="number")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("resources", models.TextField(verbose_name="Azure resources")),
                        (
                            "watches",
                            models.CharField(
                                choices=[
                                    ("capacity", "capacity"),
                                    ("performance", "performance"),
                                    ("connectivity", "connectivity"),
                                    ("availability", "availability"),
                                ],
                                max_length=12,
                                verbose_name="watches",
                            ),
                        ),
                        (
                            "response",
                            models.CharField(
                                max_length=300, verbose_name="what a trigger sets off"
                            ),
                        ),
                        ("thresholds", models.TextField(blank=True, verbose_name="thresholds")),
                        (
                            "agreed_by",
                            models.CharField(
                                max_length=120, verbose_name="agreed for the customer by"
                            ),
                        ),
                        ("defined_at", models.DateTimeField()),
                        ("ready_at", models.DateTimeField(blank=True, null=True)),
                        ("tested_at", models.DateTimeField(blank=True, null=True)),
                        ("activated_at", models.DateTimeField(blank=True, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "retired_reason",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="why it was retired"
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="monitoring_scenarios",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "defined_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scenarios_defined",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="monitoring_scenarios",
                                to="workorders.workorderline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "monitoring scenario",
                        "verbose_name_plural": "monitoring scenarios",
                        "ordering": ["line", "slot", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("retired_at", None)),
                                fields=("line", "slot"),
                                name="scenario_one_in_a_slot",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("slot__gte", 1)), name="scenario_slots_from_one"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("tested_at", None),
                                        ("ready_at__isnull", False),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("activated_at", None),
                                        ("tested_at__isnull", False),
                                        _connector="OR",
                                    ),
                                ),
                                name="scenario_step_by_step",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("retired_at", None), ("retired_reason", "")),
                                    models.Q(
                                        ("retired_at__isnull", False),
                                        models.Q(("retired_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="scenario_retired_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MonitorTrigger",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="triggered at")),
                        (
                            "signal",
                            models.CharField(blank=True, max_length=300, verbose_name="signal"),
                        ),
                        (
                            "case_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="support case"
                            ),
                        ),
                        ("responded", models.BooleanField(verbose_name="answered round the clock")),
                        (
                            "case_asked",
                            models.BooleanField(verbose_name="customer asked to open a case"),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="monitor_triggers",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="triggers_recorded",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "scenario",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="triggers",
                                to="scheduling.monitoringscenario",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "triggered monitor",
                        "verbose_name_plural": "triggered monitors",
                        "ordering": ["-at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("case_asked", False), ("responded", True), _connector="OR"
                                ),
                                name="trigger_case_asked_when_answered",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OnboardingTask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("intake", "intake document"),
                                    ("material", "material for Plus monitoring"),
                                    ("onboarding", "onboarding and discovery"),
                                ],
                                max_length=12,
                                verbose_name="part",
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="title")),
                        (
                            "owner",
                            models.CharField(
                                choices=[
                                    ("csam", "customer success account manager"),
                                    ("customer", "customer"),
                                    ("microsoft", "Microsoft"),
                                ],
                                max_length=10,
                                verbose_name="owner",
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "note",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="what was supplied"
                            ),
                        ),
                        ("dropped_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="onboarding_tasks_asked",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="onboarding_tasks",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="onboarding_tasks_done",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "dropped_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="onboarding_tasks_dropped",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="onboarding_tasks",
                                to="workorders.workorderline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "onboarding task",
                        "verbose_name_plural": "onboarding tasks",
                        "ordering": ["part", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_at", None), ("done_by", None)),
                                    models.Q(
                                        ("done_at__isnull", False),
                                        ("done_by__isnull", False),
                                        ("dropped_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="onboarding_task_done_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Series",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=160, verbose_name="title"),
                        ),
                        (
                            "every",
                            models.CharField(
                                choices=[
                                    ("day", "every day"),
                                    ("week", "every week"),
                                    ("two_weeks", "every two weeks"),
                                    ("four_weeks", "every four weeks"),
                                    ("month", "every month on the same date"),
                                ],
                                max_length=10,
                                verbose_name="how often",
                            ),
                        ),
                        ("first_day", models.DateField(verbose_name="first day")),
                        ("count", models.PositiveSmallIntegerField(verbose_name="sessions")),
                        ("starts", models.TimeField(verbose_name="begins at")),
                        ("ends", models.TimeField(verbose_name="ends at")),
                        ("time_zone", models.CharField(max_length=64, verbose_name="time zone")),
                        ("booked_at", models.DateTimeField()),
                        (
                            "booked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="series_booked",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="series",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "entitlement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="series",
                                to="workorders.entitlement",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="series",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="series",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "series of sessions",
                        "verbose_name_plural": "series of sessions",
                        "ordering": ["first_day", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("count__gte", 2)), name="series_of_two_at_least"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("quantity", models.BigIntegerField(verbose_name="quantity")),
                        ("wanted_from", models.DateField(verbose_name="wanted from")),
                        ("wanted_until", models.DateField(verbose_name="wanted until")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("remote", "remote"),
                                    ("onsite", "onsite"),
                                    ("online", "online"),
                                ],
                                default="remote",
                                max_length=8,
                                verbose_name="mode",
                            ),
                        ),
                        (
                            "language",
                            models.CharField(default="en", max_length=10, verbose_name="language"),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="what it is for")),
                        ("requested_at", models.DateTimeField()),
                        (
                            "data_completed_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="A request counts with its data, not before (2.8-C20).",
                                null=True,
                                verbose_name="all necessary data supplied",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("booked", "booked"),
                                    ("declined", "declined"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("decision_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "booking",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="request",
                                to="scheduling.booking",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_requests",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests_decided",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entitlement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_requests",
                                to="workorders.entitlement",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_requests",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "offering",
                            models.ForeignKey(
                                help_text="The service wanted; another than the entitlement's when paid with credits.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_requests",
                                to="catalog.offering",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_requests",
                                to="workorders.workorder",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_requests",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "service request",
                        "verbose_name_plural": "service requests",
                        "ordering": ["requested_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("decided_at", None)),
                                fields=["requested_at"],
                                name="request_waiting",
                            ),
                            models.Index(
                                fields=["customer", "requested_at"], name="request_customer"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("wanted_until__gte", models.F("wanted_from"))),
                                name="request_until_after_from",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="request_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("decision", "")),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        models.Q(("decision", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="request_decided_somehow",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestDatum",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                choices=[
                                    ("goal", "goal and subject"),
                                    ("contact", "contact who knows the environment"),
                                    ("systems", "products and systems concerned"),
                                    ("participants", "participants and their knowledge"),
                                    (
                                        "subscription",
                                        "Azure subscription with enough data allowance",
                                    ),
                                    ("site", "access, telephone and network on site"),
                                ],
                                max_length=15,
                                verbose_name="what",
                            ),
                        ),
                        ("text", models.CharField(max_length=500, verbose_name="supplied")),
                        ("supplied_at", models.DateTimeField()),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="request_data",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "supplied_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="request_data_supplied",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data",
                                to="scheduling.servicerequest",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "data of a request",
                        "verbose_name_plural": "data of requests",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("request", "code"), name="request_datum_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuccessActivity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "owner",
                            models.CharField(
                                choices=[
                                    ("csam", "customer success account manager"),
                                    ("customer", "customer"),
                                    ("microsoft", "Microsoft"),
                                ],
                                max_length=10,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "owner_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="owner's name"
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "pillar_activity",
                            models.SlugField(max_length=60, verbose_name="activity of a pillar"),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="what is done")),
                        ("starts_on", models.DateField(verbose_name="from")),
                        ("due_on", models.DateField(verbose_name="until")),
                        (
                            "done_on",
                            models.DateField(blank=True, null=True, verbose_name="done on"),
                        ),
                        (
                            "outcome",
                            models.CharField(blank=True, max_length=500, verbose_name="outcome"),
                        ),
                        (
                            "dropped_reason",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="why it was dropped"
                            ),
                        ),
                        (
                            "bookings",
                            models.ManyToManyField(
                                blank=True,
                                related_name="success_activities",
                                to="scheduling.booking",
                                verbose_name="deliveries",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "objective",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="activities",
                                to="scheduling.successobjective",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "activity of a success plan",
                        "verbose_name_plural": "activities of success plans",
                        "ordering": ["due_on", "pk"],
                        "indexes": [
                            models.Index(fields=["customer", "due_on"], name="activity_customer")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("due_on__gte", models.F("starts_on"))),
                                name="activity_until_after_from",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("done_on", None), ("dropped_reason", ""), _connector="OR"
                                ),
                                name="activity_done_or_dropped",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuccessAction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "owner",
                            models.CharField(
                                choices=[
                                    ("csam", "customer success account manager"),
                                    ("customer", "customer"),
                                    ("microsoft", "Microsoft"),
                                ],
                                max_length=10,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "owner_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="owner's name"
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("title", models.CharField(max_length=160, verbose_name="action")),
                        ("due_on", models.DateField(verbose_name="by")),
                        (
                            "done_on",
                            models.DateField(blank=True, null=True, verbose_name="done on"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "activity",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="scheduling.successactivity",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "action of a success plan",
                        "verbose_name_plural": "actions of success plans",
                        "ordering": ["due_on", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="SuccessObjective",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "owner",
                            models.CharField(
                                choices=[
                                    ("csam", "customer success account manager"),
                                    ("customer", "customer"),
                                    ("microsoft", "Microsoft"),
                                ],
                                max_length=10,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "owner_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="owner's name"
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("title", models.CharField(max_length=160, verbose_name="objective")),
                        (
                            "measure",
                            models.CharField(max_length=300, verbose_name="how success is seen"),
                        ),
                        ("due_on", models.DateField(verbose_name="by")),
                        (
                            "achieved_on",
                            models.DateField(blank=True, null=True, verbose_name="achieved on"),
                        ),
                        (
                            "result",
                            models.CharField(blank=True, max_length=300, verbose_name="result"),
                        ),
                        (
                            "dropped_reason",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="why it was dropped"
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "objective",
                        "verbose_name_plural": "objectives",
                        "ordering": ["due_on", "pk"],
                        "indexes": [
                            models.Index(fields=["customer", "due_on"], name="objective_customer")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("achieved_on", None), ("dropped_reason", ""), _connector="OR"
                                ),
                                name="objective_achieved_or_dropped",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMeeting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("quarter", models.PositiveSmallIntegerField(verbose_name="quarter")),
                        ("planned_on", models.DateField(verbose_name="planned on")),
                        ("attendees", models.CharField(max_length=500, verbose_name="attendees")),
                        ("planned_at", models.DateTimeField()),
                        (
                            "held_on",
                            models.DateField(blank=True, null=True, verbose_name="held on"),
                        ),
                        ("minutes", models.TextField(blank=True, verbose_name="minutes")),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="team_meetings",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="team_meetings",
                                to="workorders.workorderline",
                            ),
                        ),
                        (
                            "planned_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings_planned",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings_recorded",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "quarterly meeting",
                        "verbose_name_plural": "quarterly meetings",
                        "ordering": ["-planned_on", "-pk"],
                        "indexes": [
                            models.Index(fields=["customer", "planned_on"], name="meeting_customer")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("line", "quarter"), name="meeting_one_a_quarter"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("held_on", None), ("minutes", ""), ("recorded_by", None)
                                    ),
                                    models.Q(
                                        ("held_on__isnull", False),
                                        ("recorded_by__isnull", False),
                                        models.Q(("minutes", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="meeting_held_with_minutes",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Workshop",
                    fields=[
                        (
                            "booking",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="workshop",
                                serialize=False,
                                to="scheduling.booking",
                            ),
                        ),
                        (
                            "by_seat",
                            models.BooleanField(default=False, verbose_name="sold by attendee"),
                        ),
                        (
                            "capacity",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="capacity"
                            ),
                        ),
                        (
                            "minimum",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="minimum enrolment"
                            ),
                        ),
                        (
                            "taken",
                            models.PositiveIntegerField(default=0, verbose_name="seats taken"),
                        ),
                        (
                            "decide_on",
                            models.DateField(blank=True, null=True, verbose_name="decision day"),
                        ),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("hold", "takes place"),
                                    ("cancel", "cancelled for low enrolment"),
                                ],
                                max_length=6,
                                verbose_name="decision",
                            ),
                        ),
                        ("decision_reason", models.CharField(blank=True, max_length=300)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "notice_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="notice of a recording"
                            ),
                        ),
                        (
                            "permission_needed",
                            models.BooleanField(
                                default=False, verbose_name="region asks for written permission"
                            ),
                        ),
                        (
                            "permission_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="written permission"
                            ),
                        ),
                        (
                            "recorded_since",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="recording agreed"
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "notice_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "permission_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "workshop",
                        "verbose_name_plural": "workshops",
                        "ordering": ["booking__starts_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("capacity", None),
                                    ("taken__lte", models.F("capacity")),
                                    _connector="OR",
                                ),
                                name="workshop_no_more_than_its_seats",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at", None), ("decided_by", None), ("decision", "")
                                    ),
                                    models.Q(
                                        models.Q(("decision", ""), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="workshop_decided_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("recorded_by", None), ("recorded_since", None)),
                                    models.Q(
                                        ("notice_at__isnull", False),
                                        ("recorded_by__isnull", False),
                                        ("recorded_since__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="workshop_recorded_after_notice",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendee",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("enrolled", "enrolled"),
                                    ("waiting", "waiting"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                max_length=9,
                                verbose_name="state",
                            ),
                        ),
                        ("entered_at", models.DateTimeField(verbose_name="entered")),
                        (
                            "promoted_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="got a free seat"
                            ),
                        ),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "consent_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="consent to a recording"
                            ),
                        ),
                        ("consent_withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "consent_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendees_entered",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "workshop",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attendees",
                                to="scheduling.workshop",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "workshop attendee",
                        "verbose_name_plural": "workshop attendees",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "withdrawn"), _negated=True),
                                fields=("workshop", "email"),
                                name="attendee_once_in_a_workshop",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "withdrawn"), ("withdrawn_at__isnull", False)
                                    ),
                                    models.Q(
                                        models.Q(("state", "withdrawn"), _negated=True),
                                        ("withdrawn_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="attendee_withdrawn_at_some_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("consent_at", None), ("consent_by", None)),
                                    models.Q(
                                        ("consent_at__isnull", False), ("consent_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="attendee_consent_recorded_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DutyEvidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "owner",
                            models.CharField(
                                choices=[
                                    ("csam", "customer success account manager"),
                                    ("customer", "customer"),
                                    ("microsoft", "Microsoft"),
                                ],
                                max_length=10,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "owner_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="owner's name"
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("clause", models.CharField(max_length=20, verbose_name="clause")),
                        ("evidence", models.CharField(max_length=500, verbose_name="evidence")),
                        ("on", models.DateField(verbose_name="as of")),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "evidence of a duty",
                        "verbose_name_plural": "evidence of duties",
                        "ordering": ["-on", "-pk"],
                        "indexes": [
                            models.Index(fields=["customer", "clause"], name="evidence_customer")
                        ],
                    },
                ),
            ]
        ),
    ]
