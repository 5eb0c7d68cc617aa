"""An entry of the words: one for each reason code that any rule or action raises."""

from typing import Any

from django.utils.translation import gettext_lazy as g

# code → (title, detail with figures or nothing, what would make it valid or nothing).
# A detail whose figures the refusal doesn't carry is left out; of several the first whose
# figures are there is told.
Entry = tuple[Any, Any, Any]

__all__ = ["Entry", "g"]
