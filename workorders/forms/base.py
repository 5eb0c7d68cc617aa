"""What forms share: controls dressed alike, a key against sending twice, patience while typing."""

import uuid
from typing import Any

from django import forms


def dress(form: forms.BaseForm) -> None:
    """Give every control of a form the class of its kind."""
    for bound in form.fields.values():
        dress_control(bound.widget)


def dress_control(widget: Any) -> None:
    """Tabler's class for a control; choices to tick have none of their own."""
    match widget:
        case forms.HiddenInput() | forms.RadioSelect():
            return
        case forms.CheckboxInput():
            css = "form-check-input"
        case forms.Select():
            css = "form-select"
        case _:
            css = "form-control"
    widget.attrs.setdefault("class", css)


class DressedForm(forms.Form):
    """A form whose controls look like the portal's."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        dress(self)


class KeyedForm(DressedForm):
    """With a key: pressing twice has one effect."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("key", uuid.uuid4().hex)

    @property
    def answers(self) -> dict[str, Any]:
        """What was written, without the key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class PatientForm(forms.Form):
    """Answered while somebody still types."""

    def forgive_blanks(self) -> None:
        """What is missing isn't wrong yet."""
        for name in list(self.errors):
            if not self.data.get(self.add_prefix(name)):
                del self.errors[name]
