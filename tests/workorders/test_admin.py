"""The administration reads agreements and never writes them."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests import factories
from workorders.models import Account, Deadline, Entitlement, Transfer, WorkOrder, WorkOrderLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return factories.executed()


@pytest.fixture
def superuser():
    return User.objects.create_superuser("root@example.com", name="Root")


@pytest.mark.parametrize(
    "model", [WorkOrder, WorkOrderLine, Entitlement, Account, Transfer, Deadline]
)
def test_rows_are_shown_and_nothing_can_be_written(order, superuser, sign_in, model):
    client = sign_in(superuser)
    name = model._meta.model_name
    row = model.objects.first()
    assert client.get(reverse(f"admin:workorders_{name}_changelist")).status_code == 200
    page = client.get(reverse(f"admin:workorders_{name}_change", args=[row.pk]))
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert client.get(reverse(f"admin:workorders_{name}_add")).status_code == 403
    assert (
        client.post(
            reverse(f"admin:workorders_{name}_delete", args=[row.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    assert (
        client.post(
            reverse(f"admin:workorders_{name}_change", args=[row.pk]), {"reason": "x"}
        ).status_code
        == 403
    )


def test_administrators_of_the_system_see_no_agreements(order, sign_in):
    client = sign_in(factories.user(User.Role.SYSTEM_ADMINISTRATOR))
    page = client.get(reverse("admin:workorders_workorder_changelist"))
    assert order.number.encode() not in page.content
