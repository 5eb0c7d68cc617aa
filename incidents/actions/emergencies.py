"""Cyberattack work (MSCIR) that begins on the customer's word, before its contract."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.actions.checks import require_account_manager, require_acting_person, written
from accounts.models import Customer, Location, User
from accounts.rules.calendar_days import local_date, refuse_after
from accounts.rules.refusal import Refused
from incidents.actions.checks import key_of, written_under
from incidents.models import EmergencyStart
from incidents.queries.emergencies import has_mscir, mscir_order
from incidents.rules.aftermath import check_acknowledged
from workorders.models import WorkOrder
from workorders.queries.locations import zone_of
from workorders.rules.purchase import start_mscir


@transaction.atomic
def start_emergency(
    *,
    location: Location,
    emergency: str,
    authorised_by: str,
    signs_promptly: bool,
    pays_before_signature: bool,
    bears_risk: bool,
    by: User,
    now: datetime,
    scope: str = "",
    idempotency_key: str = "",
) -> EmergencyStart:
    """Begin before the contract, with who authorised it and the three consequences on record.

    Refused without a base agreement in force (`base_required`), once MSCIR is bought
    (`contract_signed`: it starts under its contract), and while a consequence isn't
    acknowledged. The customer's own people authorise it; staff record it for them.
    """
    require_acting_person(by)
    key = key_of(by, idempotency_key)
    earlier = written_under(key, EmergencyStart)
    if earlier is not None:
        return earlier
    name = written(authorised_by, field="authorised_by", limit=120, required=True)
    order = _order_without_contract(location.customer, authorised_by=name, now=now)
    acknowledged = {
        "signs_promptly": signs_promptly,
        "pays_before_signature": pays_before_signature,
        "bears_risk": bears_risk,
    }
    check_acknowledged(acknowledged)
    try:
        with transaction.atomic():
            return EmergencyStart.objects.create(
                customer=location.customer,
                order=order,
                location=location,
                emergency=written(emergency, field="emergency", limit=8_000, required=True),
                scope=written(scope, field="scope", limit=8_000),
                authorised_by=name,
                authorised_at=now,
                recorded_by=by,
                recorded_at=now,
                submission_key=key,
                **acknowledged,
            )
    except IntegrityError:
        winner = written_under(key, EmergencyStart)
        if winner is None:
            raise
        return winner


def _order_without_contract(customer: Customer, *, authorised_by: str, now: datetime) -> WorkOrder:
    """The order in force under which the work begins before MSCIR is bought."""
    on = local_date(now, zone_of(customer))
    order = mscir_order(customer, on)
    started = start_mscir(
        has_base=order is not None,
        contract_signed=has_mscir(customer, on),
        emergency=True,
        authorised_by=authorised_by,
    )
    if order is None or not started.before_signature:
        raise Refused("contract_signed", clause="2.4-IR2, 2.4-IR4")
    return order


@transaction.atomic
def agree_scope(*, start: EmergencyStart, scope: str, by: User) -> EmergencyStart:
    """Write down the scope that Microsoft and the customer define together (2.4-IR3)."""
    require_account_manager(by)
    words = written(scope, field="scope", limit=8_000, required=True)
    EmergencyStart.objects.filter(pk=start.pk).update(scope=words)
    return EmergencyStart.objects.get(pk=start.pk)


@transaction.atomic
def record_contract(
    *, start: EmergencyStart, signed_on: date, by: User, now: datetime
) -> EmergencyStart:
    """Record that the MSCIR contract was executed; once, not before the authorisation."""
    require_account_manager(by)
    zone = zone_of(start.customer)
    refuse_after(local_date(now, zone), signed_on, field="signed_on", clause="2.4-IR5")
    if signed_on < local_date(start.authorised_at, zone):
        raise Refused("contract_signed", clause="2.4-IR4", field="signed_on")
    signed = EmergencyStart.objects.filter(pk=start.pk, signed_on=None).update(signed_on=signed_on)
    current = EmergencyStart.objects.select_related("customer").get(pk=start.pk)
    if not signed:
        raise Refused("already_recorded", clause="2.4-IR5", at=current.signed_on)
    return current
