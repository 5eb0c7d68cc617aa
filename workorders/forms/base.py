"""What forms share: controls dressed alike, a key against sending twice, patience while typing."""

import uuid
from typing import Any

from django import forms


def dress(widget: Any) -> None:
    """Tabler's class for a control."""
    match widget:
        case forms.CheckboxInput() | forms.RadioSelect() | forms.CheckboxSelectMultiple():
            css = "form-check-input" if isinstance(widget, forms.CheckboxInput) else ""
        case forms.Select():
            css = "form-select"
        case forms.HiddenInput():
            css = ""
        case _:
            css = "form-control"
    if css:
        widget.attrs.setdefault("class", css)


class DressedForm(forms.Form):
    """A form whose controls look like the portal's."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for bound in self.fields.values():
            dress(bound.widget)


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
