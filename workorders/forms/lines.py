"""The form of one line of a draft, made for its offering: only what concerns it is asked."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Location
from accounts.rules.calendar_days import ContractYear
from accounts.rules.money import Money
from accounts.rules.refusal import Refused
from services.catalog.models import Offering
from workorders.forms.base import dress
from workorders.forms.fields import AmountField, PercentField, QuantityField
from workorders.forms.filters import DateField
from workorders.forms.orders import BuilderForm
from workorders.models import LineScope, SpendTier, WorkOrder, WorkOrderLine
from workorders.models.orders import Funding, Unit
from workorders.queries.fees import fee_of
from workorders.rules.fees import Tier

Kind = LineScope.Kind
MOST_SCOPES = 200
TIERED = "tiered_fee_on_azure_spend"
LEAST_TIERS, MOST_TIERS = 4, 12
UNIT_WORDS = {
    Unit.EACH: _("deliveries"),
    Unit.MINUTE: _("hours"),
    Unit.CREDIT: _("credits"),
    Unit.ATTENDEE: _("seats"),
    Unit.DAY: _("days"),
    Unit.EVENT: _("events"),
    Unit.TENANT: _("tenants"),
    Unit.SUBSCRIPTION: _("subscriptions"),
}
# Which scopes an offering is asked for, by where it may be used.
SCOPES_BY_PLACE = {
    "listed_subscriptions": (Kind.SUBSCRIPTION,),
    "listed_tenants": (Kind.TENANT,),
    "listed_solution": (Kind.SOLUTION,),
}
SCOPE_WORDS = {
    Kind.PRODUCT: _("Products, one a line"),
    Kind.SUBSCRIPTION: _("Subscriptions, one a line"),
    Kind.TENANT: _("Tenants, one a line"),
    Kind.SOLUTION: _("Solutions, one a line"),
}


class IdentifiersField(forms.CharField):
    """Identifiers, one a line; empty lines and repetitions don't count."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("max_length", MOST_SCOPES * 161)
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        """The identifiers in their order."""
        text = super().to_python(value)
        found = list(
            dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip())
        )
        if any(len(one) > 160 for one in found):
            raise forms.ValidationError(_("An identifier has at most 160 characters."))
        if len(found) > MOST_SCOPES:
            raise forms.ValidationError(
                _("At most %(count)s identifiers.") % {"count": MOST_SCOPES}
            )
        return found

    def run_validators(self, value: Any) -> None:
        """The text has been read already."""

    def prepare_value(self, value: Any) -> Any:
        """One a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value


class LineForm(BuilderForm):
    """One service: how many where, for how much, paid with what, covering what."""

    def __init__(
        self,
        *args: Any,
        order: WorkOrder,
        offering: Offering,
        units: Sequence[str],
        locations: Sequence[Location],
        years: Sequence[ContractYear],
        line: WorkOrderLine | None = None,
        **options: Any,
    ) -> None:
        self.offering, self.locations, self.line = offering, locations, line
        self.order_pk = order.pk
        initial: dict[str, Any] = {"funding": Funding.MONEY}
        if line:
            initial = line_initial(line)
        initial["version"] = order.version
        initial.setdefault("unit", units[0])
        super().__init__(*args, initial=initial, **options)
        unit = self._unit(units, str(initial["unit"]))
        self._ask_quantities(units, unit)
        self._ask_money(order, years)
        self._ask_fee(order, line)
        self._ask_scopes()
        self._ask_papers()
        dress(self)

    # --- what is asked ---------------------------------------------------------------------

    def _unit(self, units: Sequence[str], initial: str) -> str:
        """The unit in which the quantities below are typed."""
        self.fields["unit"] = forms.ChoiceField(
            label=_("Counted in"),
            choices=[(unit, UNIT_WORDS[Unit(unit)]) for unit in units],
            widget=forms.Select if len(units) > 1 else forms.HiddenInput,
        )
        typed = self.data.get(self.add_prefix("unit")) if self.is_bound else initial
        return next((unit for unit in units if unit == typed), units[0])

    def _ask_quantities(self, units: Sequence[str], unit: str) -> None:
        for place in self.locations:
            self.fields[f"quantity_{place.pk}"] = QuantityField(
                label=str(place), unit=unit, required=False
            )
        self.unit_words = UNIT_WORDS[Unit(unit)]

    def _ask_money(self, order: WorkOrder, years: Sequence[ContractYear]) -> None:
        self.fields["price"] = AmountField(
            label=_("Price of the whole line"), currency=order.currency, required=False
        )
        self.fields["funding"] = forms.ChoiceField(
            label=_("Paid with"),
            choices=[
                (Funding.MONEY, _("Money, in addition")),
                (Funding.VALUE, _("Exchange value"))
                if order.amends_id
                else (Funding.FLEX, _("Flex allowance")),
            ],
            widget=forms.RadioSelect,
        )
        self.fields["flex_year"] = forms.TypedChoiceField(
            label=_("Contract year"),
            choices=[
                ("", "–"),
                *((year.number, _("Year %(n)s") % {"n": year.number}) for year in years),
            ],
            coerce=int,
            empty_value=None,
            required=False,
        )

    def _ask_fee(self, order: WorkOrder, line: WorkOrderLine | None) -> None:
        """What the fee follows from: spend, platform price, tier table; floor price for Plus."""
        self.asks_fee = self.offering.unit_of_sale == TIERED
        self.tier_rows: list[int] = []
        if not self.asks_fee:
            return
        self.fields["price"].help_text = _("Left empty, it takes the fee by the tier table.")
        self.fields["assessed_spend_usd_minor"] = AmountField(
            label=_("Assessed product spend in US dollars"),
            currency="USD",
            required=False,
            help_text=_("A year's spend on the enrolled products and subscriptions."),
        )
        self.fields["platform_price_minor"] = AmountField(
            label=_("Platform price"),
            currency=order.currency,
            required=False,
            help_text=_("The tiers are added to it."),
        )
        kept = line.tiers.count() if line else 0
        self.tier_rows = list(range(1, min(max(kept + 2, LEAST_TIERS), MOST_TIERS) + 1))
        for row in self.tier_rows:
            self.fields[f"tier_{row}_up_to"] = AmountField(
                label=_("Spend up to (USD)"), currency="USD", required=False, least=1
            )
            self.fields[f"tier_{row}_percent"] = PercentField(label=_("Percent"), required=False)
        if "mcsap" in self.offering.includes:
            self.fields["floor_price_minor"] = AmountField(
                label=_("Floor price"), currency=order.currency, required=False
            )
            self.fields["floor_price_paid"] = forms.BooleanField(
                label=_("Floor price paid"), required=False
            )
            self.fields["plus_noted"] = forms.BooleanField(
                label=_("Plus is noted on the order"), required=False
            )

    def _ask_scopes(self) -> None:
        kinds = list(SCOPES_BY_PLACE.get(self.offering.location_constraint, ()))
        if self.offering.subcategory == "designated":
            kinds.append(Kind.PRODUCT)
        for kind in kinds:
            self.fields[f"scope_{kind.value}"] = IdentifiersField(label=SCOPE_WORDS[kind])
        if Kind.SUBSCRIPTION in kinds:
            self.fields["excluded_subscription"] = IdentifiersField(
                label=_("Subscriptions not bought by the customer or an affiliate"),
                help_text=_("They stay outside the scope."),
            )
        self.scope_kinds = kinds

    def _ask_papers(self) -> None:
        offering = self.offering
        if offering.exhibit:
            self.fields["exhibit_reference"] = forms.CharField(
                label=_("Exhibit"), max_length=80, required=False
            )
        if offering.business_hours == "standard_agreed_zone":
            self.fields["agreed_time_zone"] = forms.CharField(
                label=_("Time zone agreed in writing"),
                max_length=64,
                required=False,
                help_text=_("For instance Europe/Berlin."),
            )
        if not offering.onsite_barred:
            self.fields["sold_onsite"] = forms.BooleanField(
                label=_("Sold expressly as onsite"), required=False
            )
        self.fields["starts_on"] = DateField(label=_("Own start"), required=False)
        self.fields["ends_on"] = DateField(label=_("Own end"), required=False)
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=300, required=False)

    # --- what was answered -----------------------------------------------------------------

    @property
    def quantities(self) -> list[forms.BoundField]:
        """The quantity fields, one a location, for the template."""
        return [self[f"quantity_{place.pk}"] for place in self.locations]

    @property
    def scope_fields(self) -> list[forms.BoundField]:
        """The scope fields, for the template."""
        names = [name for name in self.fields if name.startswith(("scope_", "excluded_"))]
        return [self[name] for name in names]

    @property
    def papers(self) -> list[forms.BoundField]:
        """Exhibit, zone and what MCSAP Plus asks, for the template."""
        names = (
            "exhibit_reference", "agreed_time_zone", "sold_onsite",
        )  # fmt: skip
        return [self[name] for name in names if name in self.fields]

    @property
    def own_days(self) -> list[forms.BoundField]:
        """Own start and end, for the template."""
        return [self["starts_on"], self["ends_on"]]

    @property
    def fee_fields(self) -> list[forms.BoundField]:
        """What the fee follows from besides the tiers, for the template."""
        names = (
            "assessed_spend_usd_minor", "platform_price_minor", "floor_price_minor",
            "floor_price_paid", "plus_noted",
        )  # fmt: skip
        return [self[name] for name in names if name in self.fields]

    @property
    def tier_fields(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """The rows of the tier table: number, limit, percent."""
        return [
            (row, self[f"tier_{row}_up_to"], self[f"tier_{row}_percent"]) for row in self.tier_rows
        ]

    def clean(self) -> dict[str, Any]:
        """A row of the tier table is written whole, or not at all."""
        data: dict[str, Any] = super().clean() or {}
        for row in self.tier_rows:
            limit, percent = data.get(f"tier_{row}_up_to"), data.get(f"tier_{row}_percent")
            if limit is not None and percent is None and f"tier_{row}_percent" not in self.errors:
                self.add_error(
                    f"tier_{row}_percent",
                    _("Tier %(row)s has a limit and no percent.") % {"row": row},
                )
        return data

    def tiers(self) -> list[Tier]:
        """The tier table, without its empty rows."""
        data = self.cleaned_data
        found = [
            (data.get(f"tier_{row}_up_to"), data.get(f"tier_{row}_percent"))
            for row in self.tier_rows
        ]
        return [
            Tier(None if limit is None else Money(limit, "USD"), percent)
            for limit, percent in found
            if percent is not None
        ]

    def line_fields(self) -> dict[str, Any]:
        """As `add_line` takes them."""
        data = self.cleaned_data
        fields = {name: data[name] for name in PLAIN if name in data}
        fields["price_minor"] = data.get("price") or 0
        return fields

    def allocations(self) -> list[tuple[Location, int]]:
        """Where how many; places without any don't count."""
        wanted = [
            (place, self.cleaned_data.get(f"quantity_{place.pk}")) for place in self.locations
        ]
        return [(place, quantity) for place, quantity in wanted if quantity]

    def scopes(self) -> list[tuple[str, str, bool]]:
        """Kind, identifier, and whether the customer or an affiliate bought it."""
        data = self.cleaned_data
        found = [
            (kind.value, one, True)
            for kind in self.scope_kinds
            for one in data.get(f"scope_{kind.value}") or ()
        ]
        excluded = data.get("excluded_subscription") or ()
        named = {(kind, one) for kind, one, _own in found}
        return found + [
            (Kind.SUBSCRIPTION.value, one, False)
            for one in excluded
            if (Kind.SUBSCRIPTION.value, one) not in named
        ]


