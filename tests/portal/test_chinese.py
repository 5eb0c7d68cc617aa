"""The portal in Chinese: no page holds English but names and codes; the catalogue is complete."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import polib
import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import Customer, User
from incidents.models import Incident
from scripts import messages
from services.catalog.models import Edition
from services.scheduling import actions
from services.scheduling.models import (
    Booking,
    EventBrief,
    EventRisk,
    Series,
    ServiceRequest,
    Workshop,
)
from services.scheduling.rules.events import EventPlan
from tests import factories
from tests.chinese import TYPED, Reader, faults, is_english, typed
from workorders.actions import orders
from workorders.models import WorkOrder
from workorders.queries.locations import zone_of

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("chinese")]

CSAM, LEAD = User.Role.CSAM, User.Role.CSAM_LEAD
CUSTOMER, CONTACT = User.Role.CUSTOMER_ADMINISTRATOR, User.Role.LOCATION_CONTACT
CATALOGUE, SYSTEM = User.Role.CATALOGUE_ADMINISTRATOR, User.Role.SYSTEM_ADMINISTRATOR
# So many pages of one address name and one set of switches each of them reads.
READERS = {CSAM: 2, CUSTOMER: 2, LEAD: 1, CONTACT: 1, CATALOGUE: 1, SYSTEM: 1}
# Names of which no page is read, and why.
UNREAD = re.compile(
    r"account_(?!change_password|reauthenticate|reset_password$)"  # of visitors; see below
    r"|mfa_|socialaccount_|openid_connect_"  # steps of a sign-in, of other libraries
    r"|metrics|alive|ready|api-|.*calendar-feed|.*/"  # for programs; addresses without a name
    r"|.*-pdf$"  # slow to make; their tests read both languages
    r"|.*-(?:switch|export|read|end|delete|revoke|open|row|show)$"  # acts and files
    r"|scheduling:request-(?:decline|withdraw|complete|data)|incidents:duty-(?:meet|pause|resume|failed)"  # acts
    r"|incidents:incident-(?:lower|restore|step-down|bulk)|incidents:view-save"  # acts
    r"|incidents:(?:event-(?:detail|close)|review-|analysis-|material-|engineer-time)"  # acts
    r"|incidents:(?:follow-up-done|problem-action-done)"  # acts
    r"|scheduling:(?:attendee-(?:act|add)|workshop-act)$"  # acts
    r"|accounts:(?:holiday|token|feed)-create|accounts:feed-renew|accounts:invitation-accept"
    r"|workorders:(?:edit-|line-|lines-import-|scenario-adopt|deadline-act|hours-allocate)"  # parts of such
    r"|workorders:(?:review-act|exchange-decide)|messages?-resend"  # acts
)


class Walk:
    """All pages that a person reaches by links from `starts`, a few of each kind."""

    def __init__(
        self, client: Client, starts: list[str], allowed: re.Pattern[str], of_each: int
    ) -> None:
        self.seen: Counter[str] = Counter()
        self.faults: dict[str, list[str]] = defaultdict(list)
        self._client, self._allowed, self._of_each = client, allowed, of_each
        todo, known = list(starts), set(starts)
        while todo:
            for link in self._read(todo.pop(0)):
                if link not in known:
                    known.add(link)
                    todo.append(link)

    @property
    def names(self) -> set[str]:
        """The names of the addresses that were read."""
        return {kind.partition(" ")[0] for kind in self.seen}

    def _read(self, path: str) -> list[str]:
        kind = kind_of(path)
        if kind is None or self.seen[kind] >= self._of_each:
            return []
        self.seen[kind] += 1
        answer = self._client.get(path)
        if answer.status_code == 302:
            return [urljoin(path, answer["Location"])]
        assert answer.status_code == 200, f"{path} answers {answer.status_code}"
        if not answer["Content-Type"].startswith("text/html"):
            return []
        page = Reader(answer.content.decode())
        if found := faults(page.texts, self._allowed):
            self.faults[path] = found
        return [urljoin(path, link).partition("#")[0] for link in page.links]


def kind_of(path: str) -> str | None:
    """The name of an address and the switches that it carries; None for what isn't walked."""
    parts = urlsplit(path)
    if parts.netloc or parts.scheme:
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if parts.path.startswith(("/api/", "/admin/")) or match.url_name == "account_logout":
        return None
    if match.view_name.endswith("-pdf"):
        return None
    switches = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return " ".join([match.view_name, *switches])


