"""Acts on the customer's side of an incident in the API."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules.refusal import Named, Refused
from incidents.actions import conduct
from incidents.api.base import POSTED, IncidentActs
from incidents.models import Incident, IncidentDuty
from incidents.queries.names import names_of
from incidents.serializers.conduct import DutyReasonInput, LowerInput, PauseInput, StepInput
from incidents.serializers.inputs import DutyInput


class ConductActs(IncidentActs):
    """Pauses, what the customer can't supply, and the transitions that a chart allows."""

    @extend_schema(request=PauseInput, **POSTED)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Pause the clock of a duty while the customer waits for Microsoft."""
        return self._act(self._of_duty(conduct.pause_duty), PauseInput)

    @extend_schema(request=DutyInput, **POSTED)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Let the clock of a duty go on."""
        return self._act(self._of_duty(conduct.resume_duty), DutyInput)

    @extend_schema(request=DutyReasonInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="cannot-supply")
    def cannot_supply(self, request: Request, pk: str) -> Response:
        """Record that the customer can't do a duty that has no time of its own."""
        return self._act(self._of_duty(conduct.record_cannot_supply), DutyReasonInput)

    @extend_schema(request=LowerInput, **POSTED)
    @action(detail=True, methods=["post"])
    def lower(self, request: Request, pk: str) -> Response:
        """Lower the severity because of a missed duty, where the chart allows it."""
        return self._act(conduct.lower_for_missed_duty, LowerInput)

    @extend_schema(request=StepInput, **POSTED)
    @action(detail=True, methods=["post"], url_path="step-down")
    def step_down(self, request: Request, pk: str) -> Response:
        """Stop working around the clock because of a missed duty, where the chart allows it."""
        return self._act(conduct.step_down, StepInput)

    @extend_schema(request=StepInput, **POSTED)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Work around the clock again."""

        def act(*, version: int | None = None, **fields: object) -> object:
            return conduct.restore_round_the_clock(**fields)  # type: ignore[arg-type]

        return self._act(act, StepInput)

    def _of_duty(self, act: Callable[..., object]) -> Callable[..., object]:
        """The act on a duty that is named by its code."""

        def of_duty(*, incident: Incident, duty: str, **fields: object) -> object:
            row = IncidentDuty.objects.filter(incident=incident, code=duty).first()
            if row is None:
                named = Named(duty, names_of(incident.order.edition).duty(duty))
                raise Refused("no_such_duty", field="duty", duty=named)
            return act(incident=incident, duty=row, **fields)

        return of_duty
