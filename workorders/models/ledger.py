"""The ledger. Two tables: accounts with their balances, transfers that never change.

The sum of all `issued` balances equals the sum of all other balances, because one row
moves an amount from one account to another and nothing else changes a balance.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Location, TenantQuerySet, User
from workorders.models.entitlements import Entitlement
from workorders.models.orders import WorkOrder


class AccountQuerySet(TenantQuerySet["Account"]):
    """Accounts by customer and location."""

    customer_path = "order__customer"
    location_path = "location"


class Account(models.Model):
    """One bucket of one holding: an entitlement, a year's allowance, or exchange value.

    Balances are whole units (credits, minutes, deliveries, minor currency units), never
    negative. `issued` counts what was put into the books; every other bucket counts
    what lies in it. The balance is changed by a conditional UPDATE in the transaction
    of its transfer, and by nothing else.
    """

    class Bucket(models.TextChoices):
        """Where an amount stands."""

        ISSUED = "issued", _("issued")
        AVAILABLE = "available", _("left")
        RESERVED = "reserved", _("booked")
        DELIVERED = "delivered", _("delivered")
        CHARGED = "charged", _("kept as cancellation charge")
        LAPSED = "lapsed", _("lapsed")
        COMMITTED = "committed", _("committed")
        FORFEITED = "forfeited", _("forfeited at execution")
        REDEEMED = "redeemed", _("redeemed")
        TRANSFERRED = "transferred", _("transferred")
        EXCHANGED = "exchanged", _("exchanged")

    class Holding(models.TextChoices):
        """What is being held."""

        ENTITLEMENT = "entitlement", _("entitlement")
        FLEX = "flex", _("flex allowance")
        VALUE = "value", _("exchange value")

    key = models.CharField(max_length=120, unique=True, editable=False)
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="accounts")
    holding = models.CharField(max_length=12, choices=Holding)
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    entitlement = models.ForeignKey(
        Entitlement, models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    flex_year = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, help_text=_("A unit, or a currency code."))
    bucket = models.CharField(max_length=12, choices=Bucket)
    balance = models.BigIntegerField(default=0)
    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="account_not_negative"),
            models.CheckConstraint(
                condition=Q(holding="entitlement", entitlement__isnull=False)
                | ~Q(holding="entitlement") & Q(entitlement=None),
                name="account_holds_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class TransferQuerySet(TenantQuerySet["Transfer"]):
    """Transfers by customer and, through the account, by location."""

    customer_path = "order__customer"
    location_path = "debit__location"


class Transfer(models.Model):
    """An amount moved from `debit` to `credit`. Never changed, never removed: a
    correction is a new transfer that names what it reverses."""

    class Kind(models.TextChoices):
        """Why an amount moved."""

        GRANT = "grant", _("granted")
        ALLOT = "allot", _("allotted")
        COMMIT = "commit", _("committed")
        FORFEIT = "forfeit", _("forfeited")
        RESERVE = "reserve", _("booked")
        RELEASE = "release", _("released")
        DELIVER = "deliver", _("delivered")
        CHARGE = "charge", _("cancellation charge")
        LAPSE = "lapse", _("lapsed")
        REDEEM = "redeem", _("redeemed")
        RETURN = "return", _("returned")
        TRANSFER_OUT = "transfer_out", _("moved to another location")
        TRANSFER_IN = "transfer_in", _("received from another location")
        EXCHANGE = "exchange", _("exchanged")
        REVERSE = "reverse", _("reversed")

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="transfers")
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField(help_text=_("The date on which it counts."))
    at = models.DateTimeField(help_text=_("When it was recorded."))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="transfers")
    reason = models.CharField(max_length=300, blank=True)
    clauses = models.JSONField(default=list)
    subject_key = models.CharField(max_length=120, blank=True, db_index=True)
    group = models.UUIDField(help_text=_("Binds the transfers of one act."), db_index=True)
    idempotency_key = models.CharField(max_length=140, null=True, blank=True, unique=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["order", "on", "id"], name="transfer_statement")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_positive"),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="transfer_between_two_accounts"
            ),
        ]
