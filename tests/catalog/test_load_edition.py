"""Loading an edition: as a draft, once, and with the wrong field named."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.rules.refusal import Refused
from services.catalog import actions, editions
from services.catalog.models import (
    CancellationTier,
    Clause,
    Condition,
    CreditValue,
    Edition,
    Limit,
    Offering,
    Term,
)
from tests import factories
from workorders.models import WorkOrder, WorkOrderLine

pytestmark = pytest.mark.django_db


def test_the_shipped_edition_becomes_a_draft_with_all_its_rows():
    edition = actions.load_edition(factories.edition_data())
    assert (edition.code, edition.state) == ("2024-09", Edition.State.DRAFT)
    assert edition.title_zh_hans == "统一企业支持服务，2024 年 9 月版"
    assert Offering.objects.filter(edition=edition).count() == 47
    assert Clause.objects.filter(edition=edition).count() == 480
    assert Term.objects.filter(edition=edition).count() == 26
    assert CancellationTier.objects.filter(edition=edition).count() == 3
    assert not Condition.objects.filter(Q(text_en="") | Q(text_zh_hans="")).exists()
    assert Limit.objects.get(offering__code="chalk-talks").value == 1


def test_an_offering_keeps_its_names_and_codes():
    actions.load_edition(factories.edition_data())
    event = Offering.objects.get(code="azure-event-mcs")
    assert event.name_zh_hans == "Azure 事件的关键任务服务"
    assert event.former_name_en == "Microsoft Azure Event Management (AEM)"
    assert event.abbreviation == "AEM"
    assert (event.co_termination, event.request_deadline) == ("with_base", "rule_6w")
    assert Offering.objects.get(code="mcsap").co_termination == "suspended"
    assert Offering.objects.get(code="webcasts").onsite_barred
    assert not Offering.objects.get(code="workshops").onsite_barred
    member = Offering.objects.get(code="devops-capability-assessment")
    assert member.parent.code == "development-focused-services"


def test_loading_twice_changes_nothing():
    first = actions.load_edition(factories.edition_data())
    rows = list(Offering.objects.order_by("pk").values())
    again = actions.load_edition(factories.edition_data())
    assert again == first
    assert list(Offering.objects.order_by("pk").values()) == rows


def test_other_content_replaces_a_draft():
    factories.draft_edition()
    data = factories.small_edition_data("workshops")
    data["edition"]["title_en"] = "Another title"
    edition = actions.load_edition(data)
    assert edition.title_en == "Another title"
    assert [row.code for row in Offering.objects.all()] == ["workshops"]
    assert Edition.objects.count() == 1


def test_a_draft_that_something_refers_to_is_not_replaced():
    edition = factories.draft_edition()
    order = WorkOrder.objects.create(
        number="WO-1",
        customer=factories.customer(),
        edition=edition,
        currency="EUR",
        starts_on=factories.NOW.date(),
        ends_on=factories.NOW.date(),
        created_at=factories.NOW,
        created_by=factories.user(),
    )
    WorkOrderLine.objects.create(
        order=order,
        offering=factories.offering("workshops", edition),
        unit="each",
        funding="money",
    )
    with pytest.raises(Refused) as refused:
        actions.load_edition(factories.small_edition_data("advisory-support"))
    assert refused.value.code == "edition_in_use"
    assert Offering.objects.count() == 3


def test_other_content_under_a_published_code_is_refused():
    factories.published_edition(factories.small_edition_data())
    data = factories.small_edition_data("workshops")
    with pytest.raises(Refused) as refused:
        actions.load_edition(data)
    assert (refused.value.code, refused.value.clauses) == ("edition_frozen", ("1-A1",))
    assert Offering.objects.count() == 3


def test_the_same_content_under_a_published_code_is_welcome():
    published = factories.published_edition(factories.small_edition_data())
    assert actions.load_edition(factories.small_edition_data()) == published
    assert Edition.objects.published().get() == published


# Path of what to change → new value (or a way to drop it), the field that is named.
DROP = object()
WRONG = [
    (("edition",), "2024-09", "edition"),
    (("edition", "code"), "no blanks", "edition.code"),
    (("edition", "code"), DROP, "edition.code"),
    (("edition", "code"), 7, "edition.code"),
    (("edition", "title_zh"), " ", "edition.title_zh"),
    (("edition", "effective_on"), "next week", "edition.effective_on"),
    (("edition", "colour"), "blue", "edition.colour"),
    (("offers",), [], "offers"),
    (("offerings",), DROP, "offerings"),
    (("offerings",), {}, "offerings"),
    (("offerings", 0), "workshops", "offerings[0]"),
    (("offerings", 0, "mark"), "golden", "offerings[0].mark"),
    (("offerings", 0, "flex"), DROP, "offerings[0].flex"),
    (("offerings", 0, "table"), "six", "offerings[0].table"),
    (("offerings", 0, "table"), True, "offerings[0].table"),
    (("offerings", 0, "is_group"), "perhaps", "offerings[0].is_group"),
    (("offerings", 0, "delivery_modes"), ["drone"], "offerings[0].delivery_modes"),
    (("offerings", 0, "delivery_modes"), "remote", "offerings[0].delivery_modes"),
    (("offerings", 0, "delivery_modes"), ["remote", "remote"], "offerings[0].delivery_modes"),
    (("offerings", 0, "languages"), [1], "offerings[0].languages[0]"),
    (("offerings", 0, "unit_of_sale"), "dozen", "offerings[0].unit_of_sale"),
    (("offerings", 0, "co_termination"), "sometimes", "offerings[0].co_termination"),
    (("offerings", 0, "co_termination"), [], "offerings[0].co_termination"),
    (("offerings", 0, "name_zh"), "x" * 200, "offerings[0].name_zh"),
    (("offerings", 0, "summary_en"), DROP, "offerings[0].summary_en"),
    (("offerings", 0, "sumary_en"), "typo", "offerings[0].sumary_en"),
    (("offerings", 0, "clauses"), ["9.9-Z9"], "offerings[0].clauses[0]"),
    (("offerings", 0, "clauses"), [["2.3-P1"]], "offerings[0].clauses[0]"),
    (("offerings", 0, "parent"), "nobody", "offerings[0].parent"),
    (("offerings", 0, "parent"), "workshops", "offerings[0].parent"),
    (("offerings", 0, "includes"), ["nothing"], "offerings[0].includes"),
    (("offerings", 0, "conditions", 0, "kind"), "wish", "offerings[0].conditions[0].kind"),
    (("offerings", 0, "limits", 0, "value"), {"a": 1}, "offerings[0].limits[0].value"),
    (("offerings", 0, "limits", 0, "value"), 1.5, "offerings[0].limits[0].value"),
    (("offerings", 0, "limits", 1, "code"), "min_enrolment", "offerings[0].limits[1]"),
    (("offerings", 1, "code"), "workshops", "offerings[1]"),
    (("terms", 0, "code"), "luck", "terms[0].code"),
    (("terms", 0, "unit"), "days", "terms[0].unit"),
    (("terms", 0, "value"), 101, "terms[0].value"),
    (("terms", 0, "value"), "20", "terms[0].value"),
    (("terms", 1, "code"), "flex_capped_percent", "terms[1].unit"),
    (("cancellation_tiers", 0, "percent"), -1, "cancellation_tiers[0].percent"),
    (("clauses", 0, "title_zh"), DROP, "clauses[0].title_zh"),
    (("clauses", 1, "id"), "1-A1", "clauses[1]"),
    (("readings",), DROP, "readings"),
    (("credit_values",), [{"country": "Germany"}], "credit_values[0].currency"),
]


@pytest.mark.parametrize(("path", "value", "field"), WRONG)
def test_a_wrong_entry_is_refused_by_name_and_nothing_is_written(path, value, field):
    data = factories.small_edition_data()
    place = data
    for step in path[:-1]:
        place = place[step]
    if value is DROP:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    with pytest.raises(Refused) as refused:
        actions.load_edition(data)
    assert refused.value.code in {"field_invalid", "field_unknown"}
    assert refused.value.field == field
    assert refused.value.figures["where"] == field
    assert refused.value.figures["problem"]
    assert Edition.objects.count() == 0


def test_a_code_stands_once_in_each_section():
    data = factories.small_edition_data()
    data["terms"][1] = dict(data["terms"][0])
    with pytest.raises(Refused) as refused:
        actions.load_edition(data)
    assert refused.value.field == "terms[1]"


def test_credit_values_of_a_file_are_entered_and_kept():
    row = {"country": "DE", "currency": "EUR", "valid_from": "2026-01-01", "value_minor": 42_000}
    data = factories.small_edition_data()
    data["credit_values"] = [row]
    actions.load_edition(data)
    data["edition"]["title_en"] = "Again"
    data["credit_values"] = [{**row, "value_minor": 1}]
    actions.load_edition(data)
    assert [value.value_minor for value in CreditValue.objects.all()] == [42_000]


# --- files ----------------------------------------------------------------------------------


def read_text(tmp_path, text: str) -> editions.EditionFile:
    """Read a file with `text`."""
    path = tmp_path / "edition.yaml"
    path.write_text(text)
    return editions.read(path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("edition:\n  code: [2024\n", 3),
        ("edition: {}\nterms: 'open\n", 3),
        ("terms: []\nterms: []\n", 2),
        ("- a\n- b\n", 1),
        ("", 1),
        ("a: !!python/object:os.system {}\n", 1),
        ("edition:\n\tcode: x\n", 2),
        ("a: 2024-13-45\n", 1),
    ],
)
def test_broken_yaml_is_refused_with_its_line(tmp_path, text, line):
    with pytest.raises(Refused) as refused:
        read_text(tmp_path, text)
    assert (refused.value.code, refused.value.figures["line"]) == ("file_broken", line)
    assert refused.value.figures["problem"]


def test_what_is_no_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for name in ("binary.yaml", "nowhere.yaml", "."):
        with pytest.raises(Refused) as refused:
            editions.read(tmp_path / name)
        assert refused.value.code == "file_broken"


def test_a_bottomless_file_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        read_text(tmp_path, "a: " + "[" * 100_000)
    assert refused.value.code == "file_broken"


def test_a_huge_file_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        read_text(tmp_path, "a: " + "x" * editions.LARGEST)
    assert refused.value.code == "file_broken"


def test_the_register_is_found_beside_the_file_or_among_the_shipped_ones(tmp_path):
    alone = read_text(tmp_path, "register: 2024-09.clauses.yaml\n")
    assert len(alone.data["clauses"]) == 418
    (tmp_path / "2024-09.clauses.yaml").write_text("clauses: []\n")
    assert read_text(tmp_path, "register: 2024-09.clauses.yaml\n").data == {"clauses": []}


@pytest.mark.parametrize("register", ["../secret.yaml", "/etc/passwd", "7", "[a]"])
def test_the_register_is_never_looked_for_elsewhere(tmp_path, register):
    with pytest.raises(Refused) as refused:
        read_text(tmp_path, f"register: {register}\n")
    assert refused.value.field == "register"


def test_a_section_of_both_files_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        read_text(tmp_path, "register: 2024-09.clauses.yaml\nclauses: []\n")
    assert refused.value.field == "clauses"


def test_a_wrong_field_is_found_in_its_file(tmp_path):
    file = read_text(
        tmp_path,
        "register: 2024-09.clauses.yaml\nofferings:\n  - code: a\n    mark: b\n  - code: c\n",
    )
    assert file.place_of("offerings[0].mark") == ("edition.yaml", 4)
    assert file.place_of("offerings[1].flex") == ("edition.yaml", 5)
    assert file.place_of("offerings[7]") == ("edition.yaml", 2)
    assert file.place_of("clauses[0].title_en") == ("2024-09.clauses.yaml", 6)
    assert file.place_of("nowhere") is None


# --- constraints ----------------------------------------------------------------------------


def broken(make) -> str:
    """The constraint that `make` breaks."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    return str(error.value)


