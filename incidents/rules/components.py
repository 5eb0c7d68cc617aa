"""Products and components by the many names that people and contracts give them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

ProductClass: TypeAlias = Literal["azure_component", "security_product", "other"]

AZURE: ProductClass = "azure_component"
SECURITY: ProductClass = "security_product"
OTHER: ProductClass = "other"


# The kind of a component that stands for a whole cloud other than Azure's public one.
NON_PUBLIC_CLOUD = "non_public_cloud"


@dataclass(frozen=True, slots=True)
class Component:
    """A product or component.

    `kinds` are what the charts call kinds of product, e.g. ``identity``. `part_of` names
    the products that it belongs to, the nearest first.
    """

    name: str
    product_class: ProductClass = OTHER
    kinds: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    online_service: bool = False
    supported: bool = True
    part_of: tuple[str, ...] = ()

    def is_among(self, names: Iterable[str]) -> bool:
        """Whether it, or a product that it belongs to, is one of `names` of the catalogue.

        Clause: 2.4-SE3, 2.4-AP14, 2.5-AR5, A-BS18, A-UE7
        """
        return not {self.name, *self.part_of}.isdisjoint(names)


class ComponentCatalogue:
    """The components of an edition, found by name, alias, or the product they belong to.

    Clause: 2.4-SE3, X-16
    """

    def __init__(self, components: Iterable[Component]) -> None:
        self._by_key: dict[str, Component] = {}
        for component in components:
            for name in (component.name, *component.aliases):
                self._by_key.setdefault(spelling_of(name), component)

    def find(self, name: str) -> Component:
        """The component of that name, whatever its spelling.

        Case, punctuation and a leading "Microsoft" don't matter. A name that only begins
        with a known one ("SQL Server 2022") is a part of that product: it keeps its own
        name and takes class and kinds from it. Any other is an unknown product of class
        `other`.

        Clause: 2.4-SE3, X-16
        """
        exact = self._by_key.get(spelling_of(name))
        if exact is not None:
            return replace(exact, part_of=tuple(self._wholes(exact)))
        whole = self._whole(spelling_of(name), ())
        if whole is None:
            return Component(name.strip())
        part_of = (whole.name, *self._wholes(whole))
        return replace(whole, name=name.strip(), aliases=(), part_of=part_of)

    def name_of(self, name: str) -> str:
        """The name under which the catalogue keeps it, or `name` itself if it has none.

        Clause: X-16
        """
        component = self._by_key.get(spelling_of(name))
        return component.name if component else name

    def _wholes(self, component: Component) -> dict[str, None]:
        """What a component says it belongs to, then what its name says; in order, once each."""
        wholes: dict[str, None] = dict.fromkeys(component.part_of)
        whole: Component | None = component
        while whole is not None:
            whole = self._whole(spelling_of(whole.name), (component.name, *wholes))
            if whole is not None:
                wholes[whole.name] = None
        return wholes

    def _whole(self, key: str, besides: Collection[str]) -> Component | None:
        """The product with the longest name that `key` goes on from, `besides` excepted."""
        words = key.split()
        for length in range(len(words) - 1, 0, -1):
            whole = self._by_key.get(" ".join(words[:length]))
            if whole is not None and whole.name not in besides:
                return whole
        return None


def components_from(entries: Sequence[Mapping[str, Any]]) -> ComponentCatalogue:
    """The catalogue of an edition's file, section ``components``.

    Clause: 1-A1, 2.4-SE3
    """
    return ComponentCatalogue(
        Component(
            name=str(entry["name"]),
            product_class=entry["product_class"],
            kinds=frozenset(entry.get("kinds") or ()),
            aliases=tuple(str(alias) for alias in entry.get("aliases") or ()),
            online_service=bool(entry.get("online_service", False)),
            supported=bool(entry.get("supported", True)),
            part_of=_other_name(entry.get("family"), str(entry["name"])),
        )
        for entry in entries
    )


def _other_name(name: str | None, own: str) -> tuple[str, ...]:
    return (name,) if name and name != own else ()


def spelling_of(name: str) -> str:
    """Lower case words; ``&`` reads "and", a leading "microsoft" goes.

    Clause: X-16
    """
    words = re.findall(r"[^\W_]+", name.casefold().replace("&", " and "))
    if len(words) > 1 and words[0] == "microsoft":
        words = words[1:]
    return " ".join(words)
