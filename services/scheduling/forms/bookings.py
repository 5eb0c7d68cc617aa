"""The booking form: what, where, when and how, in the words of the delivery location."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Location
from accounts.rules.money import Money
from accounts.wording import formats
from services.catalog.models import Offering
from services.catalog.queries import facts_of
from services.catalog.rules.offering import OfferingFacts
from services.scheduling.forms.engineers import EngineersField
from services.scheduling.forms.repeats import RepeatForm
from services.scheduling.models import Engineer, Mode, Work
from services.scheduling.queries.choices import Bookable
from services.scheduling.queries.enrolment import holds_enrolment
from services.scheduling.queries.proposals import EVENT, MCSAP
from services.scheduling.wording.states import LANGUAGES, language_name
from workorders.forms.base import dress
from workorders.forms.fields import AmountField, QuantityField
from workorders.forms.filters import DateField
from workorders.models.orders import Unit
from workorders.wording.units import quantity_words

CLOUDS = (
    ("public", _("Azure public cloud")),
    ("azure_government", _("Azure Government")),
    ("sovereign", _("A sovereign cloud")),
)
ONSITE = ("written_agreement", "fee_recorded", "visit_prepaid")
EVENTS = (
    "event_solution",
    "event_cloud",
    "event_confirmed_on",
    "short_notice_agreed",
    "restricted_staff",
)
# Choices that change which fields there are: they bring a new form, others only answers.
REFITTING = frozenset({"customer", "entitlement", "offering", "location", "mode"})
REFIT = {
    "hx-post": "",
    "hx-trigger": "change consume",
    "hx-target": "closest form",
    "hx-swap": "outerHTML",
    "hx-select": "unset",
    "hx-select-oob": "unset",
}
# Where a refusal stands in the form, by the field that the rule names.
FIELD_OF = {
    "date": "starts_on",
    "starts_at": "starts_time",
    "ends_at": "ends_time",
    "confirmed_on": "event_confirmed_on",
    "cloud": "event_cloud",
    "restricted_staff_required": "restricted_staff",
    "attendee": "attendees",
    "days": "ends_on",
    "hours": "quantity",
    "lines": "offering",
    "credit_value": "value",
}


class BookingForm(RepeatForm):
    """What to book. Fields that don't concern the chosen service aren't there."""

    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        empty_label=_("Choose a customer"),
    )
    entitlement = forms.ChoiceField(label=_("From"))
    offering = forms.ModelChoiceField(
        label=_("Service that the credits buy"),
        queryset=Offering.objects.none(),
        empty_label=_("Choose a service"),
    )
    value = AmountField(label=_("What it costs"), least=1)
    location = forms.ModelChoiceField(
        label=_("Delivery location"), queryset=Location.objects.none(), empty_label=None
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        required=False,
        help_text=_("Such as the subject of a workshop."),
    )
    quantity = QuantityField(label=_("Quantity"), least=1)
    mode = forms.ChoiceField(label=_("Delivery"), choices=Mode.choices)
    written_agreement = forms.BooleanField(label=_("Onsite agreed in writing"), required=False)
    fee_recorded = forms.BooleanField(
        label=_("Extra fee recorded"), required=False, help_text=_("Paid, or to be invoiced.")
    )
    visit_prepaid = forms.BooleanField(
        label=_("Visit paid in advance"), required=False, help_text=_("Otherwise travel is billed.")
    )
    language = forms.ChoiceField(label=_("Language"))
    language_agreed = forms.BooleanField(label=_("Language agreed in writing"), required=False)
    attendees = forms.IntegerField(
        label=_("Participants"), min_value=1, max_value=100_000, required=False
    )
    minimum_attendees = forms.IntegerField(
        label=_("Minimum enrolment"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Below it Microsoft may cancel, at no charge."),
    )
    decide_on = DateField(
        label=_("Decision on the enrolment by"),
        required=False,
        help_text=_("Empty: the last day on which cancelling is free, later the day before."),
    )
    work = forms.ChoiceField(label=_("Kind of work"), choices=Work.choices, required=False)
    event_solution = forms.CharField(label=_("Azure solution"), max_length=160)
    event_cloud = forms.ChoiceField(label=_("Cloud"), choices=CLOUDS)
    event_confirmed_on = DateField(
        label=_("Confirmed in writing on"),
        required=False,
        help_text=_("Empty: still to be confirmed."),
    )
    short_notice_agreed = forms.BooleanField(
        label=_("Microsoft agrees to the short notice"), required=False
    )
    restricted_staff = forms.BooleanField(
        label=_("Only citizens of certain countries may support it"), required=False
    )
    engineers = EngineersField()
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    late_reason = forms.CharField(
        label=_("Why the late request is accepted"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        customers: Any,
        bookables: Sequence[Bookable],
        for_credits: Sequence[Offering],
        engineers: Sequence[Engineer] = (),
        **options: Any,
    ) -> None:
        self.bookables = {str(one.entitlement.pk): one for one in bookables}
        self.for_credits = {str(offering.pk): offering for offering in for_credits}
        super().__init__(*args, zone="UTC", **options)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        self.fields["entitlement"].choices = grouped(bookables)  # type: ignore[attr-defined]
        self.fields["language"].choices = [(c, language_name(c)) for c in LANGUAGES]  # type: ignore[attr-defined]
        self.chosen = self.bookables.get(str(self._given("entitlement") or ""))
        if self.is_refitted:
            self._forget("location")
        self.service = self._service()
        self._fit()
        EngineersField.fit(self, engineers)
        self._begin()
        dress(self)
        for name, bound in self.fields.items():
            if name in REFITTING:
                bound.widget.attrs.update(REFIT)

    @property
    def is_refitted(self) -> bool:
        """Whether another choice is made than the one that the shown fields were for.

        Then it is delivered where the new one lies, in the zone and hours of that place.
        """
        shown_for = self.data.get("fitted", "") if self.is_bound else ""
        return bool(shown_for and self.chosen) and shown_for != str(self.data.get("entitlement"))

    @property
    def is_unfinished(self) -> bool:
        """Whether somebody still types: it is checked, and nothing is booked."""
        return self.is_bound and ("_check" in self.data or self.is_refitted)

    def _forget(self, name: str) -> None:
        """Drop what was given for a field that it can't be any more."""
        given: Any = self.data
        data = given.copy()
        data.pop(self.add_prefix(name), None)
        self.data = data

    def _begin(self) -> None:
        """Fields that the last choice brought begin as they would on a fresh form."""
        if not self.is_unfinished:
            return
        given: Any = self.data
        data = given.copy()
        for name in self.fields:
            begins = self.get_initial_for_field(self.fields[name], name)
            if begins is not None and self.add_prefix(name) not in data:
                data[self.add_prefix(name)] = begins
        self.data = data

    def _given(self, name: str) -> Any:
        """What was typed, else what the form begins with."""
        if self.is_bound:
            return self.data.get(self.add_prefix(name))
        return self.initial.get(name)

    def _service(self) -> Offering | None:
        if self.chosen is None:
            return None
        if self.chosen.is_credits:
            return self.for_credits.get(str(self._given("offering") or ""))
        return self.chosen.entitlement.offering

    @property
    def facts(self) -> OfferingFacts | None:
        """What the catalogue says of the chosen service."""
        return facts_of(self.service) if self.service else None

    @property
    def place(self) -> Location | None:
        """The delivery location as far as it is chosen; the entitlement's by default."""
        if self.chosen is None:
            return None
        home = self.chosen.entitlement.location
        wanted = str(self._given("location") or home.pk)
        if wanted == str(home.pk) or not wanted.isdecimal() or len(wanted) > 18:
            return home
        places = Location.objects.filter(customer=home.customer_id, pk=wanted)
        return places.first() or home

    def _fit(self) -> None:
        """Keep the fields that concern the choice, with what it offers."""
        if self.chosen is None:
            self._keep("customer", "entitlement", "key")
            return
        entitlement, facts = self.chosen.entitlement, self.facts
        place = self.place or entitlement.location
        self.zone = place.time_zone
        unneeded: list[str] = []
        if self.chosen.is_credits:
            self.fields["offering"].queryset = Offering.objects.filter(  # type: ignore[attr-defined]
                pk__in=[offering.pk for offering in self.for_credits.values()]
            )
            self.fields["value"].currency = place.currency  # type: ignore[attr-defined]
            unneeded += ["quantity"]
        else:
            unneeded += ["offering", "value"]
            self._fit_quantity(entitlement.unit)
        if self.chosen.is_credits or (facts and facts.location_constraint == "single_designated"):
            places = Location.objects.filter(pk=entitlement.location_id)
        else:
            places = Location.objects.filter(customer=entitlement.order.customer_id)
        self.fields["location"].queryset = places  # type: ignore[attr-defined]
        self.fields["location"].initial = entitlement.location_id
        self._fit_modes(facts)
        unneeded += self._not_asked(facts, onsite=self._given("mode") == Mode.ONSITE)
        for name in unneeded:
            self.fields.pop(name, None)

    def _not_asked(self, facts: OfferingFacts | None, *, onsite: bool) -> Iterable[str]:
        subfamily = facts.subcategory if facts else ""
        names: list[str] = [] if onsite else list(ONSITE)
        if subfamily == EVENT or (self.chosen and self.chosen.is_credits):
            names += ["every", "count", "skipped"]
        names += [] if subfamily == EVENT else EVENTS
        names += [] if subfamily == MCSAP else ["work"]
        if facts is None or facts.category != Offering.Category.EDUCATION:
            names += ["attendees", "minimum_attendees"]
        if facts is None or not holds_enrolment(facts):
            names += ["decide_on"]
        return names

    def _fit_quantity(self, unit: str) -> None:
        field = self.fields["quantity"]
        field.unit = unit  # type: ignore[attr-defined]
        field.required = unit != Unit.MINUTE
        if unit == Unit.MINUTE:
            field.label = _("Hours")
            field.help_text = _("Empty: as long as it lasts.")
        else:
            field.initial = 1
            field.label = {Unit.ATTENDEE: _("Seats"), Unit.EVENT: _("Events")}.get(
                Unit(unit), _("Quantity")
            )

    def _fit_modes(self, facts: OfferingFacts | None) -> None:
        """Remote is always possible (2.3-P7); onsite is left to the rule, unless barred."""
        offered = {Mode.REMOTE.value, *(facts.delivery_modes if facts else ())}
        if facts is None or (facts.onsite is not False and not facts.is_reactive):
            offered.add(Mode.ONSITE.value)
        choices = [choice for choice in Mode.choices if choice[0] in offered]
        self.fields["mode"].choices = choices  # type: ignore[attr-defined]
        if self.is_unfinished and self._given("mode") not in offered:
            self._forget("mode")

    def _keep(self, *names: str) -> None:
        for name in list(self.fields):
            if name not in names:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Hours left open last as long as the session."""
        data = super().clean()
        if self.starts_at and self.ends_at and data.get("quantity") is None:
            unit = self.chosen.entitlement.unit if self.chosen else ""
            if unit == Unit.MINUTE and "quantity" not in self.errors:
                minutes = (self.ends_at - self.starts_at) // timedelta(minutes=1)
                data["quantity"] = max(minutes, 1)
        return data

    @property
    def price(self) -> Money | None:
        """What the service bought with credits costs."""
        value = self.cleaned_data.get("value")
        if value is None or "value" not in self.fields:
            return None
        return Money(value, self.fields["value"].currency)  # type: ignore[attr-defined]

    def wishes(self) -> dict[str, Any]:
        """What the booking says beyond what, where and when."""
        names = (
            "mode", "language", "language_agreed", *ONSITE, "attendees", "minimum_attendees",
            "decide_on", "work", *EVENTS,
        )  # fmt: skip
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


def grouped(bookables: Sequence[Bookable]) -> list[Any]:
    """Choices by work order, each with what is left of it and until when."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for one in bookables:
        entitlement = one.entitlement
        words = _("%(service)s, %(place)s: %(left)s left until %(last)s") % {
            "service": entitlement.offering,
            "place": entitlement.location.name,
            "left": quantity_words(one.left, entitlement.unit),
            "last": formats.day(entitlement.usable_until, weekday=False),
        }
        groups.setdefault(entitlement.order.number, []).append((str(entitlement.pk), words))
    return [("", _("Choose what to book")), *groups.items()]