def test_an_edition_keeps_each_code_once():
    edition = factories.draft_edition()
    workshops = factories.offering("workshops", edition)
    common = {"edition": edition, "clauses": []}
    for make in (
        lambda: Edition.objects.create(code="small", effective_on="2026-01-01"),
        lambda: Term.objects.create(code="event_max_days", value=1, unit="days", **common),
        lambda: Clause.objects.create(code="1-A1", title="t", rule="r", **common),
        lambda: CancellationTier.objects.create(min_lead_days=14, percent=0, **common),
        lambda: CancellationTier.objects.create(min_lead_days=None, percent=0, **common),
        lambda: Offering.objects.create(code="workshops", name="n", table=1, **common),
        lambda: Limit.objects.create(offering=workshops, code="recording"),
    ):
        assert "unique" in broken(make).lower()


def test_numbers_stay_in_their_range():
    edition = factories.draft_edition()
    terms = Term.objects.filter(edition=edition, code="event_max_days")
    tiers = CancellationTier.objects.filter(edition=edition, percent=0)
    assert "term_not_negative" in broken(lambda: terms.update(value=-1))
    assert "tier_at_most_all" in broken(lambda: tiers.update(percent=101))


def test_one_edition_is_published_and_has_its_moment():
    factories.published_edition(factories.small_edition_data())
    draft = Edition.objects.filter(pk=factories.draft_edition(code="next").pk)
    unique = lambda: draft.update(state="published", published_at=factories.NOW)  # noqa: E731
    assert "unique" in broken(unique).lower()
    moment = "edition_published_has_its_instant"
    assert moment in broken(lambda: draft.update(published_at=factories.NOW))
    assert moment in broken(lambda: draft.update(state="superseded"))


def test_people_enter_one_positive_value_per_country_and_day():
    row = {"country": "DE", "currency": "EUR", "valid_from": "2026-01-01"}
    CreditValue.objects.create(value_minor=1, **row)
    assert "unique" in broken(lambda: CreditValue.objects.create(value_minor=2, **row)).lower()
    values = CreditValue.objects.all()
    assert "credit_value_positive" in broken(lambda: values.update(value_minor=0))