PLAIN = (
    "unit", "funding", "flex_year", "starts_on", "ends_on", "sold_onsite", "agreed_time_zone",
    "exhibit_reference", "assessed_spend_usd_minor", "platform_price_minor", "floor_price_minor",
    "floor_price_paid", "plus_noted", "note",
)  # fmt: skip


def line_initial(line: WorkOrderLine) -> dict[str, Any]:
    """What stands on a line, to be changed."""
    initial: dict[str, Any] = {name: getattr(line, name) for name in PLAIN}
    tiers = list(line.tiers.all())
    initial["price"] = None if _is_fee(line, tiers) else line.price_minor
    for row, tier in enumerate(tiers, 1):
        initial[f"tier_{row}_up_to"] = tier.up_to_usd_minor
        initial[f"tier_{row}_percent"] = tier.percent
    for share in line.allocations.all():
        initial[f"quantity_{share.location_id}"] = share.quantity
    initial |= _identifiers(line.scopes.all())
    return initial


def _is_fee(line: WorkOrderLine, tiers: Sequence[SpendTier]) -> bool:
    """Whether the price is what the tier table gives: then it follows what is typed."""
    if not tiers:
        return False
    try:
        return fee_of(line, tiers, order=line.order).result.minor == line.price_minor
    except Refused:
        return False


def _identifiers(scopes: Iterable[LineScope]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for scope in scopes:
        name = f"scope_{scope.kind}" if scope.affiliate else f"excluded_{scope.kind}"
        found.setdefault(name, []).append(scope.identifier)
    return found
