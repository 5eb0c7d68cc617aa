import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def open_enrolments(apps, schema_editor):
    """Workshops that are booked already get their enrolment, empty."""
    workshop = apps.get_model("scheduling", "Workshop")
    bookings = apps.get_model("scheduling", "Booking").objects.filter(
        entitlement__offering__unit_of_sale="attendee_or_dedicated"
    )
    rows = []
    for booking in bookings.select_related("entitlement__line"):
        held = booking.entitlement
        by_seat = held.unit == "attendee" or bool(held.line and held.line.sold_as == "attendee")
        rows.append(
            workshop(
                booking=booking,
                by_seat=by_seat,
                capacity=booking.attendees or (booking.quantity if by_seat else None),
                minimum=booking.minimum_attendees,
            )
        )
    workshop.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0006_success"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                ("by_seat", models.BooleanField(default=False, verbose_name="sold by attendee")),
                (
                    "capacity",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="capacity"),
                ),
                (
                    "minimum",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="minimum enrolment"
                    ),
                ),
                ("taken", models.PositiveIntegerField(default=0, verbose_name="seats taken")),
                ("decide_on", models.DateField(blank=True, null=True, verbose_name="decision day")),
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
                    models.DateTimeField(blank=True, null=True, verbose_name="written permission"),
                ),
                (
                    "recorded_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="recording agreed"),
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
            },
        ),
        migrations.CreateModel(
            name="Attendee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    models.DateTimeField(blank=True, null=True, verbose_name="got a free seat"),
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
            },
        ),
        migrations.AddConstraint(
            model_name="workshop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("capacity", None), ("taken__lte", models.F("capacity")), _connector="OR"
                ),
                name="workshop_no_more_than_its_seats",
            ),
        ),
        migrations.AddConstraint(
            model_name="workshop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("decision", "")),
                    models.Q(
                        models.Q(("decision", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="workshop_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="workshop",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("workshop", "email"),
                name="attendee_once_in_a_workshop",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                    models.Q(
                        models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at", None)
                    ),
                    _connector="OR",
                ),
                name="attendee_withdrawn_at_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("consent_at", None), ("consent_by", None)),
                    models.Q(("consent_at__isnull", False), ("consent_by__isnull", False)),
                    _connector="OR",
                ),
                name="attendee_consent_recorded_by_somebody",
            ),
        ),
        migrations.RunPython(open_enrolments, migrations.RunPython.noop),
    ]
