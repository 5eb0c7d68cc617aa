from dataclasses import fields

import pytest

from services.catalog.rules.terms import TERM_SPECS, CancellationTier, Terms, terms_from
from ussd_portal.conformance.edition import shipped_edition

TIERS = (
    CancellationTier(14, 0, "2.7-T17"),
    CancellationTier(6, 50, "2.7-T18"),
    CancellationTier(None, 100, "2.7-T19"),
)


def values(**changed: object) -> dict[str, object]:
    """The lowest value of every term, with changes."""
    lowest = {spec.code: spec.low for spec in TERM_SPECS}
    return lowest | changed


@pytest.mark.clause(
    "2.2-F3", "2.2-F8", "2.8-C20", "2.4-AP5", "2.4-AP9", "2.4-AP10", "2.4-AP29", "2.4-AP35",
    "2.4-AE10", "2.4-AE13", "2.3-MA5", "2.5-UE15", "A-BS21",
)  # fmt: skip
def test_the_shipped_edition_has_the_figures_of_the_description():
    terms = shipped_edition().terms
    assert (terms.flex.capped_percent, terms.flex.capped_floor_usd_minor) == (20, 5_000_000)
    assert terms.flex.period_months == 12
    assert terms.request.cutoff_days == 60
    assert (terms.mcsap.intake_days, terms.mcsap.onboarding_days) == (14, 60)
    assert (terms.mcsap.material_days, terms.mcsap.monitors_ready_days) == (30, 30)
    assert terms.mcsap.plus_min_spend_usd_minor == 6_000_000_000
    assert (terms.mcsap.scenarios_max, terms.mcsap.telemetry_services) == (7, 30)
    assert (terms.mcsap.sips_max, terms.mcsap.sip_window_months) == (2, 12)
    assert (terms.mcsap.rca_request_days, terms.mcsap.rca_due_business_days) == (7, 10)
    assert (terms.uer.onboarding_days, terms.uer.meeting_months) == (60, 3)
    assert terms.github.review_months == 3
    assert (terms.event.max_days, terms.event.notice_weeks, terms.event.solutions_max) == (5, 6, 1)
    assert (terms.assessment.max_days_onsite, terms.assessment.max_days_remote) == (2, 1)
    assert terms.education.chalk_talk_days == 1
    assert (terms.business_hours.opens_minute, terms.business_hours.closes_minute) == (540, 1050)
    assert terms.cancellation.tiers == TIERS


def test_each_number_of_the_terms_has_one_code():
    places = [spec.field for spec in TERM_SPECS]
    assert len(set(places)) == len(places)
    assert len({spec.code for spec in TERM_SPECS}) == len(TERM_SPECS)
    named = {
        f"{group.name}.{number.name}"
        for group in fields(Terms)
        if group.name not in {"cancellation", "readings"}
        for number in fields(group.type)
        if number.type is int
    }
    assert named == set(places)


@pytest.mark.parametrize("spec", TERM_SPECS, ids=lambda spec: spec.code)
def test_a_term_out_of_its_range_is_named(spec):
    for wrong in (spec.low - 1, spec.high + 1, "60", 1.5, True, None):
        with pytest.raises(ValueError, match=spec.code):
            terms_from(values(**{spec.code: wrong}), TIERS)


def test_a_missing_and_an_unknown_term_are_named():
    lacking = values()
    del lacking["request_cutoff_days"]
    with pytest.raises(ValueError, match="missing: request_cutoff_days"):
        terms_from(lacking, TIERS)
    with pytest.raises(ValueError, match="no such terms: discount_percent"):
        terms_from(values(discount_percent=5), TIERS)


def test_business_hours_end_after_they_begin():
    with pytest.raises(ValueError, match="business_opens_minute"):
        terms_from(values(business_opens_minute=600, business_closes_minute=600), TIERS)


@pytest.mark.clause("2.7-T17", "2.7-T18", "2.7-T19")
@pytest.mark.parametrize(
    ("lead", "percent"), [(15, 0), (14, 0), (13, 50), (6, 50), (5, 100), (0, 100), (-3, 100)]
)
def test_both_ends_of_a_band_belong_to_it(lead, percent):
    scale = terms_from(values(), reversed(TIERS)).cancellation
    assert scale.tier_for(lead).percent == percent


@pytest.mark.parametrize(
    ("tiers", "problem"),
    [
        (TIERS[:2], "no band for the shortest leads"),
        ((), "no band for the shortest leads"),
        ((*TIERS, CancellationTier(6, 60, "2.7-T18")), "same lead"),
        ((*TIERS, CancellationTier(None, 90, "2.7-T19")), "same lead"),
        ((CancellationTier(3, 101, "x"), TIERS[2]), "between 0 and 100"),
        ((CancellationTier(14, 60, "x"), *TIERS[1:]), "longer lead costs more"),
    ],
)
def test_a_scale_with_a_gap_or_a_contradiction_is_no_scale(tiers, problem):
    with pytest.raises(ValueError, match=problem):
        terms_from(values(), tiers)


@pytest.mark.clause("1-A1")
def test_another_edition_may_have_other_figures():
    terms = terms_from(values(request_cutoff_days=90), [CancellationTier(None, 25, "2.7-T19")])
    assert terms.request.cutoff_days == 90
    assert terms.cancellation.tier_for(400).percent == 25
