"""An entry of the words: one for each reason code that any rule or action raises."""

from typing import Any

from django.utils.translation import gettext_lazy as g

# code → (title, detail with figures or nothing, what would make it valid).
# A detail whose figures the refusal doesn't carry is left out; of several the first whose
# figures are there is told. As many remedies as details go with them pair by pair. Where
# nothing makes it valid any more, the remedy says what is possible instead.
Entry = tuple[Any, Any, Any]

__all__ = ["Entry", "g"]
