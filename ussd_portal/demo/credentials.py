"""The demo's sign-ins: one password for everybody, different in each installation."""

from base64 import b32encode
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from accounts.models import User

DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody to sign in as."""

    role: str
    email: str
    password: str
    customer: str
    location: str


def demo_password() -> str:
    """Derived from the installation's secret key: the same each time, here alone."""
    digest = salted_hmac("ussd_portal.demo", "password", algorithm="sha256").digest()
    return "demo-" + b32encode(digest)[:12].decode().lower()


def address(local_part: str) -> str:
    """A demo person's e-mail address."""
    return f"{local_part}@{DOMAIN}"


def demo_people() -> list[User]:
    """One person of each role to try first, the customer's in both languages."""
    locals_ = (
        "mara.keller", "helena.brandt", "jana.vogt", "zhou.min",
        "luis.ortega", "viewer.contoso", "katalog", "system",
    )  # fmt: skip
    people = {person.email: person for person in User.objects.filter(email__endswith=DOMAIN)}
    return [people[address(name)] for name in locals_ if address(name) in people]


def sign_ins() -> list[SignIn]:
    """Everybody of the demo, with customer and location where they have one."""
    password = demo_password()
    found = []
    people = User.objects.filter(email__endswith=f"@{DOMAIN}").prefetch_related(
        "memberships__customer", "memberships__locations"
    )
    for person in people.order_by("pk"):
        memberships = list(person.memberships.all())
        locations = [place.name for one in memberships for place in one.locations.all()]
        customers = [one.customer.name for one in memberships]
        found.append(
            SignIn(
                person.role,
                person.email,
                password,
                customers[0] if customers else "",
                locations[0] if locations else "",
            )
        )
    return found
