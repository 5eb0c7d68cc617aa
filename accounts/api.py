"""People, places and messages in the API: the actions of the pages, with the same rights."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from accounts.actions import customers, keys, messages, people
from accounts.filters import (
    ContactFilters,
    CustomerFilters,
    HolidayFilters,
    LocationFilters,
    MessageFilters,
)
from accounts.models import ApiToken, Contact, Customer, Location, LocationHoliday, Message, User
from accounts.queries.calendars import special_days
from accounts.serializers import (
    ContactDetailSerializer,
    ContactSerializer,
    CustomerSerializer,
    HolidaySerializer,
    LocationDetailSerializer,
    LocationSerializer,
    MeSerializer,
    MessageSerializer,
    NewTokenSerializer,
    SpecialDaySerializer,
    TokenSerializer,
    VersionSerializer,
    YearSerializer,
)

Rows = viewsets.GenericViewSet[Any]


class CustomerViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Rows):
    """The customers in reach."""

    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilters

    def get_queryset(self) -> QuerySet[Customer]:
        """Those in reach."""
        return Customer.objects.visible_to(self.request.user).select_related("team")


class Editable(mixins.ListModelMixin, mixins.RetrieveModelMixin, Rows):
    """Rows that are made, and changed against the version that was seen."""

    detail_serializer: type[serializers.ModelSerializer[Any]]

    def get_serializer_class(self) -> Any:
        """One row is told with its version."""
        return self.serializer_class if self.action == "list" else self.detail_serializer

    def created(self, row: Any) -> Response:
        """The row that was made."""
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    def typed(self, row: Any = None) -> tuple[dict[str, Any], int]:
        """What was sent, validated, and the version that the caller saw."""
        seen = 0
        if row is not None:
            version = VersionSerializer(data=self.request.data)
            version.is_valid(raise_exception=True)
            seen = version.validated_data["version"]
        form = self.get_serializer(row, data=self.request.data, partial=row is not None)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data), seen


class LocationViewSet(Editable):
    """Support locations; agreements' managers add and change them."""

    queryset = Location.objects.none()
    serializer_class = LocationSerializer
    detail_serializer = LocationDetailSerializer
    filterset_class = LocationFilters

    def get_queryset(self) -> QuerySet[Location]:
        """Those in reach."""
        return Location.objects.visible_to(self.request.user)

    @extend_schema(request=LocationSerializer, responses={201: LocationDetailSerializer})
    def create(self, request: Request) -> Response:
        """Add a location."""
        values, _seen = self.typed()
        return self.created(customers.add_location(by=_person(request), **values))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a location; `version` is the one that was read."""
        row = self.get_object()
        values, seen = self.typed(row)
        values.pop("customer", None)
        changed = customers.change_location(location=row, by=_person(request), seen=seen, **values)
        return Response(self.get_serializer(changed).data)

    @extend_schema(parameters=[YearSerializer], responses=SpecialDaySerializer(many=True))
    @action(detail=True, pagination_class=None, filterset_class=None)
    def calendar(self, request: Request, pk: str) -> Response:
        """Holidays and working days of one year, own entries included."""
        asked = YearSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        year = asked.validated_data.get("year", timezone.localdate().year)
        days = special_days(self.get_object(), year, _person(request).language)
        return Response(SpecialDaySerializer(days, many=True).data)


class HolidayViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Rows):
    """A location's own days off and working days."""

    queryset = LocationHoliday.objects.none()
    serializer_class = HolidaySerializer
    filterset_class = HolidayFilters

    def get_queryset(self) -> QuerySet[LocationHoliday]:
        """Those in reach."""
        return LocationHoliday.objects.visible_to(self.request.user)

    def create(self, request: Request) -> Response:
        """Add a day."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = customers.add_holiday(by=_person(request), **form.validated_data)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str) -> Response:
        """Back to the national calendar on that day."""
        customers.remove_holiday(holiday=self.get_object(), by=_person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ContactViewSet(Editable):
    """Whom the customer has named for which duty."""

    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    detail_serializer = ContactDetailSerializer
    filterset_class = ContactFilters

    def get_queryset(self) -> QuerySet[Contact]:
        """Those in reach."""
        return Contact.objects.visible_to(self.request.user)

    @extend_schema(request=ContactSerializer, responses={201: ContactDetailSerializer})
    def create(self, request: Request) -> Response:
        """Name a contact."""
        values, _seen = self.typed()
        owner = values["location"].customer
        return self.created(customers.add_contact(customer=owner, by=_person(request), **values))

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a contact; `version` is the one that was read."""
        row = self.get_object()
        values, seen = self.typed(row)
        changed = customers.change_contact(contact=row, by=_person(request), seen=seen, **values)
        return Response(self.get_serializer(changed).data)

    def destroy(self, request: Request, pk: str) -> Response:
        """Take the duty from the person."""
        customers.remove_contact(contact=self.get_object(), by=_person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeViewSet(viewsets.GenericViewSet[User]):
    """Oneself."""

    queryset = User.objects.none()
    serializer_class = MeSerializer
    pagination_class = None

    @extend_schema(responses=MeSerializer)
    def list(self, request: Request) -> Response:
        """Who the token belongs to."""
        return Response(self.get_serializer(_person(request)).data)

    @extend_schema(request=MeSerializer, responses=MeSerializer)
    @action(detail=False, methods=["patch"], url_path="settings")
    def change(self, request: Request) -> Response:
        """Change one's own settings."""
        person = _person(request)
        form = self.get_serializer(person, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        for name, value in form.validated_data.items():
            setattr(person, name, value)
        people.change_profile(user=person)
        return Response(self.get_serializer(person).data)


class TokenViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Rows):
    """One's own API tokens."""

    queryset = ApiToken.objects.none()
    serializer_class = TokenSerializer

    def get_queryset(self) -> QuerySet[ApiToken]:
        """Those that still open something."""
        return ApiToken.objects.visible_to(self.request.user).filter(revoked_at=None)

    @extend_schema(request=TokenSerializer, responses={201: NewTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token; its secret is told this once."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        token, secret = keys.make_token(
            user=_person(request), name=form.validated_data["name"], now=timezone.now()
        )
        shown = NewTokenSerializer(token).data | {"secret": secret}
        return Response(shown, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke a token; it opens nothing from now on."""
        keys.revoke_token(token=self.get_object(), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class InboxViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Rows):
    """What the portal told this person."""

    queryset = Message.objects.none()
    serializer_class = MessageSerializer
    filterset_class = MessageFilters

    def get_queryset(self) -> QuerySet[Message]:
        """One's own inbox."""
        return Message.objects.visible_to(self.request.user)

    @extend_schema(request=None, responses=MessageSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark as read."""
        message = self.get_object()
        messages.mark_read(messages=[message.pk], user=_person(request), now=timezone.now())
        message.refresh_from_db()
        return Response(self.get_serializer(message).data)


def _person(request: Request) -> User:
    """The person behind token or session; permissions let nobody else in."""
    if not isinstance(request.user, User):
        raise TypeError("an anonymous request passed the permissions")
    return request.user


router = SimpleRouter()
router.register("customers", CustomerViewSet, basename="customer")
router.register("locations", LocationViewSet, basename="location")
router.register("holidays", HolidayViewSet, basename="holiday")
router.register("contacts", ContactViewSet, basename="contact")
router.register("me", MeViewSet, basename="me")
router.register("tokens", TokenViewSet, basename="token")
router.register("inbox", InboxViewSet, basename="inbox")