def address_names(resolver: URLResolver | None = None, space: str = "") -> set[str]:
    """The names of all addresses outside the API and the administration."""
    names = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLResolver):
            names.add(f"{space}{entry.name or entry.pattern}")
        elif not str(entry.pattern).startswith(("api/", "admin/")):
            names |= address_names(entry, f"{entry.namespace}:" if entry.namespace else "")
    return names


@pytest.fixture(scope="module")
def portfolio(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo with three customers, all of whose people read Chinese; and a draft."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.published_edition()
        call_command("seed_demo", customers=3, stdout=StringIO())
        User.objects.update(language="zh-hans")
        # Messages are kept in the language in which they were written.
        User.objects.first().messages.model.objects.all().delete()
        manager = User.objects.filter(role=CSAM).order_by("pk").first()
        order = factories.draft(Customer.objects.get(name="蓝湖制造"), by=manager)
        factories.line(order)
        today = timezone.localdate(timezone=ZoneInfo(zone_of(order.customer)))
        ended = factories.draft(
            order.customer,
            by=manager,
            title="提前终止",
            starts_on=today - timedelta(days=30),
            ends_on=today + timedelta(days=300),
        )
        orders.terminate_order(
            order=factories.executed(ended),
            on=today,
            reason="客户已被并购",
            by=manager,
            now=timezone.now(),
        )
        an_event(manager, today)
        yield
        transaction.set_rollback(True)


def an_event(manager: User, today: date) -> None:
    """An Azure event for two solutions with a risk, not confirmed yet; the demo's smallest has none."""
    order = WorkOrder.objects.executed().get(
        customer__name="Contoso Motors",
        amends=None,
        starts_on__lte=today,
        ends_on__gte=today + timedelta(days=60),
    )
    held = factories.holding(
        order,
        offering=factories.offering("azure-event-mcs", order.edition),
        location=order.customer.locations.get(role="host"),
        unit="event",
        quantity=2,
        usable_from=order.starts_on,
    )
    first, now = today + timedelta(days=50), timezone.now()
    plan = EventPlan(
        first_day=first,
        last_day=first + timedelta(days=3),
        solutions=["结算平台", "会员中心"],
        kind=EventBrief.Kind.LOAD,
        goal="年终大促",
    )
    booking = actions.plan_event(entitlement=held, plan=plan, by=manager, now=now)[0]
    actions.record_risk(
        booking=booking,
        area=EventRisk.Area.CAPACITY,
        title="入口网关容量不足",
        advice="活动前一天扩容",
        owner="customer",
        owner_name="王芳",
        by=manager,
        now=now,
    )


def client_of(role: str) -> Client:
    """A client of the first person of a role."""
    client = Client()
    person = User.objects.filter(role=role).order_by("pk").first()
    client.force_login(person, backend="accounts.http.people.RoleBackend")
    return client


def starts_of(role: str) -> list[str]:
    """Where a walk begins: the start page, and what only forms and searches lead to."""
    starts = [
        "/",
        "/search/?q=Azure",
        "/catalogue/?q=nothing-has-this-name",
        "/schedule/?view=week",
    ]
    event = Booking.objects.get(event_solution="结算平台")
    if role in {CSAM, LEAD, CUSTOMER}:
        risk = EventRisk.objects.get(booking=event)
        starts += [
            reverse("scheduling:event-plan", args=[event.pk]),
            reverse("scheduling:event-act", args=["settle", risk.pk]),
            reverse("customer-reviews", args=[event.customer_id]),
        ]
    if role in {CSAM, LEAD}:
        now = timezone.now()
        blue_lake = Customer.objects.get(name="蓝湖制造").work_orders
        order = blue_lake.get(executed_at=None)
        ended = blue_lake.get(terminated_on__isnull=False)
        ahead = Booking.objects.standing().filter(starts_at__gt=now + timedelta(days=1)).first()
        taught = Workshop.objects.filter(booking__in=Booking.objects.standing()).latest("pk")
        asked = ServiceRequest.objects.waiting().first()
        broken = Incident.objects.filter(closed_at=None).first()
        starts += [
            reverse("workorders:order-edit", args=[order.pk]),
            reverse("workorders:order-execute", args=[order.pk]),
            reverse("workorders:order-delete", args=[order.pk]),
            reverse("workorders:order-draft"),
            reverse("workorders:order-ended", args=[ended.pk]),
            reverse("scheduling:request-detail", args=[asked.pk]),
            reverse("scheduling:booking-move", args=[ahead.pk]),
            reverse("scheduling:booking-deliver", args=[ahead.pk]),
            reverse("scheduling:workshop-sheet", args=[taught.pk, "seats"]),
            reverse("scheduling:event-confirm", args=[event.pk]),
            reverse("scheduling:event-act", args=["risk", event.pk]),
            reverse("scheduling:event-act", args=["without-resources", event.pk]),
            reverse("accounts:assignment-list", args=[order.customer_id]),
            reverse("accounts:person-list"),
            reverse("accounts:invitation-create"),
            reverse("incidents:incident-ask", args=[broken.pk]),
            reverse("scheduling:series-detail", args=[Series.objects.first().pk]),
            reverse("scheduling:series-cancel", args=[Series.objects.first().pk]),
        ]
    if role == LEAD:
        starts.append(reverse("accounts:customer-create"))
    if role == SYSTEM:
        starts.append(reverse("operations"))
    if role == CATALOGUE:
        starts.append(reverse("edition-compare", args=[Edition.objects.get().code]))
    return starts


@pytest.fixture(scope="module")
def walks(portfolio) -> dict[str, Walk]:
    """What each role reads."""
    allowed = typed()
    return {
        role: Walk(client_of(role), starts_of(role), allowed, of_each)
        for role, of_each in READERS.items()
    }


@pytest.mark.parametrize("role", READERS)
def test_no_page_holds_english_or_half_width_punctuation(role, walks):
    assert walks[role].faults == {}


def test_the_walks_read_every_page(walks):
    read = set().union(*(walk.names for walk in walks.values()))
    assert {name for name in address_names() if not UNREAD.match(name)} - read == set()


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/nothing-here/",
        "/accounts/password/reset/key/done/",
        "/accounts/signup/",
        "/accounts/inactive/",
        "/no/such/page/",
    ],
)
def test_a_visitor_reads_chinese(path):
    answer = Client(headers={"accept-language": "zh-CN,zh;q=0.9"}).get(path)
    texts = Reader(answer.content.decode()).texts
    assert answer.status_code in {200, 404}
    assert faults(texts, typed()) == []
    assert "支持门户" in " ".join(texts)


