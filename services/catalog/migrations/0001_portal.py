"""Editions and what they offer.

It replaces the steps by which these tables came to be before the first release.
"""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import services.catalog.models.codes
from accounts.migrations._together import Together


class Migration(migrations.Migration):
    replaces = [
        ("catalog", "0001_initial"),
        ("catalog", "0002_names_of_columns"),
        ("catalog", "0003_pillars"),
        ("catalog", "0004_load_pillars"),
        ("catalog", "0005_reading_choices"),
    ]

    initial = True

    dependencies = []

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Availability",
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
                        ("offering_code", models.SlugField(max_length=60, verbose_name="offering")),
                        (
                            "country",
                            models.CharField(
                                max_length=2,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                                verbose_name="country",
                            ),
                        ),
                        ("available", models.BooleanField(verbose_name="sold here")),
                        ("onsite", models.BooleanField(default=False, verbose_name="onsite here")),
                        (
                            "max_quantity",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="For limited offerings (2.5-DS4).",
                                null=True,
                                verbose_name="maximum quantity",
                            ),
                        ),
                        (
                            "valid_from",
                            models.DateField(blank=True, null=True, verbose_name="from"),
                        ),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "availability",
                        "verbose_name_plural": "availability",
                        "ordering": ["offering_code", "country"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("offering_code", "country"), name="availability_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CreditValue",
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
                            "country",
                            models.CharField(
                                max_length=2,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                                verbose_name="country",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                max_length=3,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{3}$")],
                                verbose_name="currency",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="from")),
                        (
                            "value_minor",
                            models.BigIntegerField(verbose_name="value in minor units"),
                        ),
                    ],
                    options={
                        "verbose_name": "credit value",
                        "verbose_name_plural": "credit values",
                        "ordering": ["country", "-valid_from"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("country", "valid_from"), name="credit_value_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("value_minor__gt", 0)),
                                name="credit_value_positive",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Edition",
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
                                max_length=20,
                                unique=True,
                                validators=[
                                    django.core.validators.RegexValidator("^[0-9A-Za-z.-]+$")
                                ],
                                verbose_name="code",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        (
                            "title_en",
                            models.CharField(max_length=120, null=True, verbose_name="title"),
                        ),
                        (
                            "title_zh_hans",
                            models.CharField(max_length=120, null=True, verbose_name="title"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("published", "published"),
                                    ("superseded", "superseded"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("effective_on", models.DateField(verbose_name="effective from")),
                        (
                            "content_hash",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=64,
                                verbose_name="fingerprint of the file",
                            ),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="published at"
                            ),
                        ),
                        (
                            "based_on",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="catalog.edition",
                                verbose_name="based on",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "edition",
                        "verbose_name_plural": "editions",
                        "ordering": ["-effective_on", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "published")),
                                fields=("state",),
                                name="edition_one_published",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("published_at", None), ("state", "draft")),
                                    models.Q(
                                        models.Q(("state", "draft"), _negated=True),
                                        ("published_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="edition_published_has_its_instant",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clause",
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
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        ("code", models.CharField(max_length=20, verbose_name="id")),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        (
                            "title_en",
                            models.CharField(max_length=200, null=True, verbose_name="title"),
                        ),
                        (
                            "title_zh_hans",
                            models.CharField(max_length=200, null=True, verbose_name="title"),
                        ),
                        ("rule", models.TextField(verbose_name="rule")),
                        ("rule_en", models.TextField(null=True, verbose_name="rule")),
                        ("rule_zh_hans", models.TextField(null=True, verbose_name="rule")),
                        (
                            "cases",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Ids of the worked cases that rest on it.",
                                verbose_name="worked cases",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="catalog.edition",
                                verbose_name="edition",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "clause",
                        "verbose_name_plural": "clauses",
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("edition", "code"), name="clause_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CancellationTier",
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
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        (
                            "min_lead_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="days ahead, at least"
                            ),
                        ),
                        (
                            "percent",
                            models.PositiveSmallIntegerField(verbose_name="percent of the fee"),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="catalog.edition",
                                verbose_name="edition",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "cancellation tier",
                        "verbose_name_plural": "cancellation tiers",
                        "ordering": [
                            models.OrderBy(
                                models.F("min_lead_days"), descending=True, nulls_last=True
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edition", "min_lead_days"), name="tier_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("min_lead_days", None)),
                                fields=("edition",),
                                name="tier_one_floor",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("percent__lte", 100)), name="tier_at_most_all"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAvailability",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("offering_code", models.SlugField(max_length=60, verbose_name="offering")),
                        (
                            "country",
                            models.CharField(
                                max_length=2,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                                verbose_name="country",
                            ),
                        ),
                        ("available", models.BooleanField(verbose_name="sold here")),
                        ("onsite", models.BooleanField(default=False, verbose_name="onsite here")),
                        (
                            "max_quantity",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="For limited offerings (2.5-DS4).",
                                null=True,
                                verbose_name="maximum quantity",
                            ),
                        ),
                        (
                            "valid_from",
                            models.DateField(blank=True, null=True, verbose_name="from"),
                        ),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="until")),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical availability",
                        "verbose_name_plural": "historical availability",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCreditValue",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "country",
                            models.CharField(
                                max_length=2,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
                                verbose_name="country",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(
                                max_length=3,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{3}$")],
                                verbose_name="currency",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="from")),
                        (
                            "value_minor",
                            models.BigIntegerField(verbose_name="value in minor units"),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical credit value",
                        "verbose_name_plural": "historical credit values",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalEdition",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                db_index=True,
                                max_length=20,
                                validators=[
                                    django.core.validators.RegexValidator("^[0-9A-Za-z.-]+$")
                                ],
                                verbose_name="code",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        (
                            "title_en",
                            models.CharField(max_length=120, null=True, verbose_name="title"),
                        ),
                        (
                            "title_zh_hans",
                            models.CharField(max_length=120, null=True, verbose_name="title"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("published", "published"),
                                    ("superseded", "superseded"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("effective_on", models.DateField(verbose_name="effective from")),
                        (
                            "content_hash",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=64,
                                verbose_name="fingerprint of the file",
                            ),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="published at"
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "based_on",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalog.edition",
                                verbose_name="based on",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical edition",
                        "verbose_name_plural": "historical editions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalTerm",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "name_en",
                            models.CharField(max_length=200, null=True, verbose_name="name"),
                        ),
                        (
                            "name_zh_hans",
                            models.CharField(max_length=200, null=True, verbose_name="name"),
                        ),
                        ("value", models.BigIntegerField(verbose_name="value")),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("days", "calendar days"),
                                    ("business_days", "business days"),
                                    ("weeks", "calendar weeks"),
                                    ("months", "months"),
                                    ("minutes", "minutes"),
                                    ("minute_of_day", "minutes after midnight"),
                                    ("percent", "percent"),
                                    ("usd_minor", "US cents"),
                                    ("count", "count"),
                                ],
                                max_length=15,
                                verbose_name="unit",
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalog.edition",
                                verbose_name="edition",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical term",
                        "verbose_name_plural": "historical terms",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Offering",
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
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="code")),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        (
                            "name_en",
                            models.CharField(max_length=160, null=True, verbose_name="name"),
                        ),
                        (
                            "name_zh_hans",
                            models.CharField(max_length=160, null=True, verbose_name="name"),
                        ),
                        (
                            "abbreviation",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="abbreviation"
                            ),
                        ),
                        (
                            "former_name",
                            models.CharField(
                                blank=True, max_length=160, verbose_name="former name"
                            ),
                        ),
                        (
                            "former_name_en",
                            models.CharField(
                                blank=True, max_length=160, null=True, verbose_name="former name"
                            ),
                        ),
                        (
                            "former_name_zh_hans",
                            models.CharField(
                                blank=True, max_length=160, null=True, verbose_name="former name"
                            ),
                        ),
                        ("summary", models.TextField(verbose_name="summary")),
                        ("summary_en", models.TextField(null=True, verbose_name="summary")),
                        ("summary_zh_hans", models.TextField(null=True, verbose_name="summary")),
                        ("table", models.PositiveSmallIntegerField(verbose_name="table")),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("planning", "planning"),
                                    ("implementation", "implementation"),
                                    ("maintenance", "maintenance"),
                                    ("optimisation", "optimisation"),
                                    ("education", "education"),
                                    ("other_proactive", "other proactive services"),
                                    ("proactive_credits", "proactive credits"),
                                    ("reactive", "reactive services"),
                                    ("success_management", "success management"),
                                    ("mission_critical", "mission-critical services"),
                                    ("enhanced", "enhanced solutions"),
                                ],
                                max_length=20,
                                verbose_name="family",
                            ),
                        ),
                        (
                            "subcategory",
                            models.SlugField(blank=True, max_length=40, verbose_name="subfamily"),
                        ),
                        (
                            "mark",
                            models.CharField(
                                choices=[
                                    ("included", "included"),
                                    ("additional", "additional"),
                                    ("additional_limited", "additional, limited"),
                                ],
                                max_length=20,
                                verbose_name="mark",
                            ),
                        ),
                        (
                            "flex",
                            models.CharField(
                                choices=[
                                    ("yes", "yes"),
                                    ("no", "no"),
                                    ("capped", "within the ceiling"),
                                ],
                                max_length=10,
                                verbose_name="flex allowance",
                            ),
                        ),
                        (
                            "delivery_modes",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[
                                    services.catalog.models.codes.EachIn(
                                        ["remote", "onsite", "online"]
                                    )
                                ],
                                verbose_name="delivery",
                            ),
                        ),
                        (
                            "onsite_barred",
                            models.BooleanField(default=False, verbose_name="never onsite"),
                        ),
                        (
                            "unit_of_sale",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("day", "day"),
                                    ("hour", "hour"),
                                    (
                                        "attendee_or_dedicated",
                                        "attendee, or a session of one's own",
                                    ),
                                    ("scoped_engagement", "engagement with an agreed scope"),
                                    ("predefined", "ready-made package"),
                                    ("predefined_or_hour", "ready-made package or hour"),
                                    ("credit", "credit"),
                                    ("tiered_fee_on_azure_spend", "tiered fee on Azure spend"),
                                    ("per_exhibit", "as the exhibit says"),
                                    ("event", "event"),
                                    ("tenant", "tenant"),
                                    ("subscription", "subscription"),
                                    (
                                        "subscription_with_fixed_hours",
                                        "subscription with fixed hours",
                                    ),
                                ],
                                max_length=40,
                                verbose_name="unit of sale",
                            ),
                        ),
                        (
                            "languages",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[
                                    services.catalog.models.codes.EachIn(
                                        [
                                            "en",
                                            "zh",
                                            "ja",
                                            "local_if_available",
                                            "provider_location",
                                        ]
                                    )
                                ],
                                verbose_name="languages",
                            ),
                        ),
                        (
                            "business_hours",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("standard", "business hours"),
                                    (
                                        "standard_agreed_zone",
                                        "business hours of an agreed time zone",
                                    ),
                                    (
                                        "by_severity",
                                        "24 × 7 at severity 1 and A, business hours at B and C",
                                    ),
                                    ("24x7", "24 × 7"),
                                ],
                                max_length=30,
                                verbose_name="business hours",
                            ),
                        ),
                        (
                            "location_constraint",
                            models.CharField(
                                choices=[
                                    ("as_ordered", "locations on the work order"),
                                    ("all_locations", "host and every other location, remotely"),
                                    ("single_designated", "exactly one designated location"),
                                    ("designated_list", "the locations it was bought for"),
                                    (
                                        "host_purchase_only",
                                        "bought for the host, serves all locations",
                                    ),
                                    ("listed_tenants", "tenants on the work order"),
                                    ("listed_subscriptions", "subscriptions on the work order"),
                                    ("listed_solution", "one agreed Azure solution"),
                                ],
                                max_length=30,
                                verbose_name="where",
                            ),
                        ),
                        (
                            "co_termination",
                            models.CharField(
                                choices=[
                                    ("same_day", "ends the same day as the agreement"),
                                    ("with_base", "usable only under a base package in force"),
                                    ("suspended", "suspended on days without base support"),
                                ],
                                max_length=12,
                                verbose_name="ends with the agreement",
                            ),
                        ),
                        (
                            "request_deadline",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("rule_60", "days before the work order expires"),
                                    ("rule_6w", "weeks before it starts"),
                                ],
                                max_length=12,
                                verbose_name="request deadline",
                            ),
                        ),
                        (
                            "exhibit",
                            models.CharField(
                                blank=True,
                                choices=[("required", "required"), ("optional", "possible")],
                                max_length=12,
                                verbose_name="exhibit",
                            ),
                        ),
                        (
                            "provider",
                            models.CharField(blank=True, max_length=60, verbose_name="provider"),
                        ),
                        (
                            "is_group",
                            models.BooleanField(default=False, verbose_name="family of services"),
                        ),
                        (
                            "includes",
                            models.JSONField(blank=True, default=list, verbose_name="includes"),
                        ),
                        (
                            "search_text",
                            models.TextField(default="", editable=False, verbose_name="found by"),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="catalog.edition",
                                verbose_name="edition",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="catalog.offering",
                                verbose_name="part of",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "offering",
                        "verbose_name_plural": "offerings",
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edition", "code"), name="offering_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Limit",
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
                        ("code", models.SlugField(max_length=60, verbose_name="code")),
                        ("value", models.JSONField(blank=True, null=True, verbose_name="value")),
                        ("unit", models.SlugField(blank=True, max_length=20, verbose_name="unit")),
                        (
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        (
                            "offering",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="limits",
                                to="catalog.offering",
                                verbose_name="offering",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "limit",
                        "verbose_name_plural": "limits",
                        "ordering": ["code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("offering", "code"), name="limit_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOffering",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="code")),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        (
                            "name_en",
                            models.CharField(max_length=160, null=True, verbose_name="name"),
                        ),
                        (
                            "name_zh_hans",
                            models.CharField(max_length=160, null=True, verbose_name="name"),
                        ),
                        (
                            "abbreviation",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="abbreviation"
                            ),
                        ),
                        (
                            "former_name",
                            models.CharField(
                                blank=True, max_length=160, verbose_name="former name"
                            ),
                        ),
                        (
                            "former_name_en",
                            models.CharField(
                                blank=True, max_length=160, null=True, verbose_name="former name"
                            ),
                        ),
                        (
                            "former_name_zh_hans",
                            models.CharField(
                                blank=True, max_length=160, null=True, verbose_name="former name"
                            ),
                        ),
                        ("summary", models.TextField(verbose_name="summary")),
                        ("summary_en", models.TextField(null=True, verbose_name="summary")),
                        ("summary_zh_hans", models.TextField(null=True, verbose_name="summary")),
                        ("table", models.PositiveSmallIntegerField(verbose_name="table")),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("planning", "planning"),
                                    ("implementation", "implementation"),
                                    ("maintenance", "maintenance"),
                                    ("optimisation", "optimisation"),
                                    ("education", "education"),
                                    ("other_proactive", "other proactive services"),
                                    ("proactive_credits", "proactive credits"),
                                    ("reactive", "reactive services"),
                                    ("success_management", "success management"),
                                    ("mission_critical", "mission-critical services"),
                                    ("enhanced", "enhanced solutions"),
                                ],
                                max_length=20,
                                verbose_name="family",
                            ),
                        ),
                        (
                            "subcategory",
                            models.SlugField(blank=True, max_length=40, verbose_name="subfamily"),
                        ),
                        (
                            "mark",
                            models.CharField(
                                choices=[
                                    ("included", "included"),
                                    ("additional", "additional"),
                                    ("additional_limited", "additional, limited"),
                                ],
                                max_length=20,
                                verbose_name="mark",
                            ),
                        ),
                        (
                            "flex",
                            models.CharField(
                                choices=[
                                    ("yes", "yes"),
                                    ("no", "no"),
                                    ("capped", "within the ceiling"),
                                ],
                                max_length=10,
                                verbose_name="flex allowance",
                            ),
                        ),
                        (
                            "delivery_modes",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[
                                    services.catalog.models.codes.EachIn(
                                        ["remote", "onsite", "online"]
                                    )
                                ],
                                verbose_name="delivery",
                            ),
                        ),
                        (
                            "onsite_barred",
                            models.BooleanField(default=False, verbose_name="never onsite"),
                        ),
                        (
                            "unit_of_sale",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("day", "day"),
                                    ("hour", "hour"),
                                    (
                                        "attendee_or_dedicated",
                                        "attendee, or a session of one's own",
                                    ),
                                    ("scoped_engagement", "engagement with an agreed scope"),
                                    ("predefined", "ready-made package"),
                                    ("predefined_or_hour", "ready-made package or hour"),
                                    ("credit", "credit"),
                                    ("tiered_fee_on_azure_spend", "tiered fee on Azure spend"),
                                    ("per_exhibit", "as the exhibit says"),
                                    ("event", "event"),
                                    ("tenant", "tenant"),
                                    ("subscription", "subscription"),
                                    (
                                        "subscription_with_fixed_hours",
                                        "subscription with fixed hours",
                                    ),
                                ],
                                max_length=40,
                                verbose_name="unit of sale",
                            ),
                        ),
                        (
                            "languages",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[
                                    services.catalog.models.codes.EachIn(
                                        [
                                            "en",
                                            "zh",
                                            "ja",
                                            "local_if_available",
                                            "provider_location",
                                        ]
                                    )
                                ],
                                verbose_name="languages",
                            ),
                        ),
                        (
                            "business_hours",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("standard", "business hours"),
                                    (
                                        "standard_agreed_zone",
                                        "business hours of an agreed time zone",
                                    ),
                                    (
                                        "by_severity",
                                        "24 × 7 at severity 1 and A, business hours at B and C",
                                    ),
                                    ("24x7", "24 × 7"),
                                ],
                                max_length=30,
                                verbose_name="business hours",
                            ),
                        ),
                        (
                            "location_constraint",
                            models.CharField(
                                choices=[
                                    ("as_ordered", "locations on the work order"),
                                    ("all_locations", "host and every other location, remotely"),
                                    ("single_designated", "exactly one designated location"),
                                    ("designated_list", "the locations it was bought for"),
                                    (
                                        "host_purchase_only",
                                        "bought for the host, serves all locations",
                                    ),
                                    ("listed_tenants", "tenants on the work order"),
                                    ("listed_subscriptions", "subscriptions on the work order"),
                                    ("listed_solution", "one agreed Azure solution"),
                                ],
                                max_length=30,
                                verbose_name="where",
                            ),
                        ),
                        (
                            "co_termination",
                            models.CharField(
                                choices=[
                                    ("same_day", "ends the same day as the agreement"),
                                    ("with_base", "usable only under a base package in force"),
                                    ("suspended", "suspended on days without base support"),
                                ],
                                max_length=12,
                                verbose_name="ends with the agreement",
                            ),
                        ),
                        (
                            "request_deadline",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("rule_60", "days before the work order expires"),
                                    ("rule_6w", "weeks before it starts"),
                                ],
                                max_length=12,
                                verbose_name="request deadline",
                            ),
                        ),
                        (
                            "exhibit",
                            models.CharField(
                                blank=True,
                                choices=[("required", "required"), ("optional", "possible")],
                                max_length=12,
                                verbose_name="exhibit",
                            ),
                        ),
                        (
                            "provider",
                            models.CharField(blank=True, max_length=60, verbose_name="provider"),
                        ),
                        (
                            "is_group",
                            models.BooleanField(default=False, verbose_name="family of services"),
                        ),
                        (
                            "includes",
                            models.JSONField(blank=True, default=list, verbose_name="includes"),
                        ),
                        (
                            "search_text",
                            models.TextField(default="", editable=False, verbose_name="found by"),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalog.edition",
                                verbose_name="edition",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="catalog.offering",
                                verbose_name="part of",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical offering",
                        "verbose_name_plural": "historical offerings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Condition",
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
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("prerequisite", "prerequisite"),
                                    ("limit", "limit"),
                                    ("duty", "customer's duty"),
                                    ("disclaimer", "disclaimer"),
                                    ("note", "note"),
                                ],
                                max_length=15,
                                verbose_name="kind",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="text")),
                        ("text_en", models.TextField(null=True, verbose_name="text")),
                        ("text_zh_hans", models.TextField(null=True, verbose_name="text")),
                        (
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        (
                            "offering",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="conditions",
                                to="catalog.offering",
                                verbose_name="offering",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "condition",
                        "verbose_name_plural": "conditions",
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Pillar",
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
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="code")),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        (
                            "name_en",
                            models.CharField(max_length=160, null=True, verbose_name="name"),
                        ),
                        (
                            "name_zh_hans",
                            models.CharField(max_length=160, null=True, verbose_name="name"),
                        ),
                        ("summary", models.TextField(verbose_name="summary")),
                        ("summary_en", models.TextField(null=True, verbose_name="summary")),
                        ("summary_zh_hans", models.TextField(null=True, verbose_name="summary")),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="catalog.edition",
                                verbose_name="edition",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pillar",
                        "verbose_name_plural": "pillars",
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("edition", "code"), name="pillar_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PillarActivity",
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
                        ("code", models.SlugField(max_length=60, verbose_name="code")),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        (
                            "name_en",
                            models.CharField(max_length=160, null=True, verbose_name="name"),
                        ),
                        (
                            "name_zh_hans",
                            models.CharField(max_length=160, null=True, verbose_name="name"),
                        ),
                        ("summary", models.TextField(verbose_name="summary")),
                        ("summary_en", models.TextField(null=True, verbose_name="summary")),
                        ("summary_zh_hans", models.TextField(null=True, verbose_name="summary")),
                        (
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        (
                            "pillar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="activities",
                                to="catalog.pillar",
                                verbose_name="pillar",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "activity of a pillar",
                        "verbose_name_plural": "activities of the pillars",
                        "ordering": ["pillar__position", "position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pillar", "code"), name="pillar_activity_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadingChoice",
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
                            "reading",
                            models.CharField(
                                choices=[("0-C3", "0-C3"), ("0-C14", "0-C14"), ("X-33", "X-33")],
                                max_length=20,
                                verbose_name="reading",
                            ),
                        ),
                        (
                            "option",
                            models.CharField(
                                choices=[
                                    ("start_is_day_one", "The first day is day 1"),
                                    ("start_is_day_zero", "The first day is day 0: one day more"),
                                    (
                                        "lowest_minutes",
                                        "The lowest minutes among the charts that apply",
                                    ),
                                    (
                                        "most_specific",
                                        "The chart of the most specific programme that applies",
                                    ),
                                    (
                                        "general_limit",
                                        "A limit in any case: the first days are for onboarding",
                                    ),
                                    (
                                        "penalty_for_late_intake",
                                        "A penalty: only after a late intake document",
                                    ),
                                ],
                                max_length=30,
                                verbose_name="option",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="catalog.edition",
                                verbose_name="edition",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "choice of a reading",
                        "verbose_name_plural": "choices of readings",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edition", "reading"), name="reading_choice_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("option__in", ("start_is_day_one", "start_is_day_zero")),
                                        ("reading", "0-C3"),
                                    ),
                                    models.Q(
                                        ("option__in", ("lowest_minutes", "most_specific")),
                                        ("reading", "0-C14"),
                                    ),
                                    models.Q(
                                        (
                                            "option__in",
                                            ("general_limit", "penalty_for_late_intake"),
                                        ),
                                        ("reading", "X-33"),
                                    ),
                                    _connector="OR",
                                ),
                                name="reading_choice_has_the_option",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Term",
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
                            "clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[services.catalog.models.codes.clause_ids],
                                verbose_name="clauses",
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="code")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "name_en",
                            models.CharField(max_length=200, null=True, verbose_name="name"),
                        ),
                        (
                            "name_zh_hans",
                            models.CharField(max_length=200, null=True, verbose_name="name"),
                        ),
                        ("value", models.BigIntegerField(verbose_name="value")),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("days", "calendar days"),
                                    ("business_days", "business days"),
                                    ("weeks", "calendar weeks"),
                                    ("months", "months"),
                                    ("minutes", "minutes"),
                                    ("minute_of_day", "minutes after midnight"),
                                    ("percent", "percent"),
                                    ("usd_minor", "US cents"),
                                    ("count", "count"),
                                ],
                                max_length=15,
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="catalog.edition",
                                verbose_name="edition",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "term",
                        "verbose_name_plural": "terms",
                        "ordering": ["code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("edition", "code"), name="term_once"),
                            models.CheckConstraint(
                                condition=models.Q(("value__gte", 0)), name="term_not_negative"
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
