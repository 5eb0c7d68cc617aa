"""What lists of the API can be narrowed by."""

import django_filters

from accounts.models import Contact, Customer, Location, LocationHoliday, Message


class CustomerFilters(django_filters.FilterSet):  # type: ignore[misc]
    """By part of the name."""

    name = django_filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Customer
        fields = ["name", "currency"]


class LocationFilters(django_filters.FilterSet):  # type: ignore[misc]
    """By customer and place."""

    customer = django_filters.NumberFilter(field_name="customer_id")

    class Meta:
        model = Location
        fields = ["customer", "role", "country", "tax_exception"]


class ContactFilters(django_filters.FilterSet):  # type: ignore[misc]
    """By customer, location and duty."""

    customer = django_filters.NumberFilter(field_name="customer_id")
    location = django_filters.NumberFilter(field_name="location_id")

    class Meta:
        model = Contact
        fields = ["customer", "location", "role"]


class HolidayFilters(django_filters.FilterSet):  # type: ignore[misc]
    """By location and year."""

    location = django_filters.NumberFilter(field_name="location_id")
    year = django_filters.NumberFilter(
        field_name="on", lookup_expr="year", min_value=1, max_value=9999, decimal_places=0
    )

    class Meta:
        model = LocationHoliday
        fields = ["location"]


class MessageFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Read or not."""

    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Message
        fields: list[str] = []
