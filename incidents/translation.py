"""Texts of the charts that an edition keeps in every language of the portal."""

from modeltranslation.translator import TranslationOptions, translator

from incidents.models import (
    Chart,
    ChartNote,
    ChartRow,
    Component,
    CustomerDuty,
    Escalation,
    SupportRole,
)


class NameOptions(TranslationOptions):
    """Charts and roles."""

    fields = ("name",)


class RowOptions(TranslationOptions):
    """Situations, and the effort in words."""

    fields = ("situation", "effort_text")


class TextOptions(TranslationOptions):
    """Duties, escalations and notes."""

    fields = ("text",)


class LabelOptions(TranslationOptions):
    """Components, which charts name in one language."""

    fields = ("label",)


translator.register([Chart, SupportRole], NameOptions)
translator.register(ChartRow, RowOptions)
translator.register([CustomerDuty, Escalation, ChartNote], TextOptions)
translator.register(Component, LabelOptions)
