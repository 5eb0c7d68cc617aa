"""What the forms of an edition share: edited while it is a draft, read in words afterwards."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from accounts.rules.refusal import Refused
from accounts.wording.refusals import refusal_words
from services.catalog import actions
from services.catalog.forms import ClauseIdsField, CodesField, WordsField
from services.catalog.models import Edition
from services.catalog.wording import in_a_row, listed

# What a row of an edition hangs on, down to the edition itself.
PARENTS = ("edition", "offering", "pillar", "row", "chart")


def edition_of(row: Any) -> Edition:
    """The edition that a row belongs to, or is."""
    while not isinstance(row, Edition):
        row = next(getattr(row, name) for name in PARENTS if hasattr(row, f"{name}_id"))
    return row


def is_draft(row: Any) -> bool:
    """Whether `row` may still be changed."""
    return edition_of(row).state == Edition.State.DRAFT


class HeldWhileChanged:
    """A change that comes after its edition was published is refused in words (1-A1)."""

    change_form_template: Any = "admin/catalog/change_form.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As the stock one; `save_model` holds the draft in its transaction."""
        row = object_id and self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        frozen = edition_of(row) if row and not is_draft(row) else None
        context = {"frozen": frozen, **(extra_context or {})}
        with self._told(request, object_id):
            response: HttpResponse = super().changeform_view(  # type: ignore[misc]
                request, object_id, form_url, context
            )
        return response

    def delete_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """As the stock one; `delete_model` holds the draft in its transaction."""
        with self._told(request, object_id):
            response: HttpResponse = super().delete_view(  # type: ignore[misc]
                request, object_id, *args, **kwargs
            )
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Into a draft alone."""
        actions.hold_draft(edition=edition_of(obj))
        super().save_model(request, obj, form, change)  # type: ignore[misc]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Out of a draft alone."""
        actions.hold_draft(edition=edition_of(obj))
        super().delete_model(request, obj)  # type: ignore[misc]

    @contextmanager
    def _told(self, request: HttpRequest, object_id: str | None) -> Iterator[None]:
        row = object_id and self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        try:
            if row and request.method == "POST" and self.has_view_permission(request, row):  # type: ignore[attr-defined]
                with transaction.atomic():
                    actions.hold_draft(edition=edition_of(row))
            yield
        except Refused as refusal:
            raise PermissionDenied(refusal_words(refusal).sentence) from None


class OfDrafts:
    """Rows may be changed while their edition is a draft (1-A1)."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts."""
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or is_draft(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts, one by one."""
        allowed: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return allowed and obj is not None and is_draft(obj)


class FrozenOncePublished(HeldWhileChanged, OfDrafts):
    """Rows are changed while their edition is a draft, and only read afterwards (1-A1)."""


class FrozenInline(OfDrafts):
    """As its parent; `obj` is the parent's row here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only in drafts."""
        allowed: bool = super().has_add_permission(request, obj)  # type: ignore[misc]
        return allowed and (obj is None or is_draft(obj))


class TypedColumns:
    """Lists of an edition are ticked, chosen or written as words, and read as words.

    `vocabularies` names the codes of a column, `words` what says a column of a row that is
    only read, and a row that is saved keeps the columns in `kept`. Texts that are needed at
    all are needed in every language.
    """

    kept: tuple[str, ...] = ()
    vocabularies: Mapping[str, type[models.TextChoices]] = {}
    words: Mapping[str, Callable[[Any], str]] = {}

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """A typed field for a list, the stock one for the rest."""
        if isinstance(db_field, models.JSONField):
            return self._typed(db_field)
        field: Field | None = super().formfield_for_dbfield(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        original = getattr(db_field, "translated_field", None)
        if field is not None and original is not None and not original.blank:
            field.required = True
        return field

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Lists in words where they are only read."""
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if obj is None or self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return fieldsets
        return [
            (title, {**options, "fields": [self._shown(name) for name in options["fields"]]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What a saved row keeps; the words count among what is read."""
        names = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        if obj is None:
            return names
        if self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return [*names, *self.kept]
        return [*names, *self.kept, *map(self._shown, self._lists())]

    def _typed(self, column: "models.Field[Any, Any]") -> Field:
        label, required = capfirst(column.verbose_name), not column.blank
        if column.name in self.vocabularies:
            return CodesField(
                self.vocabularies[column.name],
                label=label,
                required=required,
                help_text=column.help_text,
            )
        if column.name.endswith("clauses"):
            return ClauseIdsField(label=label)
        return WordsField(label=label, required=required)

    def _lists(self) -> list[str]:
        columns = self.model._meta.concrete_fields  # type: ignore[attr-defined]
        lists = [one.name for one in columns if isinstance(one, models.JSONField)]
        return list(dict.fromkeys([*lists, *self.words]))

    def _shown(self, name: Any) -> Any:
        """What shows a column, or a line of columns, where it is only read."""
        if isinstance(name, tuple | list):
            return tuple(self._shown(one) for one in name)
        return self._displays.get(name, name)

    @cached_property
    def _displays(self) -> dict[Any, Any]:
        return {name: self._display(name) for name in self._lists()}

    def _display(self, name: str) -> Callable[[Any], str]:
        column = self.model._meta.get_field(name)  # type: ignore[attr-defined]

        @admin.display(description=capfirst(column.verbose_name))
        def in_words(row: Any) -> str:
            if name in self.words:
                return self.words[name](row) or "–"
            if name in self.vocabularies:
                return listed(self.vocabularies[name], getattr(row, name)) or "–"
            return in_a_row(getattr(row, name)) or "–"

        in_words.__name__ = f"{name}_in_words"
        return in_words
