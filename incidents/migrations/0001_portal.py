"""Charts, incidents and what follows them.

It replaces the steps by which these tables came to be before the first release.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import services.catalog.models.codes
from accounts.migrations._together import Together


class Migration(migrations.Migration):
    replaces = [
        ("incidents", "0001_initial"),
        ("incidents", "0002_names_of_columns"),
        ("incidents", "0003_clauses_of_cells"),
        ("incidents", "0004_conduct_and_warnings"),
        ("incidents", "0005_analyses_and_aftermath"),
        ("incidents", "0006_warnings_series_and_plans"),
        ("incidents", "0007_names_in_the_administration"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_portal"),
        ("catalog", "0001_portal"),
        ("scheduling", "0001_portal"),
        ("workorders", "0001_portal"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Chart",
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
                        ("code", models.SlugField(max_length=20, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "name_en",
                            models.CharField(max_length=120, null=True, verbose_name="name"),
                        ),
                        (
                            "name_zh_hans",
                            models.CharField(max_length=120, null=True, verbose_name="name"),
                        ),
                        ("programmes", models.JSONField(default=list, verbose_name="programmes")),
                        ("channels", models.JSONField(default=list, verbose_name="channels")),
                        ("languages", models.JSONField(default=list, verbose_name="languages")),
                        (
                            "product_classes",
                            models.JSONField(default=list, verbose_name="product classes"),
                        ),
                        (
                            "products",
                            models.JSONField(
                                blank=True, default=list, verbose_name="products in scope"
                            ),
                        ),
                        (
                            "keyword",
                            models.CharField(
                                blank=True, max_length=20, verbose_name="keyword in the description"
                            ),
                        ),
                        (
                            "tie_rank",
                            models.PositiveSmallIntegerField(
                                help_text="The lowest is the most specific (0-C14).",
                                verbose_name="rank on a tie",
                            ),
                        ),
                        (
                            "exclusion_effect",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("row_only", "the Azure row"),
                                    ("out_of_programme", "the whole programme"),
                                ],
                                max_length=20,
                                verbose_name="what exclusions lose",
                            ),
                        ),
                        (
                            "fallback_class",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("azure_component", "Azure component"),
                                    ("security_product", "security product"),
                                    ("other", "other product or service"),
                                ],
                                max_length=20,
                                verbose_name="class of what is excluded",
                            ),
                        ),
                        (
                            "open_list",
                            models.BooleanField(
                                default=False, verbose_name="list of exclusions is open"
                            ),
                        ),
                        (
                            "downgrade",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("lower_severity", "the severity may be lowered"),
                                    ("lose_24x7", "the service may stop being 24 × 7"),
                                ],
                                max_length=20,
                                verbose_name="without the customer's resources",
                            ),
                        ),
                        (
                            "downgrade_severities",
                            models.JSONField(
                                blank=True,
                                default=list,
                                verbose_name="severities that may be lowered",
                            ),
                        ),
                        (
                            "exclusion_clauses",
                            models.JSONField(
                                blank=True, default=list, verbose_name="clauses of the exclusions"
                            ),
                        ),
                        (
                            "exclusion_kind_clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                verbose_name="clauses of the excluded kinds",
                            ),
                        ),
                        (
                            "channel_clauses",
                            models.JSONField(
                                blank=True, default=list, verbose_name="clauses of the channels"
                            ),
                        ),
                        (
                            "language_clauses",
                            models.JSONField(
                                blank=True, default=list, verbose_name="clauses of the languages"
                            ),
                        ),
                        (
                            "product_clauses",
                            models.JSONField(
                                blank=True, default=list, verbose_name="clauses of the products"
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
                        "verbose_name": "severity chart",
                        "verbose_name_plural": "severity charts",
                        "ordering": ["-tie_rank"],
                        "constraints": [
                            models.UniqueConstraint(fields=("edition", "code"), name="chart_once"),
                            models.UniqueConstraint(
                                fields=("edition", "tie_rank"), name="chart_rank_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChartExclusion",
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
                            "what",
                            models.CharField(
                                choices=[
                                    ("component", "component"),
                                    ("kind", "kind of product"),
                                    ("cloud", "cloud"),
                                ],
                                max_length=10,
                                verbose_name="what it names",
                            ),
                        ),
                        ("label", models.CharField(max_length=80, verbose_name="label")),
                        (
                            "chart",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exclusions",
                                to="incidents.chart",
                                verbose_name="severity chart",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exclusion",
                        "verbose_name_plural": "exclusions",
                        "ordering": ["what", "position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chart", "what", "label"), name="exclusion_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChartNote",
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
                                    ("gate", "gate"),
                                    ("window", "window"),
                                    ("exclusion", "exclusion"),
                                    ("downgrade", "lowering"),
                                    ("routing", "severity B and C"),
                                    ("after", "after closure"),
                                    ("footnote", "footnote"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(default=0, verbose_name="position"),
                        ),
                        ("code", models.CharField(blank=True, max_length=40, verbose_name="code")),
                        ("text", models.TextField(verbose_name="text")),
                        ("text_en", models.TextField(null=True, verbose_name="text")),
                        ("text_zh_hans", models.TextField(null=True, verbose_name="text")),
                        (
                            "clauses",
                            models.JSONField(blank=True, default=list, verbose_name="clauses"),
                        ),
                        (
                            "chart",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="incidents.chart",
                                verbose_name="severity chart",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "note",
                        "verbose_name_plural": "notes",
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chart", "kind", "code"), name="chart_note_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChartRow",
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
                            "severity",
                            models.CharField(
                                choices=[("1", "1"), ("A", "A"), ("B", "B"), ("C", "C")],
                                max_length=1,
                                verbose_name="severity",
                            ),
                        ),
                        ("situation", models.TextField(verbose_name="situation")),
                        ("situation_en", models.TextField(null=True, verbose_name="situation")),
                        (
                            "situation_zh_hans",
                            models.TextField(null=True, verbose_name="situation"),
                        ),
                        (
                            "situation_clauses",
                            models.JSONField(
                                blank=True, default=list, verbose_name="clauses of the situation"
                            ),
                        ),
                        (
                            "attention_minutes",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="0 = at once.",
                                null=True,
                                verbose_name="attention within minutes",
                            ),
                        ),
                        (
                            "attention_clock",
                            models.CharField(
                                blank=True,
                                choices=[("24x7", "24 × 7"), ("business_hours", "business hours")],
                                max_length=15,
                                verbose_name="clock of the attention",
                            ),
                        ),
                        (
                            "clock",
                            models.CharField(
                                choices=[("24x7", "24 × 7"), ("business_hours", "business hours")],
                                max_length=15,
                                verbose_name="clock",
                            ),
                        ),
                        ("effort", models.SlugField(max_length=40, verbose_name="effort")),
                        (
                            "effort_text",
                            models.CharField(max_length=160, verbose_name="effort in words"),
                        ),
                        (
                            "effort_text_en",
                            models.CharField(
                                max_length=160, null=True, verbose_name="effort in words"
                            ),
                        ),
                        (
                            "effort_text_zh_hans",
                            models.CharField(
                                max_length=160, null=True, verbose_name="effort in words"
                            ),
                        ),
                        (
                            "effort_clauses",
                            models.JSONField(
                                blank=True, default=list, verbose_name="clauses of the effort"
                            ),
                        ),
                        (
                            "assigned_role",
                            models.SlugField(
                                blank=True, max_length=60, verbose_name="assigned role"
                            ),
                        ),
                        (
                            "assigned_automatically",
                            models.BooleanField(
                                default=False, verbose_name="assigned automatically"
                            ),
                        ),
                        (
                            "assigned_within_minutes",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="assigned within minutes"
                            ),
                        ),
                        (
                            "assigned_clauses",
                            models.JSONField(
                                blank=True, default=list, verbose_name="clauses of the assignment"
                            ),
                        ),
                        (
                            "executives_on_request",
                            models.BooleanField(
                                default=False, verbose_name="executives on request"
                            ),
                        ),
                        (
                            "executive_clauses",
                            models.JSONField(
                                blank=True, default=list, verbose_name="clauses of the executives"
                            ),
                        ),
                        (
                            "review_clauses",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Why a review follows closure; empty: none does.",
                                verbose_name="clauses of the review",
                            ),
                        ),
                        (
                            "clauses",
                            models.JSONField(blank=True, default=list, verbose_name="clauses"),
                        ),
                        (
                            "chart",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="incidents.chart",
                                verbose_name="severity chart",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "chart row",
                        "verbose_name_plural": "chart rows",
                        "ordering": ["chart", "severity"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("chart", "severity"), name="chart_row_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChartSet",
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
                            "response_channels",
                            models.JSONField(
                                default=list, verbose_name="channels of a first response"
                            ),
                        ),
                        (
                            "human_only",
                            models.BooleanField(default=True, verbose_name="by a person only"),
                        ),
                        (
                            "content_hash",
                            models.CharField(
                                editable=False,
                                max_length=64,
                                verbose_name="fingerprint of the file",
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
                        "verbose_name": "what all charts share",
                        "verbose_name_plural": "what all charts share",
                        "constraints": [
                            models.UniqueConstraint(fields=("edition",), name="chart_set_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Component",
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
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("label", models.CharField(max_length=120, verbose_name="label")),
                        (
                            "label_en",
                            models.CharField(max_length=120, null=True, verbose_name="label"),
                        ),
                        (
                            "label_zh_hans",
                            models.CharField(max_length=120, null=True, verbose_name="label"),
                        ),
                        (
                            "aliases",
                            models.JSONField(blank=True, default=list, verbose_name="other names"),
                        ),
                        (
                            "family",
                            models.CharField(blank=True, max_length=80, verbose_name="belongs to"),
                        ),
                        (
                            "product_class",
                            models.CharField(
                                choices=[
                                    ("azure_component", "Azure component"),
                                    ("security_product", "security product"),
                                    ("other", "other product or service"),
                                ],
                                max_length=20,
                                verbose_name="class",
                            ),
                        ),
                        ("kinds", models.JSONField(blank=True, default=list, verbose_name="kinds")),
                        (
                            "online_service",
                            models.BooleanField(default=False, verbose_name="online service"),
                        ),
                        (
                            "supported",
                            models.BooleanField(default=True, verbose_name="currently supported"),
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
                        "verbose_name": "product or component",
                        "verbose_name_plural": "products and components",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edition", "name"), name="component_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerDuty",
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
                        ("code", models.SlugField(max_length=40, verbose_name="code")),
                        ("text", models.CharField(max_length=200, verbose_name="text")),
                        (
                            "text_en",
                            models.CharField(max_length=200, null=True, verbose_name="text"),
                        ),
                        (
                            "text_zh_hans",
                            models.CharField(max_length=200, null=True, verbose_name="text"),
                        ),
                        (
                            "minutes",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="minutes"
                            ),
                        ),
                        (
                            "clock",
                            models.CharField(
                                blank=True,
                                choices=[("24x7", "24 × 7"), ("business_hours", "business hours")],
                                max_length=15,
                                verbose_name="clock",
                            ),
                        ),
                        (
                            "clauses",
                            models.JSONField(blank=True, default=list, verbose_name="clauses"),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="duties",
                                to="incidents.chartrow",
                                verbose_name="row",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer's duty",
                        "verbose_name_plural": "customer's duties",
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("row", "code"), name="duty_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EmergencyStart",
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
                        ("emergency", models.TextField(verbose_name="what happens")),
                        (
                            "scope",
                            models.TextField(
                                blank=True, verbose_name="scope of the work, as agreed"
                            ),
                        ),
                        (
                            "authorised_by",
                            models.CharField(max_length=120, verbose_name="authorised by"),
                        ),
                        ("authorised_at", models.DateTimeField(verbose_name="authorised")),
                        (
                            "signs_promptly",
                            models.BooleanField(verbose_name="the contract is executed soon"),
                        ),
                        (
                            "pays_before_signature",
                            models.BooleanField(verbose_name="work before execution is paid"),
                        ),
                        (
                            "bears_risk",
                            models.BooleanField(
                                verbose_name="the risk of authorised work is the customer's"
                            ),
                        ),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "signed_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="contract executed"
                            ),
                        ),
                        (
                            "submission_key",
                            models.CharField(
                                blank=True, editable=False, max_length=140, null=True, unique=True
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="emergency_starts",
                                to="accounts.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.location",
                                verbose_name="location",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="workorders.workorder",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "emergency start",
                        "verbose_name_plural": "emergency starts",
                        "ordering": ["-authorised_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("bears_risk", True),
                                    ("pays_before_signature", True),
                                    ("signs_promptly", True),
                                ),
                                name="emergency_start_acknowledged",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("emergency", ""), _negated=True),
                                    models.Q(("authorised_by", ""), _negated=True),
                                ),
                                name="emergency_start_authorised",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Escalation",
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
                        ("code", models.SlugField(max_length=40, verbose_name="code")),
                        ("text", models.CharField(max_length=200, verbose_name="text")),
                        (
                            "text_en",
                            models.CharField(max_length=200, null=True, verbose_name="text"),
                        ),
                        (
                            "text_zh_hans",
                            models.CharField(max_length=200, null=True, verbose_name="text"),
                        ),
                        (
                            "clauses",
                            models.JSONField(blank=True, default=list, verbose_name="clauses"),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="escalations",
                                to="incidents.chartrow",
                                verbose_name="row",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "escalation",
                        "verbose_name_plural": "escalations",
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("row", "code"), name="escalation_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EventSummary",
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
                        ("created_at", models.DateTimeField()),
                        ("text", models.TextField(blank=True, verbose_name="summary")),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                        ),
                        (
                            "booking",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="incident_summary",
                                to="scheduling.booking",
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="event_summaries",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "event summary",
                        "verbose_name_plural": "event summaries",
                        "ordering": ["created_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at", None),
                                    models.Q(("text", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="event_summary_closed_with_words",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Incident",
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
                            "number",
                            models.CharField(max_length=20, unique=True, verbose_name="number"),
                        ),
                        (
                            "component_detail",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="version or part"
                            ),
                        ),
                        (
                            "scope_identifier",
                            models.CharField(
                                blank=True, max_length=160, verbose_name="subscription or tenant"
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="title")),
                        ("description", models.TextField(verbose_name="description")),
                        ("impact", models.TextField(verbose_name="business impact")),
                        (
                            "production",
                            models.BooleanField(default=True, verbose_name="production affected"),
                        ),
                        (
                            "isolated",
                            models.BooleanField(
                                default=True, verbose_name="only this customer affected"
                            ),
                        ),
                        (
                            "designated_wanted",
                            models.BooleanField(
                                default=False, verbose_name="designated engineer asked for"
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("portal", "portal"),
                                    ("web", "website"),
                                    ("phone", "phone"),
                                    ("chat", "chat"),
                                    ("email", "e-mail"),
                                ],
                                max_length=6,
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "severity",
                            models.CharField(
                                choices=[("1", "1"), ("A", "A"), ("B", "B"), ("C", "C")],
                                max_length=1,
                                verbose_name="severity",
                            ),
                        ),
                        (
                            "opened_severity",
                            models.CharField(
                                choices=[("1", "1"), ("A", "A"), ("B", "B"), ("C", "C")],
                                max_length=1,
                            ),
                        ),
                        ("submitted_at", models.DateTimeField(verbose_name="submitted")),
                        (
                            "target_minutes",
                            models.PositiveIntegerField(verbose_name="target in minutes"),
                        ),
                        (
                            "clock",
                            models.CharField(
                                choices=[("24x7", "24 × 7"), ("business_hours", "business hours")],
                                max_length=15,
                                verbose_name="clock",
                            ),
                        ),
                        (
                            "clock_from",
                            models.DateTimeField(help_text="Where the target is counted from."),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="target")),
                        (
                            "near_at",
                            models.DateTimeField(help_text="Three quarters of the time have run."),
                        ),
                        (
                            "resolution",
                            models.JSONField(help_text="The charts compared, as resolved."),
                        ),
                        (
                            "explained",
                            models.JSONField(help_text="How the due instant was reckoned."),
                        ),
                        (
                            "first_response_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="first response"
                            ),
                        ),
                        (
                            "mitigated_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="mitigated"),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                        ),
                        (
                            "analysis_available",
                            models.BooleanField(
                                blank=True,
                                help_text="Whether it exists for the technology, as the customer was told.",
                                null=True,
                                verbose_name="root cause analysis available",
                            ),
                        ),
                        (
                            "told_percent",
                            models.PositiveSmallIntegerField(
                                default=0,
                                editable=False,
                                help_text="The share of the target that CSAMs were told of.",
                            ),
                        ),
                        (
                            "warn_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                help_text="When the warnings look at the target next.",
                                null=True,
                            ),
                        ),
                        (
                            "stepped_down_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="The effort, not the target: worked on in business hours since then.",
                                null=True,
                                verbose_name="no longer 24 × 7 since",
                            ),
                        ),
                        (
                            "submission_key",
                            models.CharField(
                                blank=True, editable=False, max_length=140, null=True, unique=True
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "chart",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="incidents.chart",
                            ),
                        ),
                        (
                            "cloud",
                            models.ForeignKey(
                                blank=True,
                                help_text="The cloud it runs in, unless that is Azure's public one.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents_in_cloud",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "component",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="incidents.component",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="incidents",
                                to="accounts.contact",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents_opened",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="incidents",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "incident",
                        "verbose_name_plural": "incidents",
                        "ordering": ["-submitted_at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("closed_at", None), ("first_response_at", None)
                                ),
                                fields=["due_at"],
                                name="incident_clock_runs",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("closed_at", None),
                                    ("first_response_at", None),
                                    ("warn_at__isnull", False),
                                ),
                                fields=["warn_at"],
                                name="incident_to_warn",
                            ),
                            models.Index(
                                fields=["customer", "-submitted_at"], name="incident_customer"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("first_response_at", None),
                                    ("first_response_at__gte", models.F("submitted_at")),
                                    _connector="OR",
                                ),
                                name="incident_answered_after_submission",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_at", None),
                                    ("closed_at__gte", models.F("submitted_at")),
                                    _connector="OR",
                                ),
                                name="incident_closed_after_submission",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mitigated_at", None),
                                    ("mitigated_at__gte", models.F("submitted_at")),
                                    _connector="OR",
                                ),
                                name="incident_mitigated_after_submission",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("impact", ""), _negated=True),
                                name="incident_states_its_impact",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("target_minutes__gt", 0)),
                                name="incident_target_positive",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EngineerTime",
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
                        ("minutes", models.PositiveIntegerField(verbose_name="minutes")),
                        ("on", models.DateField(verbose_name="day")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        (
                            "submission_key",
                            models.CharField(
                                blank=True, editable=False, max_length=140, null=True, unique=True
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "transfer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="workorders.transfer",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="engineer_time",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "engineer's time",
                        "verbose_name_plural": "engineer's time",
                        "ordering": ["on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("minutes__gt", 0)),
                                name="engineer_time_positive",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentAssignment",
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
                        ("role", models.SlugField(max_length=60)),
                        ("chart_code", models.SlugField(max_length=20)),
                        ("automatic", models.BooleanField(default=True)),
                        ("due_at", models.DateTimeField(blank=True, null=True)),
                        ("person", models.CharField(blank=True, max_length=120)),
                        ("assigned_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "told_percent",
                            models.PositiveSmallIntegerField(default=0, editable=False),
                        ),
                        ("warn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("clauses", models.JSONField(blank=True, default=list)),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assignments",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "assignment",
                        "verbose_name_plural": "assignments",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("assigned_at", None), ("warn_at__isnull", False)
                                ),
                                fields=["warn_at"],
                                name="incident_role_to_warn",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("incident", "role"), name="assignment_once_a_role"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentDuty",
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
                        ("code", models.SlugField(max_length=40)),
                        ("minutes", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "clock",
                            models.CharField(
                                blank=True,
                                choices=[("24x7", "24 × 7"), ("business_hours", "business hours")],
                                max_length=15,
                            ),
                        ),
                        ("asked_at", models.DateTimeField(blank=True, null=True)),
                        ("due_at", models.DateTimeField(blank=True, null=True)),
                        ("explained", models.JSONField(blank=True, null=True)),
                        ("met_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "failed_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="When the customer couldn't do a duty without a time.",
                                null=True,
                            ),
                        ),
                        (
                            "told_percent",
                            models.PositiveSmallIntegerField(default=0, editable=False),
                        ),
                        ("warn_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("clauses", models.JSONField(blank=True, default=list)),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="duties",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer's duty",
                        "verbose_name_plural": "customer's duties",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("met_at", None), ("warn_at__isnull", False)),
                                fields=["warn_at"],
                                name="incident_duty_to_warn",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("incident", "code"), name="incident_duty_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("met_at", None),
                                    ("asked_at", None),
                                    ("met_at__gte", models.F("asked_at")),
                                    _connector="OR",
                                ),
                                name="incident_duty_met_after_request",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DutyPause",
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
                        ("paused_at", models.DateTimeField(verbose_name="paused")),
                        ("reason", models.CharField(max_length=300, verbose_name="reason")),
                        (
                            "resumed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="resumed"),
                        ),
                        (
                            "paused_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resumed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "duty",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pauses",
                                to="incidents.incidentduty",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pause",
                        "verbose_name_plural": "pauses",
                        "ordering": ["paused_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("resumed_at", None)),
                                fields=("duty",),
                                name="duty_paused_once_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("resumed_at", None),
                                    ("resumed_at__gte", models.F("paused_at")),
                                    _connector="OR",
                                ),
                                name="duty_resumed_after_pause",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="duty_paused_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentReview",
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
                            "participants",
                            models.JSONField(default=list, verbose_name="takes part by the text"),
                        ),
                        (
                            "planned_on",
                            models.DateField(blank=True, null=True, verbose_name="planned for"),
                        ),
                        ("held_on", models.DateField(blank=True, null=True, verbose_name="held")),
                        ("attendees", models.TextField(blank=True, verbose_name="who was there")),
                        ("went_well", models.TextField(blank=True, verbose_name="what went well")),
                        (
                            "to_improve",
                            models.TextField(blank=True, verbose_name="what to improve"),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "clauses",
                            models.JSONField(blank=True, default=list, verbose_name="clauses"),
                        ),
                        (
                            "held_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "incident",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="review",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "review",
                        "verbose_name_plural": "reviews",
                        "ordering": ["created_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("held_on", None),
                                    models.Q(
                                        models.Q(("attendees", ""), _negated=True),
                                        models.Q(("went_well", ""), _negated=True),
                                        models.Q(("to_improve", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="review_held_with_its_outcome",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentUpdate",
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
                        ("at", models.DateTimeField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("opened", "opened"),
                                    ("contact", "contact"),
                                    ("note", "note"),
                                    ("severity", "severity changed"),
                                    ("severity_asked", "severity change requested"),
                                    ("assigned", "assigned"),
                                    ("asked", "customer asked"),
                                    ("duty_met", "customer answered"),
                                    ("paused", "clock paused"),
                                    ("resumed", "clock resumed"),
                                    ("duty_failed", "customer can't do it"),
                                    ("step_down", "no longer 24 × 7"),
                                    ("restored", "24 × 7 again"),
                                    ("warned", "account managers notified"),
                                    ("mitigated", "mitigated"),
                                    ("closed", "incident closed"),
                                    ("review", "review"),
                                    ("review_held", "review held"),
                                    ("analysis", "root cause analysis requested"),
                                    ("analysis_info", "told about analyses"),
                                    ("rca_delivered", "root cause analysis delivered"),
                                    ("role_asked", "somebody asked to join"),
                                    ("engineer_time", "engineer's time deducted"),
                                ],
                                max_length=15,
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("portal", "portal"),
                                    ("web", "website"),
                                    ("phone", "phone"),
                                    ("chat", "chat"),
                                    ("email", "e-mail"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("automated", models.BooleanField(default=False)),
                        (
                            "author",
                            models.CharField(
                                blank=True, help_text="A named engineer.", max_length=120
                            ),
                        ),
                        ("text", models.TextField(blank=True)),
                        ("data", models.JSONField(blank=True, default=dict)),
                        ("clauses", models.JSONField(blank=True, default=list)),
                        (
                            "submission_key",
                            models.CharField(
                                blank=True, editable=False, max_length=140, null=True, unique=True
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="updates",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "update",
                        "verbose_name_plural": "updates",
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="MissedTarget",
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
                        ("code", models.SlugField(max_length=60, verbose_name="what")),
                        (
                            "side",
                            models.CharField(
                                choices=[("microsoft", "Microsoft"), ("customer", "customer")],
                                max_length=10,
                                verbose_name="side",
                            ),
                        ),
                        (
                            "severity",
                            models.CharField(
                                choices=[("1", "1"), ("A", "A"), ("B", "B"), ("C", "C")],
                                max_length=1,
                                verbose_name="severity",
                            ),
                        ),
                        (
                            "clock",
                            models.CharField(
                                choices=[("24x7", "24 × 7"), ("business_hours", "business hours")],
                                max_length=15,
                                verbose_name="clock",
                            ),
                        ),
                        ("since", models.DateTimeField(verbose_name="counted from")),
                        ("due_at", models.DateTimeField(verbose_name="target")),
                        ("noted_at", models.DateTimeField(verbose_name="noted")),
                        (
                            "clauses",
                            models.JSONField(blank=True, default=list, verbose_name="clauses"),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="missed_targets",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "missed target",
                        "verbose_name_plural": "missed targets",
                        "ordering": ["due_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("incident", "code", "due_at"), name="missed_target_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("noted_at__gt", models.F("due_at"))),
                                name="missed_target_noted_after_it",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Problem",
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
                            "cause",
                            models.TextField(blank=True, verbose_name="cause, as far as known"),
                        ),
                        ("opened_at", models.DateTimeField()),
                        (
                            "solved_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="solved"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="problems",
                                to="accounts.customer",
                                verbose_name="customer",
                            ),
                        ),
                        (
                            "incidents",
                            models.ManyToManyField(
                                related_name="problems", to="incidents.incident"
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "problem",
                        "verbose_name_plural": "problems",
                        "ordering": ["-opened_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("solved_at", None),
                                    ("solved_at__gte", models.F("opened_at")),
                                    _connector="OR",
                                ),
                                name="problem_solved_after_it_was_opened",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True),
                                name="problem_has_a_title",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
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
                        ("text", models.CharField(max_length=300, verbose_name="action")),
                        ("owner", models.CharField(max_length=120, verbose_name="who does it")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="until")),
                        (
                            "done_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="done"),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "activity",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_ups",
                                to="scheduling.successactivity",
                                verbose_name="activity of a success plan",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_ups",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_ups",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "problem",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="follow_ups",
                                to="incidents.problem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "action after an incident",
                        "verbose_name_plural": "actions after incidents",
                        "ordering": ["due_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("incident__isnull", False), ("problem", None)),
                                    models.Q(("incident", None), ("problem__isnull", False)),
                                    _connector="OR",
                                ),
                                name="follow_up_of_one_thing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResponseTarget",
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
                            "product_class",
                            models.CharField(
                                choices=[
                                    ("azure_component", "Azure component"),
                                    ("security_product", "security product"),
                                    ("other", "other product or service"),
                                ],
                                max_length=20,
                                verbose_name="product class",
                            ),
                        ),
                        ("minutes", models.PositiveIntegerField(verbose_name="minutes")),
                        (
                            "clauses",
                            models.JSONField(blank=True, default=list, verbose_name="clauses"),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="targets",
                                to="incidents.chartrow",
                                verbose_name="row",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "target",
                        "verbose_name_plural": "targets",
                        "ordering": ["row", "product_class"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("row", "product_class"), name="target_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minutes__gt", 0)), name="target_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RootCauseAnalysis",
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
                            "track",
                            models.CharField(
                                choices=[
                                    ("base", "base package"),
                                    ("uer", "Unified Enhanced Response"),
                                    ("mcsap", "MCSAP"),
                                    ("rede", "designated engineer (REDE)"),
                                    ("ede", "designated engineer (EDE)"),
                                ],
                                max_length=10,
                                verbose_name="regime",
                            ),
                        ),
                        (
                            "charge",
                            models.CharField(
                                choices=[
                                    ("included", "included"),
                                    ("quote", "fee quoted first"),
                                    ("hours", "hours of the engineer"),
                                ],
                                max_length=10,
                                verbose_name="charge",
                            ),
                        ),
                        ("requester", models.SlugField(max_length=40, verbose_name="asked by")),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        ("text", models.TextField(blank=True, verbose_name="request")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                        ("explained", models.JSONField(blank=True, null=True)),
                        (
                            "quote_minor",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="quoted fee"
                            ),
                        ),
                        ("quoted_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "agreed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="fee agreed"),
                        ),
                        (
                            "delivered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="delivered"),
                        ),
                        ("findings", models.TextField(blank=True, verbose_name="findings")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="analyses",
                                to="incidents.incident",
                            ),
                        ),
                        (
                            "problem",
                            models.ForeignKey(
                                blank=True,
                                help_text="The series of related incidents that it covers; empty: one incident.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="analyses",
                                to="incidents.problem",
                                verbose_name="problem",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "root cause analysis",
                        "verbose_name_plural": "root cause analyses",
                        "ordering": ["asked_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("track__in", ["base", "uer", "mcsap"])),
                                fields=("incident",),
                                name="analysis_once",
                            ),
                            models.UniqueConstraint(
                                fields=("incident", "track"), name="analysis_once_a_track"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("delivered_at", None),
                                    ("delivered_at__gte", models.F("asked_at")),
                                    _connector="OR",
                                ),
                                name="analysis_delivered_after_request",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("agreed_at", None),
                                    ("quote_minor__isnull", False),
                                    _connector="OR",
                                ),
                                name="analysis_fee_quoted_before_agreed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnalysisMaterial",
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
                        ("code", models.SlugField(max_length=40, verbose_name="what")),
                        (
                            "handed_in_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="handed in"),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="where it is"
                            ),
                        ),
                        (
                            "handed_in_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="material",
                                to="incidents.rootcauseanalysis",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "material",
                        "verbose_name_plural": "material",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("analysis", "code"), name="material_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
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
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("query", models.CharField(max_length=500)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="incident_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved view",
                        "verbose_name_plural": "saved views",
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("owner", "name"), name="saved_view_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepDown",
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
                                    ("lower_severity", "severity lowered"),
                                    ("lose_24x7", "no longer worked on 24 × 7"),
                                    ("restored", "worked on 24 × 7 again"),
                                ],
                                max_length=15,
                                verbose_name="what",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        ("reason", models.CharField(max_length=2000, verbose_name="reason")),
                        (
                            "duties",
                            models.JSONField(
                                blank=True, default=list, verbose_name="missed duties"
                            ),
                        ),
                        (
                            "chart_code",
                            models.SlugField(max_length=20, verbose_name="severity chart"),
                        ),
                        (
                            "clauses",
                            models.JSONField(blank=True, default=list, verbose_name="clauses"),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="step_downs",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transition",
                        "verbose_name_plural": "transitions",
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="step_down_with_a_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupportRole",
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
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "name_en",
                            models.CharField(max_length=120, null=True, verbose_name="name"),
                        ),
                        (
                            "name_zh_hans",
                            models.CharField(max_length=120, null=True, verbose_name="name"),
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
                        "verbose_name": "assigned role",
                        "verbose_name_plural": "assigned roles",
                        "ordering": ["code"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edition", "code"), name="support_role_once"
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
