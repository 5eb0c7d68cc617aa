"""The statement of an order or of a customer, a page of movements at a time."""

from functools import partial

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.http.pages import CursorPages
from accounts.http.paging import SIZE, key_page
from accounts.models import Customer, Location
from accounts.rules.calendar_days import local_date
from workorders.api.base import Agreements
from workorders.models import WorkOrder
from workorders.queries.locations import zone_of
from workorders.queries.statement_page import KEYS, statement_page
from workorders.serializers.holdings import StatementSerializer

# Before a mark that leads back; no mark begins with it.
BACK = "-"

STATEMENT_QUERY = [
    OpenApiParameter("as_of", OpenApiTypes.DATE, description="By default today."),
    OpenApiParameter("since", OpenApiTypes.DATE, description="By default the start."),
    OpenApiParameter("location", OpenApiTypes.INT, description="One location alone."),
    OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="As recorded by then."),
    OpenApiParameter(
        "cursor", OpenApiTypes.STR, description="Another page, as `next` and `previous` name it."
    ),
    OpenApiParameter(
        "page_size",
        OpenApiTypes.INT,
        description=f"Movements on a page: {SIZE} by default, {CursorPages.max_page_size} at most.",
    ),
]


class StatementQuery(serializers.Serializer):  # type: ignore[type-arg]
    """Which statement, and which page of its movements."""

    as_of = serializers.DateField(required=False)
    since = serializers.DateField(required=False)
    location = serializers.IntegerField(required=False, min_value=1)
    known_at = serializers.DateTimeField(required=False)
    cursor = serializers.CharField(required=False, default="", allow_blank=True)
    page_size = serializers.IntegerField(
        required=False, default=SIZE, min_value=1, max_value=CursorPages.max_page_size
    )


def answer_statement(
    view: Agreements, request: Request, customer: Customer, order: WorkOrder | None = None
) -> Response:
    """The page that is asked for, with the balances of the whole statement.

    A location that the person doesn't see and a cursor of no page aren't found.
    """
    asked = StatementQuery(data=request.query_params)
    asked.is_valid(raise_exception=True)
    fields = asked.validated_data
    place, cursor = fields.get("location"), fields["cursor"]
    locations = Location.objects.visible_to(view.person).filter(customer=customer)
    mark = {"before" if cursor.startswith(BACK) else "after": cursor.removeprefix(BACK)}
    try:
        found = statement_page(
            customer,
            order,
            cut=partial(key_page, keys=KEYS, size=fields["page_size"], strict=True, **mark),
            viewer=view.person,
            as_of=fields.get("as_of") or local_date(view.now, zone_of(customer)),
            since=fields.get("since"),
            known_at=fields.get("known_at"),
            location=get_object_or_404(locations, pk=place) if place else None,
        )
    except KeyError:
        raise NotFound("Invalid cursor") from None
    here = request.build_absolute_uri()
    pages = {
        "next": replace_query_param(here, "cursor", found.after) if found.after else None,
        "previous": replace_query_param(here, "cursor", BACK + found.before)
        if found.before
        else None,
    }
    return Response(StatementSerializer(found, context={"pages": pages}).data)
