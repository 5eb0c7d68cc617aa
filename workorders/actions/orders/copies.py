"""What hangs on a line, copied to another line: by a renewal, or a scenario."""

from collections.abc import Sequence

from workorders.models import LineAllocation, LineScope, SpendTier, WorkOrderLine


def copy_details(pairs: Sequence[tuple[WorkOrderLine, WorkOrderLine]]) -> None:
    """Give each copy the locations, scopes and fee tiers of its line, in three statements."""
    LineAllocation.objects.bulk_create(
        LineAllocation(line=copy, location_id=row.location_id, quantity=row.quantity)
        for line, copy in pairs
        for row in line.allocations.all()
    )
    LineScope.objects.bulk_create(
        LineScope(line=copy, kind=row.kind, identifier=row.identifier, affiliate=row.affiliate)
        for line, copy in pairs
        for row in line.scopes.all()
    )
    SpendTier.objects.bulk_create(
        SpendTier(line=copy, up_to_usd_minor=row.up_to_usd_minor, percent=row.percent)
        for line, copy in pairs
        for row in line.tiers.all()
    )
