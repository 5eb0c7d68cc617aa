"""A deadline as its reminder words it, in the language and zone active while it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.rules.money import Money
from accounts.wording import formats
from accounts.wording.clauses import clause_names
from workorders.models import Deadline


@dataclass(frozen=True, slots=True)
class ReminderWords:
    """What, until when here and at the contract's place, and what lapses in money."""

    deadline: Deadline
    now: datetime
    lapsing: Sequence[Money]

    @property
    def what(self) -> str:
        """The kind of date, and what it belongs to."""
        kind = str(self.deadline.get_kind_display())
        label = self.deadline.subject_label
        if not label:
            return kind
        return f"{kind}（{label}）" if formats.is_chinese() else f"{kind} ({label})"

    @property
    def when(self) -> str:
        """``in 30 days``, reckoned at the contract's place."""
        return formats.due_words(self.deadline.due_at, self.now, self.deadline.zone)

    @property
    def until_here(self) -> str:
        """The last second in the reader's zone."""
        return formats.instant(
            self.deadline.due_at, formats.current_zone(), year=True, seconds=True
        )

    @property
    def until_there(self) -> str:
        """The last second in the contract's zone; empty where it reads the same."""
        there = formats.instant(self.deadline.due_at, self.deadline.zone, year=True, seconds=True)
        return "" if there == self.until_here else there

    @property
    def value(self) -> str:
        """What lapses, one amount a currency; empty for nothing."""
        return " + ".join(formats.money(amount) for amount in self.lapsing if amount)

    @property
    def charge(self) -> str:
        """What cancelling costs from the next day on; empty where that is not the question."""
        kept = dict(self.deadline.explained.get("inputs", ())).get("charge_from_next_day")
        return formats.money(Money.of(kept["amount"], kept["currency"])) if kept else ""

    @property
    def clauses(self) -> str:
        """The clauses it follows from."""
        return clause_names(self.deadline.clauses)
