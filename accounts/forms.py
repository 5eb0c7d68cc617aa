"""Input about people, locations, contacts: validation only."""

from copy import copy
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import CalendarFeed, Contact, Customer, Location, LocationHoliday, User
from accounts.wording.choices import (
    WEEKDAY_CHOICES,
    country_choices,
    currency_choices,
    language_choices,
    zone_choices,
)

CONTROL = {"class": "form-control"}
SELECT = {"class": "form-select"}


class PlaceChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Locations that say whose they are."""

    def label_from_instance(self, obj: Any) -> str:
        """``Pune (Contoso Motors)``."""
        return f"{obj.name} ({obj.customer})"


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What people set for themselves."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, widget=forms.Select(SELECT)
    )

    class Meta:
        model = User
        fields = [
            "name", "language", "time_zone", "theme", "reminder_mail", "informational_mail",
        ]  # fmt: skip
        widgets = {
            "name": forms.TextInput(CONTROL),
            "language": forms.Select(SELECT),
            "theme": forms.Select(SELECT),
            "reminder_mail": forms.Select(SELECT),
            "informational_mail": forms.CheckboxInput({"class": "form-check-input"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Digests are for those who manage agreements."""
        super().__init__(*args, **kwargs)
        if not self.instance.manages_agreements:
            del self.fields["reminder_mail"]
            return
        # Left out by whoever posts, it stays as it is.
        self.fields["reminder_mail"].required = not self.is_bound or "reminder_mail" in self.data


class TokenForm(forms.Form):
    """A name for a new API token."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, widget=forms.TextInput(CONTROL)
    )


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new calendar subscription: its name and what it holds."""

    class Meta:
        model = CalendarFeed
        fields = ["name", "content", "customer"]
        widgets = {
            "name": forms.TextInput(CONTROL),
            "content": forms.Select(SELECT),
            "customer": forms.Select(SELECT),
        }

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer: Any = self.fields["customer"]
        customer.queryset = Customer.objects.visible_to(person).order_by("name")
        customer.empty_label = _("All customers")
        customer.help_text = ""