# What templates of the administration don't put through gettext; nor do they colons.
OF_DJANGO = {"Search", "True", "False"}
# The catalogue's own texts stand in the administration in every language.
CONTENT = {
    "catalog.Edition": ("title_en",),
    "catalog.Offering": ("name_en", "former_name_en", "summary_en", "code", "subcategory"),
    "catalog.Condition": ("text_en",),
    "catalog.Clause": ("title_en", "rule_en"),
    "catalog.Term": ("name_en", "code"),
    "catalog.Limit": ("code",),
}


@pytest.mark.parametrize("model", ["edition", "offering", "clause", "creditvalue", "availability"])
@pytest.mark.parametrize("page", ["changelist", "add", "change", "delete"])
def test_the_catalogue_is_administered_in_chinese(model, page, portfolio):
    client, allowed = client_of(CATALOGUE), typed({**TYPED, **CONTENT})
    one = next(row for row in admin.site._registry if row._meta.model_name == model)
    args = [] if page in {"changelist", "add"} else [one.objects.order_by("pk").first().pk]
    answer = client.get(reverse(f"admin:catalog_{model}_{page}", args=args))
    if answer.status_code == 403:
        pytest.skip("may not be done")
    texts = Reader(answer.content.decode()).texts
    assert answer.status_code == 200
    spoken = {re.sub(r"\[(?:en|zh-hans)\]|\[.*\]", "", text) for text in texts}
    assert {text for text in spoken if is_english(text, allowed)} <= OF_DJANGO


def test_every_text_is_translated_and_compiled():
    assert messages.problems() == ""


def test_no_translation_is_left_in_english():
    texts = polib.pofile(str(messages.catalogue_path("zh_Hans")))
    same = {entry.msgid for entry in texts if entry.msgstr == entry.msgid}
    assert {
        text for text in same if re.search(r"[a-z]{2}", re.sub(r"%\(\w+\)s|{\w+}", "", text))
    } == {
        "Microsoft",
        "Azure Government",
    }


def test_names_of_people_and_places_stand_apart_from_chinese_characters():
    name = r"(?:%\((?:customer|name|who|place|location|home|target|inviter)\)s|\{location\})"
    beside = re.compile(rf"[\u4e00-\u9fff]{name}|{name}[\u4e00-\u9fff]")
    texts = polib.pofile(str(messages.catalogue_path("zh_Hans")))
    written = [text for one in texts for text in (one.msgstr, *one.msgstr_plural.values())]
    assert [text for text in written if beside.search(text)] == []
