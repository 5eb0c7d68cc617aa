"""Whom the customer has named for which duty."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import customers
from accounts.forms import ContactForm
from accounts.http import SignedInRequest, refusal_status
from accounts.models import Contact, Customer, Location
from accounts.queries.people import contact_gaps
from accounts.rules.refusal import Refused


def contact_list(request: SignedInRequest, customer: int) -> HttpResponse:
    """All contacts by location and duty, with the gaps."""
    owner = get_object_or_404(Customer.objects.visible_to(request.user), pk=customer)
    places = list(Location.objects.visible_to(request.user).filter(customer=owner))
    contacts = list(
        Contact.objects.visible_to(request.user).filter(customer=owner).select_related("user")
    )
    for place in places:
        place.customer = owner
    return render(
        request,
        "accounts/contact_list.html",
        {
            "customer": owner,
            "places": [
                (place, [one for one in contacts if one.location_id == place.pk])
                for place in places
            ],
            "gaps": contact_gaps(places, contacts),
            "may_change_contacts": customers.may_change_contacts(request.user),
            "may_change": customers.may_change_locations(request.user),
        },
    )


def contact_create(request: SignedInRequest, customer: int) -> HttpResponse:
    """Name somebody for a duty."""
    owner = _changeable_customer(request, customer)
    form = ContactForm(
        request.POST or None,
        customer=owner,
        user=request.user,
        initial={key: request.GET.get(key, "") for key in ("location", "role")},
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            customers.add_contact(customer=owner, by=request.user, **form.values())
        except Refused as exc:
            refusal = exc
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:contact-list", owner.pk)
    return _form_page(request, form, refusal, owner)


def contact_edit(request: SignedInRequest, customer: int, pk: int) -> HttpResponse:
    """Change a contact; an edit by somebody else in between is noticed."""
    owner = _changeable_customer(request, customer)
    contact = _contact(request, customer, pk)
    form = ContactForm(request.POST or None, customer=owner, user=request.user, instance=contact)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            customers.change_contact(
                contact=contact, by=request.user, seen=form.cleaned_data["version"], **form.values()
            )
        except Refused as exc:
            refusal = exc
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:contact-list", owner.pk)
    return _form_page(request, form, refusal, owner, contact)


@require_POST
def contact_delete(request: SignedInRequest, customer: int, pk: int) -> HttpResponse:
    """Take the duty from the person."""
    owner = _changeable_customer(request, customer)
    customers.remove_contact(contact=_contact(request, customer, pk), by=request.user)
    messages.success(request, _("Removed."))
    return redirect("accounts:contact-list", owner.pk)


def _contact(request: SignedInRequest, customer: int, pk: int) -> Contact:
    return get_object_or_404(Contact.objects.visible_to(request.user), pk=pk, customer=customer)


def _changeable_customer(request: SignedInRequest, pk: int) -> Customer:
    if not customers.may_change_contacts(request.user):
        raise Http404
    return get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)


def _form_page(
    request: SignedInRequest,
    form: ContactForm,
    refusal: Refused | None,
    owner: Customer,
    contact: Contact | None = None,
) -> HttpResponse:
    status = refusal_status(refusal) if refusal else 422 if form.errors else 200
    context = {"form": form, "refusal": refusal, "customer": owner, "contact": contact}
    return render(request, "accounts/contact_form.html", context, status=status)
