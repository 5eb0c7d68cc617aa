"""Input of the administration of whole editions."""

from typing import Any

from django import forms
from django.core import signing
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules.refusal import Refused
from services.catalog.editions import EditionFile, read_upload
from ussd_portal.wording.files import refused_file

LARGEST = 2 * 1024 * 1024
KEPT_SECONDS = 3600  # between the preview and its confirmation


class ImportEditionForm(forms.Form):
    """A file to import, or one that was shown already and is now confirmed.

    `kept` carries the file from the preview to its confirmation, signed for one person:
    nothing is stored in between.
    """

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("YAML as the export gives it, 2 MB at most."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )
    code = forms.CharField(
        label=_("Code of the draft"),
        required=False,
        max_length=20,
        validators=[RegexValidator(r"^[0-9A-Za-z.-]+$")],
        help_text=_("Without it, the one in the file."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2 * LARGEST)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self._salt = f"edition-import:{by.pk}"
        self.source: EditionFile | None = None
        self.name = ""

    @property
    def is_confirmed(self) -> bool:
        """Whether the file was shown and is now meant."""
        return bool(self.cleaned_data.get("kept"))

    def clean(self) -> dict[str, Any]:
        """Read the file; what is wrong with it is said with its line."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        found = self._kept(given) if given.get("kept") else self._uploaded(given)
        if found is None or self.errors:
            return given
        self.name, content = found
        try:
            self.source = read_upload(self.name, content)
        except Refused as refused:
            self.refuse(refused)
        return given

    def data_of(self, source: EditionFile) -> dict[str, Any]:
        """The file's content, under the code that was asked for."""
        code, head = self.cleaned_data.get("code"), source.data.get("edition")
        if code and isinstance(head, dict):
            return {**source.data, "edition": {**head, "code": code}}
        return source.data

    def refuse(self, refused: Refused) -> None:
        """Say beside the file what is wrong, and where."""
        field = "code" if refused.code == "edition_exists" else "file"
        self.add_error(field, refused_file(refused, self.name, self.source))

    def signed(self) -> str:
        """The file as the next page sends it back."""
        if self.source is None:
            return ""
        return signing.dumps(
            [self.name, self.source.texts[self.name]], salt=self._salt, compress=True
        )

    def _uploaded(self, given: dict[str, Any]) -> tuple[str, bytes] | None:
        upload = given.get("file")
        if not upload:
            if "file" not in self.errors:
                self.add_error("file", _("Choose a file."))
            return None
        if upload.size > LARGEST:
            self.add_error("file", _("The file is larger than 2 MB."))
            return None
        return upload.name, upload.read()

    def _kept(self, given: dict[str, Any]) -> tuple[str, bytes] | None:
        try:
            name, text = signing.loads(given["kept"], salt=self._salt, max_age=KEPT_SECONDS)
        except signing.BadSignature:
            given["kept"] = ""
            self.add_error("file", _("The preview is too old: choose the file again."))
            return None
        return name, text.encode()
