"""Work orders: drafted, checked, executed, ended."""

from workorders.actions.orders.afterwards import (
    override_refusal,
    record_intake,
    terminate_order,
)
from workorders.actions.orders.amendments import draft_amendment
from workorders.actions.orders.drafts import (
    change_order,
    discard_draft,
    draft_order,
    set_flex_years,
    set_locations,
)
from workorders.actions.orders.execution import execute_order
from workorders.actions.orders.lines import (
    Scope,
    add_line,
    change_line,
    propose_line,
    remove_line,
)
from workorders.actions.orders.renewal import draft_renewal
from workorders.actions.orders.review import return_draft, submit_draft, take_back
from workorders.queries.execution import check_order

__all__ = [
    "Scope",
    "add_line",
    "change_line",
    "change_order",
    "check_order",
    "discard_draft",
    "draft_amendment",
    "draft_order",
    "draft_renewal",
    "execute_order",
    "override_refusal",
    "propose_line",
    "record_intake",
    "remove_line",
    "return_draft",
    "set_flex_years",
    "set_locations",
    "submit_draft",
    "take_back",
    "terminate_order",
]
