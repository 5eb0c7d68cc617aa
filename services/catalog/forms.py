"""Input of the catalogue's pages and administration."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from services.catalog.models import DeliveryMode, Language, Offering, ReadingChoice
from services.catalog.models.codes import clause_ids
from services.catalog.rules.readings import spec_of

CONTROL = {"class": "form-control form-control-sm"}
SELECT = {"class": "form-select form-select-sm"}


capital = lazy(capfirst, str)


def _choice(label: Any, words: Any, everything: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", everything), *((code, capital(label)) for code, label in words.choices)],
        widget=forms.Select(attrs=SELECT),
    )


def _search(placeholder: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={**CONTROL, "type": "search", "placeholder": placeholder, "autocomplete": "off"}
        ),
    )


class OfferingFilter(forms.Form):
    """Search and filters of the list; what isn't valid is said and left out."""

    q = _search(_("Name, abbreviation, topic…"))
    category = _choice(_("Family"), Offering.Category, _("All families"))
    mark = _choice(_("Sold as"), Offering.Mark, _("Included or not"))
    flex = _choice(_("Flex allowance"), Offering.Flex, _("Payable or not"))
    language = _choice(_("Language"), Language, _("All languages"))
    delivery = _choice(_("Delivery"), DeliveryMode, _("All ways"))

    @property
    def chosen(self) -> dict[str, str]:
        """The valid choices that aren't empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReadingFilter(forms.Form):
    """Search in the register."""

    q = _search(_("Word or id, such as C14"))


class DraftEditionForm(forms.Form):
    """The head of a new draft."""

    code = forms.CharField(
        label=_("Code"), max_length=20, validators=[RegexValidator(r"^[0-9A-Za-z.-]+$")]
    )
    title_en = forms.CharField(label=_("Title, English"), max_length=120)
    title_zh = forms.CharField(label=_("Title, Chinese"), max_length=120)
    effective_on = forms.DateField(
        label=_("Effective from"), widget=forms.DateInput(attrs={"type": "date"})
    )


class ClauseIdsField(forms.CharField):
    """A list of clause ids, written with commas or blanks between them."""

    default_error_messages = {"invalid": _("Not a clause id: %(ids)s")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("For instance 2.3-P1, 2.7-T17, 0-C4."))
        options.setdefault("widget", forms.TextInput(attrs={"size": 24}))
        super().__init__(**{**options, "required": False})

    def prepare_value(self, value: Any) -> Any:
        """The list as people write it."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The list."""
        ids = (super().to_python(value) or "").replace("，", ",").replace(",", " ").split()
        clause_ids(ids)
        return list(dict.fromkeys(ids))

    def run_validators(self, value: Any) -> None:
        """A list is checked while it is read."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another list is meant."""
        return bool(super().has_changed(self.prepare_value(initial), data))


class CodesField(forms.TypedMultipleChoiceField):
    """Some codes of a vocabulary, ticked."""

    def __init__(self, words: Any, **options: Any) -> None:
        super().__init__(
            choices=words.choices, required=False, widget=forms.CheckboxSelectMultiple, **options
        )


class OfferingAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    """An offering of a draft."""

    delivery_modes = CodesField(DeliveryMode, label=_("Delivery"))
    languages = CodesField(Language, label=_("Languages"))


class ReadingChoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A reading of a draft: the options are those of this reading."""

    class Meta:
        model = ReadingChoice
        fields = ("option",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        spec = spec_of(self.instance.reading)
        field = self.fields.get("option")
        if spec is not None and isinstance(field, forms.ChoiceField):
            words = dict(ReadingChoice._meta.get_field("option").flatchoices)
            field.choices = [(one, words[one]) for one in spec.options]
