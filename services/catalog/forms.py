"""Input of the catalogue's pages and administration."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.core.validators import RegexValidator
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from services.catalog.models import DeliveryMode, Language, Offering, ReadingChoice
from services.catalog.models.codes import clause_ids
from services.catalog.rules.readings import spec_of
from services.catalog.wording import written_value

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


class WordsField(forms.CharField):
    """A list of names or ids, written with commas between them."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Separated by commas."))
        options.setdefault("widget", forms.TextInput(attrs={"class": "vTextField"}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """The list as people write it."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The list, each name once."""
        text = re.sub("[，、\n]", ",", super().to_python(value) or "")
        return list(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))

    def run_validators(self, value: Any) -> None:
        """A list is no text."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another list is meant."""
        return bool(super().has_changed(self.prepare_value(initial), data))


class CodesField(forms.TypedMultipleChoiceField):
    """Some codes of a vocabulary, ticked."""

    def __init__(self, words: Any, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(choices=words.choices, widget=forms.CheckboxSelectMultiple, **options)


class SeveralField(forms.TypedMultipleChoiceField):
    """Some of many, moved from one list to another; who shows it says which there are."""

    def __init__(self, label: Any, **options: Any) -> None:
        options.setdefault("required", False)
        widget = FilteredSelectMultiple(label, is_stacked=False)
        super().__init__(label=capital(label), widget=widget, **options)

    def offer(self, choices: Iterable[tuple[str, str]], kept: Iterable[str]) -> None:
        """Offer `choices`, and what is kept already even where nothing explains it any more."""
        known = dict(choices)
        self.choices = [*known.items(), *((code, code) for code in kept if code not in known)]


class OfferingAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    """An offering of a draft."""

    includes = SeveralField(_("includes"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields.get("includes")
        if isinstance(field, SeveralField):
            offered = Offering.objects.exclude(pk=self.instance.pk).filter(
                edition=self.instance.edition_id
            )
            field.offer(((row.code, row.name) for row in offered), self.instance.includes)


class LimitValueField(forms.CharField):
    """A number, yes or no, a word, or a list of words with commas between them."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("A number, yes or no, or words separated by commas."))
        super().__init__(**{**options, "required": False})

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return value if isinstance(value, str) else written_value(value)

    def to_python(self, value: Any) -> Any:
        """What is kept."""
        text = (super().to_python(value) or "").strip()
        if text.lower() in _YES_OR_NO:
            return _YES_OR_NO[text.lower()]
        if re.fullmatch("[0-9]{1,15}", text):
            return int(text)
        words = [word for part in re.split("[,，、]", text) if (word := part.strip())]
        return words if len(words) > 1 else text or None

    def run_validators(self, value: Any) -> None:
        """It isn't only texts."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another value is meant: a list of one word stays a list."""
        return bool(super().has_changed(self.prepare_value(initial), data))

    def clean(self, value: Any) -> Any:
        """Any of them."""
        return self.to_python(value)


_YES_OR_NO = {"yes": True, "是": True, "true": True, "no": False, "否": False, "false": False}


class LimitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A limit of an offering of a draft."""

    value = LimitValueField(label=_("Value"))

    def clean_value(self) -> Any:
        """What was kept as a list of one word stays one."""
        value, kept = self.cleaned_data["value"], self.instance.value
        return kept if written_value(value) == written_value(kept) else value


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
