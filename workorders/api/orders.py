"""Work orders: drafted, checked, executed, ended; their statement."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules.calendar_days import local_date
from workorders.actions import orders as actions
from workorders.actions.orders.imports import import_lines, judge_lines
from workorders.actions.orders.scenarios import add_scenario, adopt_scenario
from workorders.api.base import IDEMPOTENCY_KEY, VERSION, Agreements
from workorders.api.statements import STATEMENT_QUERY, answer_statement
from workorders.filters import OrderFilters
from workorders.forms.imports import read_lines, read_upload
from workorders.models import WorkOrder
from workorders.queries.ending import ending_of, termination_of
from workorders.queries.execution import check_order, execution_preview
from workorders.queries.fees import order_totals, sees_totals
from workorders.queries.locations import zone_of
from workorders.queries.renewal import renewal_of, renewal_plan
from workorders.queries.scenarios import alternatives
from workorders.queries.terms import last_day_of, states_of
from workorders.rules.term import check_ending_day
from workorders.serializers.ending import EndingQuery, EndingSerializer
from workorders.serializers.holdings import StatementSerializer
from workorders.serializers.order_inputs import (
    AdoptInput,
    AmendmentInput,
    FlexYearsInput,
    ImportInput,
    LocationsInput,
    OrderChange,
    OrderCreate,
    ReturnInput,
    ScenarioInput,
    TerminationInput,
    VersionInput,
)
from workorders.serializers.orders import (
    AlternativeSerializer,
    FindingSerializer,
    OrderDetailSerializer,
    OrderSerializer,
    PreviewSerializer,
    TotalsSerializer,
    VerdictSerializer,
)
from workorders.serializers.renewal import RenewalSerializer
from workorders.serializers.values import read_money


class OrderViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Agreements):
    """Work orders. Drafts are seen and changed by those who manage agreements."""

    queryset = WorkOrder.objects.none()
    serializer_class = OrderSerializer
    filterset_class = OrderFilters

    def get_queryset(self) -> QuerySet[WorkOrder]:
        """What the person may see."""
        rows = WorkOrder.objects.visible_to(self.person).select_related("edition", "customer")
        if self.action == "list":
            return rows.without_scenarios()
        return rows.prefetch_related(
            "order_locations__location",
            "flex_years__order",
            "lines__order",
            "lines__offering",
            "lines__allocations__location",
            "lines__scopes",
            "lines__tiers",
        )

    def get_serializer_class(self) -> Any:
        """Lists are short, single orders told in full."""
        return OrderSerializer if self.action == "list" else OrderDetailSerializer

    def get_serializer(self, *args: Any, **options: Any) -> Any:
        """States are derived for all rows of the page at once."""
        rows: Any = args[0] if args else []
        orders: Any = rows if options.get("many") or not rows else [rows]
        context = {**self.get_serializer_context(), **options.pop("context", {})}
        context["states"] = states_of(orders, now=self.now)
        return self.get_serializer_class()(*args, context=context, **options)

    @extend_schema(
        request=OrderCreate, responses={201: OrderDetailSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    def create(self, request: Request) -> Response:
        """Draft an order on the published edition; it lists the host location."""
        fields = self.take(OrderCreate)
        customer = fields.pop("customer")
        _read_price(fields, fields.get("currency") or customer.currency)
        return self.once(
            lambda: self._told(
                actions.draft_order(customer=customer, by=self.person, now=self.now, **fields)
            ),
            status=201,
        )

    @extend_schema(request=OrderChange, responses=OrderDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is written on a draft."""
        order = self.get_object()
        fields = self.take(OrderChange)
        _read_price(fields, fields.get("currency") or order.currency)
        changed = actions.change_order(order=order, by=self.person, now=self.now, **fields)
        return Response(self._told(changed))

    @extend_schema(parameters=[VERSION], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Throw a draft away."""
        actions.discard_draft(
            order=self.get_object(), by=self.person, now=self.now, version=self.version
        )
        return Response(status=204)

    @extend_schema(request=LocationsInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["put"])
    def locations(self, request: Request, pk: str) -> Response:
        """List locations: the whole list, each with its units per US dollar."""
        order = self.get_object()
        fields = self.take(LocationsInput, order=order)
        rows = {row["location"]: row.get("units_per_usd") for row in fields["locations"]}
        changed = actions.set_locations(
            order=order,
            locations=rows,
            by=self.person,
            now=self.now,
            version=fields.get("version"),
        )
        return Response(self._told(changed))

    @extend_schema(request=FlexYearsInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["put"], url_path="flex-years")
    def flex_years(self, request: Request, pk: str) -> Response:
        """Allot the flex allowance: the whole of it, by contract year."""
        order = self.get_object()
        fields = self.take(FlexYearsInput)
        allotments = {
            row["number"]: read_money(row["allotment"], order.currency, "allotment").minor
            for row in fields["flex_years"]
        }
        changed = actions.set_flex_years(
            order=order,
            allotments=allotments,
            by=self.person,
            now=self.now,
            version=fields.get("version"),
        )
        return Response(self._told(changed))

    @extend_schema(responses=FindingSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def findings(self, request: Request, pk: str) -> Response:
        """Everything that stands against executing a draft today."""
        order = self.get_object()
        found = check_order(order, self._today(order))
        return Response(FindingSerializer(found, many=True).data)

    @extend_schema(responses=TotalsSerializer)
    @action(detail=True)
    def totals(self, request: Request, pk: str) -> Response:
        """What the order costs by location, contract year and family; without taxes."""
        if not sees_totals(self.person):
            raise Http404
        return Response(TotalsSerializer(order_totals(self.get_object())).data)

    @extend_schema(methods=["GET"], responses=AlternativeSerializer(many=True), filters=False)
    @extend_schema(
        methods=["POST"],
        request=ScenarioInput,
        responses={201: OrderDetailSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def scenarios(self, request: Request, pk: str) -> Response:
        """The draft beside its scenarios; posted to, one more scenario."""
        order = self._managed()
        if request.method == "GET":
            found: Any = alternatives(order.scenario_of or order, on=self._today(order))
            return Response(AlternativeSerializer(found, many=True).data)
        fields = self.take(ScenarioInput)
        return self.once(
            lambda: self._told(add_scenario(order=order, by=self.person, now=self.now, **fields)),
            status=201,
        )

    @extend_schema(
        request=AdoptInput, responses=OrderDetailSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, pk: str) -> Response:
        """Put what this scenario says in the place of what its draft says."""
        scenario = self._managed()
        if scenario.scenario_of_id is None:
            raise Http404
        fields = self.take(AdoptInput)
        return self.once(
            lambda: self._told(
                adopt_scenario(scenario=scenario, by=self.person, now=self.now, **fields)
            )
        )

    @extend_schema(
        request={"multipart/form-data": ImportInput},
        responses={200: VerdictSerializer(many=True), 201: OrderDetailSerializer},
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="lines-import",
        parser_classes=[MultiPartParser],
        pagination_class=None,
    )
    def import_lines(self, request: Request, pk: str) -> Response:
        """Lines from a CSV or XLSX file: judged row by row, or, confirmed, all or none taken."""
        order = self._managed()
        fields = self.take(ImportInput)
        upload = fields["file"]
        lines = read_lines(order, read_upload(upload.name, upload.size, upload.read))
        if not fields["confirm"]:
            verdicts: Any = judge_lines(order=order, lines=lines, on=self._today(order))
            return Response(VerdictSerializer(verdicts, many=True).data)
        import_lines(
            order=order, lines=lines, by=self.person, now=self.now, version=fields.get("version")
        )
        return Response(self._told(order), status=201)

    @extend_schema(responses=PreviewSerializer)
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        """What executing the draft now would do, with what is forfeited; writes nothing."""
        return Response(PreviewSerializer(execution_preview(self.get_object(), self.now)).data)

    @extend_schema(
        request=VersionInput, responses=OrderDetailSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def execute(self, request: Request, pk: str) -> Response:
        """Execute a draft: freeze it, grant what it promises, forfeit unallocated allowance."""
        order = self.get_object()
        fields = self.take(VersionInput)
        return self.once(
            lambda: self._told(
                actions.execute_order(
                    order=order, by=self.person, now=self.now, version=fields.get("version")
                )
            )
        )

    @extend_schema(responses=OrderSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def amendments(self, request: Request, pk: str) -> Response:
        """The amendments of an order, the first one first."""
        rows = WorkOrder.objects.visible_to(self.person).select_related("edition", "customer")
        found = list(rows.filter(amends=self.get_object()).order_by("amendment_number"))
        context = {"states": states_of(found, now=self.now)}
        return Response(OrderSerializer(found, many=True, context=context).data)

    @extend_schema(
        request=AmendmentInput,
        responses={201: OrderDetailSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @amendments.mapping.post
    def draft_amendment(self, request: Request, pk: str) -> Response:
        """Draft an amendment of an executed order; the order itself stays as it was signed."""
        order, fields = self.get_object(), self.take(AmendmentInput)
        return self.once(
            lambda: self._told(
                actions.draft_amendment(order=order, by=self.person, now=self.now, **fields)
            ),
            status=201,
        )

    @extend_schema(responses=RenewalSerializer)
    @action(detail=True)
    def renewal(self, request: Request, pk: str) -> Response:
        """What a renewal takes over, what was withdrawn and what changed; writes nothing."""
        order = self.get_object()
        if not self.person.manages_agreements or order.is_draft or order.amends_id:
            raise Http404
        drafted = renewal_of(order)
        plan = renewal_plan(order, edition=drafted.edition if drafted else None)
        return Response(RenewalSerializer(plan, context={"renewal": drafted}).data)

    @extend_schema(
        request=None, responses={201: OrderDetailSerializer}, parameters=[IDEMPOTENCY_KEY]
    )
    @renewal.mapping.post
    def draft_renewal(self, request: Request, pk: str) -> Response:
        """Draft the renewal of an executed order on the newest published edition."""
        order = self.get_object()
        return self.once(
            lambda: self._told(actions.draft_renewal(order=order, by=self.person, now=self.now)),
            status=201,
        )

    @extend_schema(request=VersionInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Submit a draft for review; it isn't edited until it is returned or taken back."""
        return self._reviewed(actions.submit_draft, VersionInput)

    @extend_schema(request=ReturnInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def return_draft(self, request: Request, pk: str) -> Response:
        """Return a draft from review, with the reason."""
        return self._reviewed(actions.return_draft, ReturnInput)

    @extend_schema(request=VersionInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Take one's own submission back."""
        return self._reviewed(actions.take_back, VersionInput)

    def _reviewed(self, act: Any, serializer: Any) -> Response:
        order = self.get_object()
        done = act(order=order, by=self.person, now=self.now, **self.take(serializer))
        return Response(self._told(done))

    @extend_schema(responses=EndingSerializer, parameters=[EndingQuery])
    @action(detail=True)
    def ending(self, request: Request, pk: str) -> Response:
        """Everything that ends with the order on a day; the same before and after the click."""
        order = self.get_object()
        if not self.person.manages_agreements or order.is_draft:
            raise Http404
        asked = EndingQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        today = self._today(order)
        on = asked.validated_data.get("on") or order.terminated_on or max(today, order.starts_on)
        if on != order.terminated_on:
            check_ending_day(on, today, first_day=order.starts_on, last_day=last_day_of(order))
        done_at = termination_of(order) if on == order.terminated_on else None
        ending = ending_of(order, on, done_at=done_at)
        return Response(EndingSerializer(ending).data)

    @extend_schema(
        request=TerminationInput, responses=OrderDetailSerializer, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    def terminate(self, request: Request, pk: str) -> Response:
        """End an order early, with the end of a day; what is unused then lapses."""
        order = self.get_object()
        fields = self.take(TerminationInput)
        return self.once(
            lambda: self._told(
                actions.terminate_order(order=order, by=self.person, now=self.now, **fields)
            )
        )

    @extend_schema(responses=StatementSerializer, parameters=STATEMENT_QUERY)
    @action(detail=True)
    def statement(self, request: Request, pk: str) -> Response:
        """Opening and closing balances and the movements between, for any past date."""
        order = self.get_object()
        return answer_statement(self, request, order.customer, order)

    def _managed(self) -> WorkOrder:
        """A draft for those who manage agreements; for others there are no scenarios."""
        order: WorkOrder = self.get_object()
        if not self.person.manages_agreements or not order.is_draft:
            raise Http404
        return order

    def _told(self, order: WorkOrder) -> Any:
        """The order in full, as it stands."""
        fresh = self.get_queryset().get(pk=order.pk)
        return self.get_serializer(fresh).data

    def _today(self, order: WorkOrder) -> Any:
        return local_date(self.now, zone_of(order.customer))


def _read_price(fields: dict[str, Any], currency: str) -> None:
    """The base price as minor units of the order's currency."""
    if "base_price" in fields:
        fields["base_price_minor"] = read_money(
            fields.pop("base_price"), currency, "base_price"
        ).minor
