"""Texts that an edition keeps in every language of the portal."""

from modeltranslation.translator import TranslationOptions, translator
from simple_history import register as keep_history

from services.catalog.models import (
    Clause,
    Condition,
    Edition,
    Offering,
    Pillar,
    PillarActivity,
    Term,
)


class TitleOptions(TranslationOptions):
    """Editions."""

    fields = ("title",)


class NameOptions(TranslationOptions):
    """Terms."""

    fields = ("name",)


class OfferingOptions(TranslationOptions):
    """Offerings; abbreviations and codes are the same everywhere."""

    fields = ("name", "former_name", "summary")


class TextOptions(TranslationOptions):
    """Conditions."""

    fields = ("text",)


class ClauseOptions(TranslationOptions):
    """Clauses, readings and contradictions."""

    fields = ("title", "rule")


class PillarOptions(TranslationOptions):
    """Pillars and their activities."""

    fields = ("name", "summary")


translator.register(Edition, TitleOptions)
translator.register(Term, NameOptions)
translator.register(Offering, OfferingOptions)
translator.register(Condition, TextOptions)
translator.register(Clause, ClauseOptions)
translator.register([Pillar, PillarActivity], PillarOptions)

# After translation, so that the history has the columns of every language.
for model in (Edition, Term, Offering):
    keep_history(model, app="services.catalog")
