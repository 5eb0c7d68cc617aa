"""Orders, the ledger with its guards, deadlines.

It replaces the steps by which these tables came to be before the first release.
"""

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from accounts.migrations._together import Together
from workorders.models.triggers import install_triggers


def guard_transfers(apps, schema_editor):
    install_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    replaces = [
        ("workorders", "0001_initial"),
        ("workorders", "0002_guard_transfers"),
        ("workorders", "0003_agreements_and_trades"),
        ("workorders", "0004_more_kinds_of_deadlines"),
        ("workorders", "0005_earlier_end_and_activities"),
        ("workorders", "0006_what_may_be_bought"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_portal"),
        ("catalog", "0001_portal"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Entitlement",
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
                            "unit",
                            models.CharField(
                                choices=[
                                    ("each", "delivery"),
                                    ("minute", "hour"),
                                    ("credit", "credit"),
                                    ("attendee", "seat"),
                                    ("day", "day"),
                                    ("event", "event"),
                                    ("tenant", "tenant"),
                                    ("subscription", "subscription"),
                                ],
                                max_length=12,
                                verbose_name="unit",
                            ),
                        ),
                        ("granted", models.BigIntegerField(verbose_name="granted")),
                        (
                            "value_minor",
                            models.BigIntegerField(default=0, verbose_name="value of all"),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "funding",
                            models.CharField(
                                choices=[
                                    ("included", "included in the base package"),
                                    ("money", "bought in addition"),
                                    ("flex", "flex allowance"),
                                    ("credits", "proactive credits"),
                                    ("value", "exchange value"),
                                ],
                                max_length=10,
                                verbose_name="paid with",
                            ),
                        ),
                        (
                            "flex_year",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="contract year"
                            ),
                        ),
                        ("usable_from", models.DateField(verbose_name="usable from")),
                        ("usable_until", models.DateField(verbose_name="usable until")),
                        ("granted_at", models.DateTimeField()),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entitlements",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "offering",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entitlements",
                                to="catalog.offering",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entitlements",
                                to="workorders.workorder",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entitlements",
                                to="workorders.workorderline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "entitlement",
                        "verbose_name_plural": "entitlements",
                        "ordering": [
                            "order",
                            "offering__position",
                            "location",
                            "usable_until",
                            "pk",
                        ],
                        "indexes": [
                            models.Index(fields=["usable_until"], name="entitlement_lapses")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("granted__gt", 0)), name="entitlement_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("value_minor__gte", 0)),
                                name="entitlement_value_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("usable_until__gte", models.F("usable_from"))),
                                name="entitlement_usable_a_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Account",
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
                        ("key", models.CharField(editable=False, max_length=120, unique=True)),
                        (
                            "holding",
                            models.CharField(
                                choices=[
                                    ("entitlement", "entitlement"),
                                    ("flex", "flex allowance"),
                                    ("value", "exchange value"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("flex_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "unit",
                            models.CharField(
                                help_text="A unit, or a currency code.", max_length=12
                            ),
                        ),
                        (
                            "bucket",
                            models.CharField(
                                choices=[
                                    ("issued", "issued"),
                                    ("available", "left"),
                                    ("reserved", "booked"),
                                    ("delivered", "delivered"),
                                    ("charged", "kept as cancellation charge"),
                                    ("lapsed", "lapsed"),
                                    ("committed", "committed"),
                                    ("forfeited", "forfeited at execution"),
                                    ("redeemed", "redeemed"),
                                    ("transferred", "transferred"),
                                    ("exchanged", "exchanged"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("balance", models.BigIntegerField(default=0)),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "entitlement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="workorders.entitlement",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "account",
                        "verbose_name_plural": "accounts",
                        "ordering": ["order", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("balance__gte", 0)), name="account_not_negative"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("entitlement__isnull", False), ("holding", "entitlement")
                                    ),
                                    models.Q(
                                        models.Q(("holding", "entitlement"), _negated=True),
                                        ("entitlement", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="account_holds_one_thing",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkOrder",
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
                            models.CharField(max_length=30, unique=True, verbose_name="number"),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=160, verbose_name="title"),
                        ),
                        (
                            "currency",
                            models.CharField(
                                max_length=3,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{3}$")],
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "units_per_usd",
                            models.DecimalField(
                                blank=True,
                                decimal_places=8,
                                max_digits=18,
                                null=True,
                                verbose_name="units per US dollar",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="starts on")),
                        ("ends_on", models.DateField(verbose_name="last day in force")),
                        (
                            "multi_country",
                            models.BooleanField(
                                default=False, verbose_name="multi-country support"
                            ),
                        ),
                        (
                            "base_price_minor",
                            models.BigIntegerField(default=0, verbose_name="base package price"),
                        ),
                        (
                            "amendment_number",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="number of the amendment"
                            ),
                        ),
                        (
                            "note",
                            models.TextField(blank=True, verbose_name="note on the allowance"),
                        ),
                        (
                            "purchasable",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Codes of additional services (2.1-B7); none: the whole catalogue.",
                                verbose_name="what may be bought under it",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "submitted_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="submitted for review"
                            ),
                        ),
                        (
                            "returned_reason",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="returned because"
                            ),
                        ),
                        (
                            "executed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="executed"),
                        ),
                        (
                            "terminated_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="terminated with the end of"
                            ),
                        ),
                        ("termination_reason", models.CharField(blank=True, max_length=300)),
                        (
                            "amends",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="workorders.workorder",
                                verbose_name="amends",
                            ),
                        ),
                        (
                            "copied_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="copies",
                                to="workorders.workorder",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders_drafted",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="work_orders",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="work_orders",
                                to="catalog.edition",
                            ),
                        ),
                        (
                            "executed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders_executed",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "renews",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="renewals",
                                to="workorders.workorder",
                            ),
                        ),
                        (
                            "scenario_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="scenarios",
                                to="workorders.workorder",
                                verbose_name="scenario of",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders_submitted",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "work order",
                        "verbose_name_plural": "work orders",
                        "ordering": ["-starts_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="order_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("units_per_usd", None),
                                    ("units_per_usd__gt", 0),
                                    _connector="OR",
                                ),
                                name="order_rate_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("executed_at", None), ("executed_by", None)),
                                    models.Q(
                                        ("executed_at__isnull", False),
                                        ("executed_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="order_executed_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("terminated_on", None),
                                    ("executed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="order_terminated_after_execution",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("base_price_minor__gte", 0)),
                                name="order_price_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("submitted_at", None), ("submitted_by", None)),
                                    models.Q(
                                        ("submitted_at__isnull", False),
                                        ("submitted_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="order_submitted_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amendment_number", None), ("amends", None)),
                                    models.Q(
                                        ("amendment_number__gte", 1), ("amends__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="amendment_has_its_number",
                            ),
                            models.UniqueConstraint(
                                fields=("amends", "amendment_number"), name="amendment_number_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("scenario_of", None),
                                    models.Q(("executed_at", None), ("submitted_at", None)),
                                    _connector="OR",
                                ),
                                name="scenario_is_never_executed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Transfer",
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
                        ("amount", models.BigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("grant", "granted"),
                                    ("allot", "allotted"),
                                    ("commit", "committed"),
                                    ("forfeit", "forfeited"),
                                    ("reserve", "booked"),
                                    ("release", "released"),
                                    ("deliver", "delivered"),
                                    ("charge", "cancellation charge"),
                                    ("lapse", "lapsed"),
                                    ("redeem", "redeemed"),
                                    ("return", "returned"),
                                    ("transfer_out", "moved to another location"),
                                    ("transfer_in", "received from another location"),
                                    ("exchange", "exchanged"),
                                    ("reverse", "reversed"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("on", models.DateField(help_text="The date on which it counts.")),
                        ("at", models.DateTimeField(help_text="When it was recorded.")),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("clauses", models.JSONField(default=list)),
                        (
                            "subject_key",
                            models.CharField(blank=True, db_index=True, max_length=120),
                        ),
                        (
                            "group",
                            models.UUIDField(
                                db_index=True, help_text="Binds the transfers of one act."
                            ),
                        ),
                        (
                            "idempotency_key",
                            models.CharField(blank=True, max_length=140, null=True, unique=True),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "credit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credits",
                                to="workorders.account",
                            ),
                        ),
                        (
                            "debit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="debits",
                                to="workorders.account",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="workorders.transfer",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="transfers",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "transfer",
                        "verbose_name_plural": "transfers",
                        "ordering": ["at", "pk"],
                        "indexes": [
                            models.Index(fields=["order", "on", "id"], name="transfer_statement")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount__gt", 0)), name="transfer_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("debit", models.F("credit")), _negated=True),
                                name="transfer_between_two_accounts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Redemption",
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
                        ("value_minor", models.BigIntegerField(verbose_name="value")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("credits", models.BigIntegerField(verbose_name="credits deducted")),
                        ("explained", models.JSONField()),
                        ("approved_on", models.DateField(verbose_name="approved on")),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entitlement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="redemption",
                                to="workorders.entitlement",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="redemptions",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "offering",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="redemptions",
                                to="catalog.offering",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="redemptions",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "redemption",
                        "verbose_name_plural": "redemptions",
                        "ordering": ["-at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("credits__gte", 0), ("value_minor__gt", 0)),
                                name="redemption_positive",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLocation",
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
                            "units_per_usd",
                            models.DecimalField(
                                blank=True,
                                decimal_places=8,
                                max_digits=18,
                                null=True,
                                verbose_name="units of the location's currency per US dollar",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order_locations",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="order_locations",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "listed location",
                        "verbose_name_plural": "listed locations",
                        "ordering": ["-location__role", "location__name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "location"), name="order_lists_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalWorkOrder",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            models.CharField(db_index=True, max_length=30, verbose_name="number"),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=160, verbose_name="title"),
                        ),
                        (
                            "currency",
                            models.CharField(
                                max_length=3,
                                validators=[django.core.validators.RegexValidator("^[A-Z]{3}$")],
                                verbose_name="currency",
                            ),
                        ),
                        (
                            "units_per_usd",
                            models.DecimalField(
                                blank=True,
                                decimal_places=8,
                                max_digits=18,
                                null=True,
                                verbose_name="units per US dollar",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="starts on")),
                        ("ends_on", models.DateField(verbose_name="last day in force")),
                        (
                            "multi_country",
                            models.BooleanField(
                                default=False, verbose_name="multi-country support"
                            ),
                        ),
                        (
                            "base_price_minor",
                            models.BigIntegerField(default=0, verbose_name="base package price"),
                        ),
                        (
                            "amendment_number",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="number of the amendment"
                            ),
                        ),
                        (
                            "note",
                            models.TextField(blank=True, verbose_name="note on the allowance"),
                        ),
                        (
                            "purchasable",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="Codes of additional services (2.1-B7); none: the whole catalogue.",
                                verbose_name="what may be bought under it",
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "submitted_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="submitted for review"
                            ),
                        ),
                        (
                            "returned_reason",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="returned because"
                            ),
                        ),
                        (
                            "executed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="executed"),
                        ),
                        (
                            "terminated_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="terminated with the end of"
                            ),
                        ),
                        ("termination_reason", models.CharField(blank=True, max_length=300)),
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
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="accounts.customer",
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
                            ),
                        ),
                        (
                            "executed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "submitted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "amends",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="workorders.workorder",
                                verbose_name="amends",
                            ),
                        ),
                        (
                            "copied_from",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="workorders.workorder",
                            ),
                        ),
                        (
                            "renews",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="workorders.workorder",
                            ),
                        ),
                        (
                            "scenario_of",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="workorders.workorder",
                                verbose_name="scenario of",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical work order",
                        "verbose_name_plural": "historical work orders",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="FlexYear",
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
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="contract year",
                            ),
                        ),
                        ("allotment_minor", models.BigIntegerField(verbose_name="allotment")),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="flex_years",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "flex year",
                        "verbose_name_plural": "flex years",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "number"), name="flex_year_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("allotment_minor__gte", 0)),
                                name="flex_allotment_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Exchange",
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
                        ("quantity", models.BigIntegerField(verbose_name="quantity given up")),
                        ("wanted_quantity", models.BigIntegerField(verbose_name="quantity wanted")),
                        ("value_minor", models.BigIntegerField(verbose_name="value given up")),
                        ("wanted_minor", models.BigIntegerField(verbose_name="value wanted")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "flex_year",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="contract year"
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        ("requested_at", models.DateTimeField(verbose_name="requested")),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="decided"),
                        ),
                        (
                            "declined_reason",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="declined because"
                            ),
                        ),
                        (
                            "consent_of",
                            models.CharField(
                                blank=True,
                                max_length=120,
                                verbose_name="consent of the delivery resource",
                            ),
                        ),
                        (
                            "written_agreement",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="written agreement"
                            ),
                        ),
                        (
                            "extra_minor",
                            models.BigIntegerField(default=0, verbose_name="bought in addition"),
                        ),
                        (
                            "remainder_minor",
                            models.BigIntegerField(
                                default=0, verbose_name="left as exchange value"
                            ),
                        ),
                        ("explained", models.JSONField(default=dict)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchanges_decided",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entitlement",
                            models.ForeignKey(
                                blank=True,
                                help_text="Empty: exchange value that a service left behind.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchanges",
                                to="workorders.entitlement",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchanges",
                                to="accounts.location",
                                verbose_name="location",
                            ),
                        ),
                        (
                            "offering",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="catalog.offering",
                                verbose_name="service wanted",
                            ),
                        ),
                        (
                            "received",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchange",
                                to="workorders.entitlement",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchanges_requested",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exchanges",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exchange",
                        "verbose_name_plural": "exchanges",
                        "ordering": ["-requested_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__gt", 0),
                                    ("value_minor__gt", 0),
                                    ("wanted_quantity__gt", 0),
                                    ("extra_minor__gte", 0),
                                    ("remainder_minor__gte", 0),
                                    ("wanted_minor__gt", 0),
                                ),
                                name="exchange_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at", None),
                                        ("decided_by", None),
                                        ("declined_reason", ""),
                                        ("received", None),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False), ("decided_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="exchange_decided_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_at", None),
                                    models.Q(
                                        ("received", None),
                                        models.Q(("declined_reason", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("declined_reason", ""),
                                        ("received__isnull", False),
                                        models.Q(("consent_of", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="exchange_made_with_consent_or_declined_with_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deadline",
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
                                    ("request_cutoff", "last day to request proactive services"),
                                    ("expiry", "work order expires"),
                                    ("contract_year_end", "flex allowance of the year lapses"),
                                    ("allocation", "allowance to be allocated"),
                                    ("mcsap_intake", "MCSAP intake document"),
                                    ("mcsap_material", "material for Plus monitoring"),
                                    ("mcsap_onboarding", "MCSAP onboarding ends"),
                                    ("mcsap_monitors", "Plus monitors ready for testing"),
                                    ("uer_onboarding", "UER onboarding ends"),
                                    ("free_cancellation", "last free day to cancel"),
                                    (
                                        "event_confirmation",
                                        "written confirmation of the Azure event",
                                    ),
                                    ("delivery", "delivery takes place"),
                                    ("rca_request", "last day to request a root cause analysis"),
                                    ("rca_delivery", "root cause analysis to be delivered"),
                                    ("sip_window", "another improvement plan can be requested"),
                                    ("quarterly_review", "quarterly review to be held"),
                                    ("minimum_enrolment", "decision on a workshop's enrolment"),
                                    ("success_activity", "activity of the success plan to be done"),
                                    ("renewal_start", "renewal to be executed"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "subject_key",
                            models.CharField(help_text="What it belongs to.", max_length=120),
                        ),
                        ("subject_label", models.CharField(blank=True, max_length=200)),
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
                        ("due_on", models.DateField(verbose_name="last day")),
                        ("due_at", models.DateTimeField(verbose_name="last instant")),
                        ("zone", models.CharField(max_length=64, verbose_name="time zone")),
                        ("explained", models.JSONField()),
                        ("clauses", models.JSONField(default=list)),
                        ("created_at", models.DateTimeField()),
                        ("met_at", models.DateTimeField(blank=True, null=True)),
                        ("waived_at", models.DateTimeField(blank=True, null=True)),
                        ("waived_reason", models.CharField(blank=True, max_length=300)),
                        ("superseded_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "remind_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="When the reminders look at it next.",
                                null=True,
                            ),
                        ),
                        ("snoozed_until", models.DateTimeField(blank=True, null=True)),
                        ("snoozed_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deadlines",
                                to="accounts.customer",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deadlines",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "met_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deadlines_met",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "waived_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deadlines_waived",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deadlines",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "deadline",
                        "verbose_name_plural": "deadlines",
                        "ordering": ["due_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("met_at", None), ("superseded_at", None), ("waived_at", None)
                                ),
                                fields=["due_at"],
                                name="deadline_open",
                            ),
                            models.Index(fields=["customer", "due_at"], name="deadline_customer"),
                            models.Index(
                                condition=models.Q(
                                    ("met_at", None), ("superseded_at", None), ("waived_at", None)
                                ),
                                fields=["remind_at"],
                                name="deadline_remind",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("superseded_at", None)),
                                fields=("kind", "subject_key"),
                                name="deadline_once_for_a_subject",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("waived_at", None), ("waived_by", None)),
                                    models.Q(
                                        ("waived_at__isnull", False),
                                        ("waived_by__isnull", False),
                                        models.Q(("waived_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="deadline_waived_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Charge",
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
                                    ("travel", "travel agreed in advance"),
                                    ("cancellation", "cancellation charge"),
                                    ("rescheduling", "rescheduling charge"),
                                    ("extra", "bought on top of an exchange"),
                                    ("other", "other agreed charge"),
                                ],
                                max_length=14,
                                verbose_name="kind",
                            ),
                        ),
                        ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("billable_on", models.DateField(verbose_name="billable on")),
                        ("text", models.CharField(blank=True, max_length=200, verbose_name="text")),
                        ("clauses", models.JSONField(default=list)),
                        ("subject_key", models.CharField(db_index=True, max_length=120)),
                        ("at", models.DateTimeField()),
                        (
                            "idempotency_key",
                            models.CharField(blank=True, max_length=140, null=True, unique=True),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="charges",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="charges",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "offering",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="charges",
                                to="catalog.offering",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="workorders.charge",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="charges",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "charge",
                        "verbose_name_plural": "charges",
                        "ordering": ["billable_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amount_minor__gt", 0), ("reverses", None)),
                                    models.Q(("amount_minor__lt", 0), ("reverses__isnull", False)),
                                    _connector="OR",
                                ),
                                name="charge_positive_or_taken_back",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkOrderLine",
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
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        (
                            "unit",
                            models.CharField(
                                choices=[
                                    ("each", "delivery"),
                                    ("minute", "hour"),
                                    ("credit", "credit"),
                                    ("attendee", "seat"),
                                    ("day", "day"),
                                    ("event", "event"),
                                    ("tenant", "tenant"),
                                    ("subscription", "subscription"),
                                ],
                                max_length=12,
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "price_minor",
                            models.BigIntegerField(
                                default=0,
                                help_text="Of the whole line, in minor units of the order.",
                                verbose_name="price",
                            ),
                        ),
                        (
                            "funding",
                            models.CharField(
                                choices=[
                                    ("included", "included in the base package"),
                                    ("money", "bought in addition"),
                                    ("flex", "flex allowance"),
                                    ("credits", "proactive credits"),
                                    ("value", "exchange value"),
                                ],
                                max_length=10,
                                verbose_name="paid with",
                            ),
                        ),
                        (
                            "flex_year",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="contract year"
                            ),
                        ),
                        (
                            "starts_on",
                            models.DateField(blank=True, null=True, verbose_name="own start"),
                        ),
                        (
                            "ends_on",
                            models.DateField(blank=True, null=True, verbose_name="own end"),
                        ),
                        (
                            "sold_as",
                            models.CharField(blank=True, max_length=12, verbose_name="sold as"),
                        ),
                        (
                            "sold_onsite",
                            models.BooleanField(default=False, verbose_name="sold as onsite"),
                        ),
                        (
                            "agreed_time_zone",
                            models.CharField(
                                blank=True,
                                max_length=64,
                                verbose_name="time zone agreed in writing",
                            ),
                        ),
                        (
                            "exhibit_reference",
                            models.CharField(blank=True, max_length=80, verbose_name="exhibit"),
                        ),
                        (
                            "assessed_spend_usd_minor",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="assessed product spend"
                            ),
                        ),
                        (
                            "platform_price_minor",
                            models.BigIntegerField(
                                blank=True,
                                help_text="What the tiered fee is added to, in minor units of the order.",
                                null=True,
                                verbose_name="platform price",
                            ),
                        ),
                        (
                            "floor_price_minor",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="floor price"
                            ),
                        ),
                        (
                            "floor_price_paid",
                            models.BooleanField(default=False, verbose_name="floor price paid"),
                        ),
                        (
                            "plus_noted",
                            models.BooleanField(
                                default=False, verbose_name="Plus noted on the order"
                            ),
                        ),
                        (
                            "intake_completed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="intake complete"
                            ),
                        ),
                        (
                            "onboarding_ended_on",
                            models.DateField(
                                blank=True,
                                help_text="Where both sides agreed on an earlier end (2.4-AP39).",
                                null=True,
                                verbose_name="onboarding ended on",
                            ),
                        ),
                        (
                            "onboarding_end_agreed",
                            models.CharField(
                                blank=True,
                                max_length=300,
                                verbose_name="who agreed to the earlier end",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        (
                            "offering",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order_lines",
                                to="catalog.offering",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="workorders.workorder",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line",
                        "verbose_name_plural": "lines",
                        "ordering": ["position", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("price_minor__gte", 0)),
                                name="line_price_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("flex_year__isnull", False), ("funding", "flex")),
                                    models.Q(
                                        models.Q(("funding", "flex"), _negated=True),
                                        ("flex_year", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="line_flex_has_its_year",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("platform_price_minor", None),
                                        ("platform_price_minor__gte", 0),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("floor_price_minor", None),
                                        ("floor_price_minor__gte", 0),
                                        _connector="OR",
                                    ),
                                ),
                                name="line_fee_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpendTier",
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
                            "up_to_usd_minor",
                            models.BigIntegerField(
                                blank=True, null=True, verbose_name="spend up to"
                            ),
                        ),
                        (
                            "percent",
                            models.DecimalField(
                                decimal_places=4, max_digits=7, verbose_name="percent of the spend"
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tiers",
                                to="workorders.workorderline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tier",
                        "verbose_name_plural": "tiers",
                        "ordering": [models.OrderBy(models.F("up_to_usd_minor"), nulls_last=True)],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("line", "up_to_usd_minor"), name="spend_tier_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("up_to_usd_minor", None)),
                                fields=("line",),
                                name="spend_tier_without_limit_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("up_to_usd_minor", None),
                                    ("up_to_usd_minor__gt", 0),
                                    _connector="OR",
                                ),
                                name="spend_tier_limit_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("percent__gte", 0), ("percent__lte", 100)),
                                name="spend_tier_percent_of_the_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LineScope",
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
                                    ("product", "product"),
                                    ("subscription", "subscription"),
                                    ("tenant", "tenant"),
                                    ("solution", "solution"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("identifier", models.CharField(max_length=160, verbose_name="identifier")),
                        (
                            "affiliate",
                            models.BooleanField(
                                default=True, verbose_name="bought by the customer or an affiliate"
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="scopes",
                                to="workorders.workorderline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "scope",
                        "verbose_name_plural": "scopes",
                        "ordering": ["kind", "identifier"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("line", "kind", "identifier"), name="scope_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LineAllocation",
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
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="line_allocations",
                                to="accounts.location",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="allocations",
                                to="workorders.workorderline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "allocation",
                        "verbose_name_plural": "allocations",
                        "ordering": ["-location__role", "location__name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("line", "location"), name="allocation_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gt", 0)), name="allocation_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Override",
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
                        ("subject_key", models.CharField(db_index=True, max_length=120)),
                        ("code", models.CharField(max_length=40)),
                        ("clauses", models.JSONField(default=list)),
                        ("reason", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="overrides",
                                to="accounts.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "override",
                        "verbose_name_plural": "overrides",
                        "ordering": ["-at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="override_has_a_reason",
                            )
                        ],
                    },
                ),
            ]
        ),
        migrations.RunPython(guard_transfers, migrations.RunPython.noop),
    ]
