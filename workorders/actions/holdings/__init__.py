"""What is owed and what happens to it, one act a function."""

from workorders.actions.holdings.credits import (
    CreditMove,
    redeem_credits,
    return_credits,
    transfer_credits,
)
from workorders.actions.holdings.exchanges import (
    ask_exchange,
    decline_exchange,
    make_exchange,
)
from workorders.actions.holdings.hours import allocate_hours
from workorders.actions.holdings.units import (
    accounts_of,
    charge_units,
    deliver_units,
    grant,
    lapse_units,
    move_units,
    release_units,
    reserve_units,
)
from workorders.actions.holdings.value import add_exchange_value, spend_value

__all__ = [
    "CreditMove",
    "accounts_of",
    "add_exchange_value",
    "allocate_hours",
    "ask_exchange",
    "charge_units",
    "decline_exchange",
    "deliver_units",
    "grant",
    "lapse_units",
    "make_exchange",
    "move_units",
    "redeem_credits",
    "release_units",
    "reserve_units",
    "return_credits",
    "spend_value",
    "transfer_credits",
]
