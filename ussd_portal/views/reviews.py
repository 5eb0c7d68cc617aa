"""The reviews with a customer: its quarterly meetings, and those that follow an incident."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.http.access import viewer
from accounts.http.addresses import marked_page
from accounts.models import Customer
from incidents.queries.aftermath import reviews_with
from services.scheduling.queries.meetings import KIND, meetings_of
from workorders.models import Deadline
from workorders.queries.deadlines import status_of
from workorders.wording.states import deadline_state

# Incidents of severity 1 are few; older ones are found by their incident.
MOST_REVIEWS = 50


def customer_reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """Meetings and reviews with what was said, the latest first, and what is due."""
    person, now = viewer(request), timezone.now()
    customer = get_object_or_404(Customer.objects.visible_to(person), pk=pk)
    page = marked_page(
        request,
        meetings_of(person).filter(customer=customer),
        ("-planned_on", "-pk"),
    )
    due = Deadline.objects.visible_to(person).open().filter(customer=customer, kind=KIND)
    context = {
        "customer": customer,
        "page": page,
        "reviews": reviews_with(customer, seen_by=person)[:MOST_REVIEWS],
        "due": [
            (one, deadline_state(one, status_of(one, now), now)) for one in due.order_by("due_at")
        ],
        "may_manage": person.manages_agreements,
    }
    fragment = "#results" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"workspace/customer_reviews.html{fragment}", context)
