"""What tests copy is what the portal's actions wrote."""

import pytest
from django.apps import apps
from django.db import transaction
from django.forms.models import model_to_dict

from tests import factories, shelf
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


@shelf.kept
def order_with_an_incident() -> WorkOrder:
    order = factories.executed.__wrapped__(factories.draft.__wrapped__())
    factories.incident.__wrapped__(order)
    return order


def everything() -> dict[str, list]:
    """All rows of all tables."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
    }


def test_a_copy_is_row_for_row_what_was_made_and_so_is_its_result():
    seen = []
    for _time in range(2):
        with transaction.atomic():
            order = order_with_an_incident()
            seen.append((everything(), model_to_dict(order), order.customer.name))
            transaction.set_rollback(True)

    assert seen[0][0]["incidents.Incident"] != []
    assert seen[0] == seen[1]


def test_in_a_database_that_holds_something_rows_are_made_anew():
    first, second = order_with_an_incident(), order_with_an_incident()

    assert first.pk != second.pk
    assert WorkOrder.objects.count() == 2
