"""The catalogue in the administration: drafts are edited, published editions only read."""

from services.catalog.admin import market, register
from services.catalog.admin.drafts import FrozenInline, FrozenOncePublished, TypedColumns
from services.catalog.admin.editions import EditionAdmin
from services.catalog.admin.offerings import OfferingAdmin

__all__ = [
    "EditionAdmin",
    "FrozenInline",
    "FrozenOncePublished",
    "OfferingAdmin",
    "TypedColumns",
    "market",
    "register",
]
