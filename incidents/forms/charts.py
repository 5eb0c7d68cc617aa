"""Input of charts and components in the administration, for drafts alone."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from incidents.models import (
    Chart,
    ChartExclusion,
    Component,
    ProductClass,
    ProductKind,
    SupportRole,
)
from incidents.rules.charts import BASE_PROGRAMME
from incidents.rules.components import spelling_of
from incidents.wording.charts import CLOUDS, EFFORTS
from services.catalog.forms import SeveralField, capital
from services.catalog.models import Edition, Offering

NONE = ("", "–")


def component_names(edition: Edition | None) -> list[tuple[str, str]]:
    """The products and components of `edition` by the name that charts use."""
    rows = Component.objects.filter(edition=edition).order_by("name")
    return [(row.name, row.label) for row in rows]


class ChartForm(forms.ModelForm):  # type: ignore[type-arg]
    """A chart: whose it is, how it is reached, what it covers."""

    programmes = SeveralField(_("programmes"), required=True)
    products = SeveralField(_("products in scope"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        chart = self.instance
        if not chart.pk or "programmes" not in self.fields:
            return
        sold = Offering.objects.filter(edition=chart.edition_id)
        programmes = [(row.code, row.name) for row in sold]
        if BASE_PROGRAMME not in dict(programmes):
            programmes.insert(0, (BASE_PROGRAMME, str(_("Base package"))))
        programmes_field: Any = self.fields["programmes"]
        programmes_field.offer(programmes, chart.programmes)
        products: Any = self.fields["products"]
        products.offer(component_names(chart.edition), chart.products)

    def clean(self) -> dict[str, Any]:
        """Parts that only make sense together."""
        given = super().clean() or {}
        if given.get("downgrade") and not given.get("downgrade_severities"):
            self.add_error("downgrade_severities", _("Say at which severities."))
        if given.get("downgrade_severities") and not given.get("downgrade"):
            self.add_error("downgrade", _("Say what follows at these severities."))
        row_only = given.get("exclusion_effect") == Chart.Exclusion.ROW_ONLY
        if row_only and not given.get("fallback_class"):
            self.add_error("fallback_class", _("Say which row holds for what is excluded."))
        return given


class ChartRowForm(forms.ModelForm):  # type: ignore[type-arg]
    """One severity of a chart."""

    effort = forms.ChoiceField(label=capital(_("effort")), choices=EFFORTS.items())
    assigned_role = forms.ChoiceField(label=capital(_("assigned role")), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = self.fields.get("assigned_role")
        if isinstance(roles, forms.ChoiceField):
            rows = SupportRole.objects.filter(edition__state=Edition.State.DRAFT)
            if self.instance.pk:
                rows = rows.filter(edition=self.instance.chart.edition_id)
            roles.choices = [NONE, *_with(rows, self.instance.assigned_role)]
        if "chart" in self.fields:
            drafts = Chart.objects.filter(edition__state=Edition.State.DRAFT)
            charts: Any = self.fields["chart"]
            charts.queryset = drafts.select_related("edition")
            charts.label_from_instance = lambda chart: f"{chart.edition.code} · {chart.name}"

    def clean(self) -> dict[str, Any]:
        """Parts that only make sense together, of one edition."""
        given = super().clean() or {}
        chart = given.get("chart") or (self.instance.chart if self.instance.pk else None)
        role = given.get("assigned_role")
        if chart and role and not _roles(chart).filter(code=role).exists():
            self.add_error("assigned_role", _("The edition of this chart has no such role."))
        if not role:
            for name in ("assigned_automatically", "assigned_within_minutes"):
                if given.get(name):
                    self.add_error(name, _("Say who is assigned."))
        if given.get("attention_minutes") and not given.get("attention_clock"):
            self.add_error("attention_clock", _("Say which minutes count."))
        return given


class CodedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something that rules and incidents know by its code, which it keeps."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if code := self.fields.get("code"):
            code.disabled = bool(self.instance.pk)
            code.help_text = _("A short name in small letters, such as rapid_access.")


class DutyForm(CodedForm):
    """A duty of the customer; a time has a clock."""

    def clean(self) -> dict[str, Any]:
        """No minutes without a clock, no clock without an end."""
        given = super().clean() or {}
        minutes = given.get("minutes")
        if minutes == 0:
            self.add_error("minutes", _("A time is at least one minute; leave it empty for none."))
        if minutes and not given.get("clock"):
            self.add_error("clock", _("Say which minutes count."))
        return given


class ExclusionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a chart doesn't cover: a component, a kind of product or a cloud."""

    excluded = forms.ChoiceField(label=capital(_("not covered")))

    class Meta:
        model = ChartExclusion
        fields = ()

    def __init__(self, *args: Any, edition: Edition | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        what = ChartExclusion.What
        groups = {
            what.COMPONENT: component_names(edition),
            what.KIND: [(code, str(label)) for code, label in ProductKind.choices],
            what.CLOUD: [(name, str(label)) for name, label in CLOUDS.items()],
        }
        row = self.instance
        if row.pk:
            named = groups[what(row.what)]
            if row.label not in dict(named):
                named.append((row.label, row.label))
            self.initial["excluded"] = f"{row.what}:{row.label}"
        field: Any = self.fields["excluded"]
        field.choices = [
            NONE,
            *(
                (capital(one.label), [(f"{one}:{name}", label) for name, label in names])
                for one, names in groups.items()
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """What is chosen goes into the row, so that the same twice is told."""
        given = super().clean() or {}
        if given.get("excluded"):
            self.instance.what, _colon, self.instance.label = given["excluded"].partition(":")
        return given


class ExclusionFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The exclusions of a chart, each named once."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Every form offers what the edition has."""
        kwargs = super().get_form_kwargs(index)
        edition = self.instance.edition if self.instance.pk else None
        return {**kwargs, "edition": edition}

    def clean(self) -> None:
        """Refuse what stands twice."""
        super().clean()
        seen = set()
        for form in _left(self):
            chosen = form.cleaned_data.get("excluded")
            if chosen in seen:
                form.add_error("excluded", _("It stands twice."))
            seen.add(chosen)


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    """Minutes for a class of products, at least one."""

    minutes = forms.IntegerField(label=capital(_("minutes")), min_value=1)


class TargetFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The targets of a row: one for everything, or one of them for all other products."""

    def clean(self) -> None:
        """Refuse a row under which some product has no target."""
        super().clean()
        if any(self.errors):
            return
        classes = [form.cleaned_data["product_class"] for form in _left(self)]
        if not classes:
            raise forms.ValidationError(_("A row needs a target."))
        if len(classes) > 1 and ProductClass.OTHER not in classes:
            raise forms.ValidationError(
                _("Among several targets one is that of “%(others)s”."),
                params={"others": ProductClass.OTHER.label},
            )


class ComponentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A product or component of a draft."""

    family = forms.ChoiceField(label=capital(_("belongs to")), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields.get("family")
        if field is not None:
            rows = Component.objects.filter(edition__state=Edition.State.DRAFT)
            if self.instance.pk:
                rows = rows.filter(edition=self.instance.edition_id).exclude(pk=self.instance.pk)
            names = {name: name for name in rows.order_by("name").values_list("name", flat=True)}
            kept = self.instance.family
            field.choices = [NONE, *({**names, kept: kept} if kept else names).items()]
        if "edition" in self.fields:
            edition: Any = self.fields["edition"]
            edition.queryset = Edition.objects.filter(state=Edition.State.DRAFT)

    def clean(self) -> dict[str, Any]:
        """One thing for every name and other name in its edition, whatever the spelling."""
        given = super().clean() or {}
        edition = given.get("edition") or (self.instance.edition if self.instance.pk else None)
        if edition is None:
            return given
        rows = Component.objects.filter(edition=edition).exclude(pk=self.instance.pk)
        taken = {spelling_of(name): row for row in rows for name in (row.name, *row.aliases)}
        for column, names in (
            ("name", [given.get("name") or self.instance.name]),
            ("aliases", given.get("aliases") or []),
        ):
            for name in names:
                if name and (row := taken.get(spelling_of(name))):
                    told = _("%(name)s is already a name of %(other)s.")
                    field = column if column in self.fields else None
                    self.add_error(field, told % {"name": name, "other": row.label})
        family = given.get("family")
        if family and not rows.filter(name=family).exists():
            self.add_error("family", _("The edition has no such product."))
        return given


def _left(formset: Any) -> Iterator[Any]:
    """The filled forms that aren't marked for removal."""
    for form in formset.forms:
        given = getattr(form, "cleaned_data", None)
        if given and not given.get("DELETE"):
            yield form


def _roles(chart: Chart) -> Any:
    return SupportRole.objects.filter(edition=chart.edition_id)


def _with(rows: Iterable[SupportRole], kept: str) -> list[tuple[str, str]]:
    """Roles by their codes, and one that is kept without being known any more."""
    names = {row.code: row.name for row in rows}
    return list(({kept: kept} | names if kept else names).items())