class InvitationForm(forms.Form):
    """Whom to invite, as what, where; choices are those of the inviting person."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(CONTROL))
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(CONTROL))
    role = forms.ChoiceField(label=_("Role"), widget=forms.Select(SELECT))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.Select(SELECT)
    )
    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Customer.objects.none(),
        required=False,
        widget=forms.Select(SELECT),
    )
    locations = PlaceChoice(
        label=_("Locations"),
        queryset=Location.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For a location contact."),
    )

    def __init__(self, *args: Any, inviter: User, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(User.Role.choices)
        self.fields["role"].choices = [(role, labels[role]) for role in roles]  # type: ignore[attr-defined]
        self.fields["customer"].queryset = Customer.objects.visible_to(inviter)  # type: ignore[attr-defined]
        places = Location.objects.visible_to(inviter).select_related("customer")
        self.fields["locations"].queryset = places  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    """The password of an invited person, and where they are."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 12 characters; a sentence is easy to keep in mind."),
        widget=forms.PasswordInput({**CONTROL, "autocomplete": "new-password"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, widget=forms.Select(SELECT), initial="UTC"
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """As strong as any other, and unlike the person's name and address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password


class CustomerForm(forms.Form):
    """A customer to take into the team."""

    name = forms.CharField(label=_("Name"), max_length=160, widget=forms.TextInput(CONTROL))
    short_name = forms.CharField(
        label=_("Short name"), max_length=40, widget=forms.TextInput(CONTROL)
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=currency_choices, widget=forms.Select(SELECT)
    )


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Carries the version that the person saw, to notice an edit by somebody else."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.history.count() if self.instance.pk else 0

    def clean_version(self) -> int:
        """A form without it has seen nothing."""
        return self.cleaned_data["version"] or 0

    def values(self) -> dict[str, Any]:
        """What was typed, for the action."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def validate_unique(self) -> None:
        """Left to the actions, which refuse in words."""

    def _post_clean(self) -> None:
        """Validated on a copy: an action changes the row, and refuses in words what tables refuse."""
        kept, self.instance = self.instance, copy(self.instance)
        self.instance.validate_constraints = lambda exclude=None: None
        super()._post_clean()  # type: ignore[misc]
        self.instance = kept


class WeekendField(forms.MultipleChoiceField):
    """Days of the week, ticked; kept as words separated by commas, Monday first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=kwargs.get("label", _("Weekend")),
            choices=WEEKDAY_CHOICES,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def prepare_value(self, value: Any) -> Any:
        """The words of a row as the days to tick."""
        return value.split(",") if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """A word that is no day is refused; a week of weekends is no calendar."""
        days = super().clean(value)
        if len(days) >= len(WEEKDAY_CHOICES):
            raise ValidationError(_("At least one day of the week has to be a business day."))
        return ",".join(code for code, _name in WEEKDAY_CHOICES if code in days)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other days are ticked, in whatever order they are kept."""
        return set(self.prepare_value(initial) or ()) - {""} != set(data or ())


class LocationForm(VersionedForm):
    """A support location with its calendar."""

    country = forms.ChoiceField(
        label=_("Country"), choices=country_choices, widget=forms.Select(SELECT)
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, widget=forms.Select(SELECT)
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=currency_choices, widget=forms.Select(SELECT)
    )
    provider_language = forms.ChoiceField(
        label=_("Language of the providing Microsoft location"),
        choices=language_choices,
        widget=forms.Select(SELECT),
    )
    weekend = WeekendField()

    class Meta:
        model = Location
        fields = [
            "name",
            "role",
            "country",
            "subdivision",
            "time_zone",
            "currency",
            "opens",
            "closes",
            "weekend",
            "national_holidays",
            "tax_exception",
            "provider_language",
            "local_language_available",
        ]
        widgets = {
            "name": forms.TextInput(CONTROL),
            "role": forms.Select(SELECT),
            "subdivision": forms.TextInput(CONTROL),
            "opens": forms.TimeInput({**CONTROL, "type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput({**CONTROL, "type": "time"}, format="%H:%M"),
            "national_holidays": forms.CheckboxInput({"class": "form-check-input"}),
            "tax_exception": forms.CheckboxInput({"class": "form-check-input"}),
            "local_language_available": forms.CheckboxInput({"class": "form-check-input"}),
        }


class ContactForm(VersionedForm):
    """A contact of the customer with a duty at one of its locations."""

    class Meta:
        model = Contact
        fields = ["location", "role", "name", "email", "phone"]
        widgets = {
            "location": forms.Select(SELECT),
            "role": forms.Select(SELECT),
            "name": forms.TextInput(CONTROL),
            "email": forms.EmailInput(CONTROL),
            "phone": forms.TextInput(CONTROL),
        }

    def __init__(self, *args: Any, customer: Customer, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.customer = customer
        self.fields["location"].queryset = Location.objects.visible_to(user).filter(  # type: ignore[attr-defined]
            customer=customer
        )


class HolidayForm(forms.ModelForm):  # type: ignore[type-arg]
    """A day off of one location, or a national holiday that is worked."""

    class Meta:
        model = LocationHoliday
        fields = ["on", "name", "is_working_day"]
        widgets = {
            "on": forms.DateInput({**CONTROL, "type": "date"}),
            "name": forms.TextInput(CONTROL),
            "is_working_day": forms.CheckboxInput({"class": "form-check-input"}),
        }


class AssignmentForm(forms.Form):
    """A CSAM for a customer, or a cover with an end."""

    user = forms.ModelChoiceField(
        label=_("CSAM"), queryset=User.objects.none(), widget=forms.Select(SELECT)
    )
    covers_for = forms.ModelChoiceField(
        label=_("Covers for"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.Select(SELECT),
    )
    starts_on = forms.DateField(
        label=_("From"), widget=forms.DateInput({**CONTROL, "type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({**CONTROL, "type": "date"})
    )

    def __init__(self, *args: Any, lead: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(
            team=lead.team_id, role__in=[User.Role.CSAM, User.Role.CSAM_LEAD], is_active=True
        )
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["covers_for"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A cover has an end; the end comes after the start."""
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The end comes before the start."))
        if data.get("covers_for") and not end:
            self.add_error("ends_on", _("A cover needs an end date."))
        return data
