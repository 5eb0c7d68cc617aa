"""Twins of guards: what would happen without them, so that a test can show that they matter."""

from workorders.models import Transfer


def move_without_looking(row: Transfer, *, debit_change: int, credit_change: int) -> bool:
    """Write the transfer whatever is there, and leave the balances as they were."""
    row.save(force_insert=True)
    return True
