"""The form of a line with what stands against each field, and what it leaves to allot."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules.explained import Explained
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from accounts.wording import formats
from services.catalog.models import Offering
from workorders.forms.lines import LineForm
from workorders.models import WorkOrderLine
from workorders.queries.execution import YearPlan
from workorders.queries.findings import Finding

# Where a finding stands on the form, by the field that it names.
SLOTS = {
    "price_minor": "price",
    "amount": "price",
    "value": "price",
    "quantity": "quantities",
    "quantities": "quantities",
    "allocations": "quantities",
    "locations": "quantities",
    "location": "quantities",
    "days": "quantities",
    "unit": "quantities",
    "tenants": "scopes",
    "scopes": "scopes",
    "mode": "sold_onsite",
}
GENERAL = "line"


@dataclass(slots=True)
class Slot:
    """What stands against one field: errors of typing, findings of the description."""

    name: str
    errors: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One or several fields that share a slot for what stands against them."""

    name: str
    fields: list[Any]
    slot: Slot | None


@dataclass(slots=True)
class LinePanel:
    """The form of a line with what stands against it and what it leaves of the allowance."""

    form: LineForm
    offering: Offering
    line: WorkOrderLine | None
    slots: dict[str, Slot]
    plan: YearPlan | None = None
    fee: Explained[Money] | None = None
    refusal: Refused | None = None

    @property
    def url(self) -> str:
        """Where the form goes."""
        order = self.form.order_pk
        if self.line:
            edit = reverse("workorders:line-edit", args=[order, self.line.pk])
            return f"{edit}?offering={self.offering.code}"
        return f"{reverse('workorders:line-add', args=[order])}?offering={self.offering.code}"

    @property
    def check_url(self) -> str:
        """Where what is typed is checked."""
        check = reverse("workorders:line-check", args=[self.form.order_pk])
        line = f"&line={self.line.pk}" if self.line else ""
        return f"{check}?offering={self.offering.code}{line}"

    @property
    def groups(self) -> list[tuple[str, list[FieldRow]]]:
        """The form in three parts: how much where, paid how, and what else it needs."""
        form = self.form
        names = [bound.name for bound in (*form.papers, *form.own_days)]
        quantities = [*([] if form["unit"].is_hidden else [form["unit"]]), *form.quantities]
        scopes = [self._row("scopes", form.scope_fields)] if form.scope_kinds else []
        return [
            ("where", [self._row("quantities", quantities)]),
            (
                "money",
                [self._row(name, [form[name]]) for name in ("price", "funding", "flex_year")],
            ),
            ("more", [*scopes, *(self._row(name, [form[name]]) for name in (*names, "note"))]),
        ]

    @property
    def fee_rows(self) -> list[FieldRow]:
        """What the fee follows from besides the tiers, in a part of its own."""
        return [self._row(bound.name, [bound]) for bound in self.form.fee_fields]

    @property
    def tier_row(self) -> FieldRow:
        """The tier table with what stands against it."""
        return self._row("tiers", self.form.tier_fields)

    @property
    def rows(self) -> list[FieldRow]:
        """All rows, for the check that answers while one types."""
        rows = [row for _name, rows in self.groups for row in rows]
        return [*rows, *self.fee_rows, self.tier_row] if self.form.asks_fee else rows

    @property
    def general(self) -> Slot | None:
        """What belongs to no field."""
        return self.slots.get(GENERAL)

    def _row(self, name: str, fields: list[Any]) -> FieldRow:
        return FieldRow(name, fields, self.slots.get(name))

    @property
    def is_over(self) -> bool:
        """The year's allowance, or its ceiling, doesn't suffice with this line."""
        free = (self._left, self._free_under_ceiling)
        return any(amount is not None and amount.minor < 0 for amount in free)

    @property
    def headroom(self) -> str:
        """What is left of the year's allowance with this line, and under its ceiling."""
        if self.plan is None or self._left is None:
            return ""
        values = {"n": self.plan.number, "amount": formats.money(_positive(self._left))}
        words = (
            _("With this line, year %(n)s has %(amount)s of its allowance left.")
            if self._left.minor >= 0
            else _("With this line, year %(n)s is %(amount)s over its allowance.")
        )
        free = self._free_under_ceiling
        if free is None:
            return words % values
        ceiling = (
            _("Under the ceiling for credits and custom services %(amount)s are free.")
            if free.minor >= 0
            else _("The ceiling for credits and custom services is exceeded by %(amount)s.")
        )
        return f"{words % values} {ceiling % {'amount': formats.money(_positive(free))}}"

    @property
    def _left(self) -> Money | None:
        return self.plan.allotted - self.plan.committed if self.plan else None

    @property
    def _free_under_ceiling(self) -> Money | None:
        if self.plan is None or self.plan.ceiling is None:
            return None
        return self.plan.ceiling.result - self.plan.capped


def _positive(amount: Money) -> Money:
    return Money(abs(amount.minor), amount.currency)


def is_of(finding: Finding, line: WorkOrderLine | None) -> bool:
    """Whether a finding concerns this line, saved or proposed."""
    one = finding.line
    return one is not None and line is not None and (one is line or one.pk == line.pk)


def place_findings(slots: dict[str, Slot], form: LineForm, findings: list[Finding]) -> None:
    """Put each finding beside the field that it names."""
    for finding in findings:
        slot_of(slots, form, finding.field).findings.append(finding)


def slot_of(slots: dict[str, Slot], form: LineForm, name: str) -> Slot:
    """The slot of a field; what belongs to none that is seen is said for the line as a whole."""
    name = SLOTS.get(name, name)
    if name.startswith("quantity_"):
        name = "quantities"
    elif name.startswith(("scope_", "excluded_")):
        name = "scopes"
    elif name.startswith("tier_"):
        name = "tiers"
    known = (
        name == "quantities"
        or (name == "tiers" and form.asks_fee)
        or (name == "scopes" and form.scope_kinds)
        or (name in form.fields and not form[name].is_hidden)
    )
    name = name if known else GENERAL
    return slots.setdefault(name, Slot(name))
