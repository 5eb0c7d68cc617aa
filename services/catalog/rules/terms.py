"""The numbers of the contract as typed values of an edition.

An edition keeps its terms as rows (code, value, unit, clauses) and the bands of the
cancellation scale as rows of their own; `terms_from` turns them into the frozen values
that the rules take. Nothing here knows a number of the contract: 2024-09's are in the
edition's file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from services.catalog.rules.readings import (
    RECOMMENDED,
    FirstDays,
    OnboardingLimit,
    Readings,
)


@dataclass(frozen=True, slots=True)
class FlexTerms:
    """The shared ceiling on flex spent for proactive credits and custom proactive services.

    Clause: 2.2-F3, 2.2-F8
    """

    capped_percent: int
    """Percent of the annual allotment (2.2-F3)."""
    capped_floor_usd_minor: int
    """The fixed alternative in US cents; the higher of the two applies (2.2-F3, 2.2-F8)."""
    period_months: int
    """Months of an annual period, counted from the start of the order (2.2-F4)."""


@dataclass(frozen=True, slots=True)
class CancellationTier:
    """One band of the cancellation scale."""

    min_lead_days: int | None
    """The least lead in calendar days that falls in the band; None: every shorter lead."""
    percent: int
    """Percent of the fee that stays due."""
    clause: str


@dataclass(frozen=True, slots=True)
class CancellationTerms:
    """The cancellation scale, longest lead first; the last band has no least lead.

    Clause: 2.7-T17, 2.7-T18, 2.7-T19
    """

    tiers: tuple[CancellationTier, ...]

    def tier_for(self, lead_days: int) -> CancellationTier:
        """The band of a lead in whole calendar days; both ends of a band belong to it.

        Clause: 2.7-T17, 2.7-T18, 2.7-T19
        """
        return next(
            tier
            for tier in self.tiers
            if tier.min_lead_days is None or lead_days >= tier.min_lead_days
        )


@dataclass(frozen=True, slots=True)
class RequestTerms:
    """The cut-off for requests of proactive services and enhanced solutions.

    Clause: 2.8-C20
    """

    cutoff_days: int
    """Calendar days before the work order's last day in force (2.8-C20)."""


@dataclass(frozen=True, slots=True)
class McsapTerms:
    """The figures of MCSAP and MCSAP Plus."""

    intake_days: int
    """Calendar days from execution to the complete intake document (2.4-AP10)."""
    onboarding_days: int
    """First calendar days of the term, the start being day 1 (2.4-AP9)."""
    material_days: int
    """Plus: calendar days from execution to the customer's material (2.4-AP38)."""
    monitors_ready_days: int
    """Plus: calendar days from the end of onboarding to testable monitors (2.4-AP39)."""
    plus_min_spend_usd_minor: int
    """Plus: least assessed product spend at execution in US cents, inclusive (2.4-AP5)."""
    scenarios_max: int
    """Plus: most monitoring scenarios at a time (2.4-AP35)."""
    telemetry_services: int
    """Plus: Azure services whose telemetry feeds the monitors (2.4-AP33)."""
    sips_max: int
    """Most service improvement plans requested in the rolling window (2.4-AP29)."""
    sip_window_months: int
    """Months of that window (2.4-AP29)."""
    rca_request_days: int
    """Calendar days from closure in which a root cause analysis can be asked for (2.4-AP23)."""
    rca_due_business_days: int
    """Business days from request or mitigation to its delivery (2.4-AP27)."""
    first_days: FirstDays = "start_is_day_one"
    """How the first days of the term are counted (0-C3)."""
    onboarding_limit: OnboardingLimit = "general_limit"
    """When they are for onboarding alone (2.4-AP12, X-33)."""


@dataclass(frozen=True, slots=True)
class UerTerms:
    """The figures of Unified Enhanced Response."""

    onboarding_days: int
    """First calendar days from the line's own start (2.5-UE15)."""
    meeting_months: int
    """Months from one meeting with the team to the next (2.5-UE20)."""
    first_days: FirstDays = "start_is_day_one"
    """How the first days are counted (0-C3)."""


@dataclass(frozen=True, slots=True)
class GithubTerms:
    """The figures of GitHub Engineering Direct."""

    review_months: int
    """Months from one review to the next (2.5-GH2)."""


@dataclass(frozen=True, slots=True)
class EventTerms:
    """The figures of the Azure event service."""

    max_days: int
    """Consecutive calendar days of one event (2.4-AE10)."""
    notice_weeks: int
    """Calendar weeks of written notice before the activity (2.4-AE13)."""
    solutions_max: int
    """Azure solutions that one event covers (2.4-AE7)."""


@dataclass(frozen=True, slots=True)
class AssessmentTerms:
    """The figures of the paid help with on-demand assessments."""

    max_days_onsite: int
    """Most days at the customer's site (2.3-MA5)."""
    max_days_remote: int
    """Most days remotely, as the alternative (2.3-MA5)."""


@dataclass(frozen=True, slots=True)
class EducationTerms:
    """The figures of education services."""

    chalk_talk_days: int
    """Usual days of a chalk-talk; a default, no limit (2.3-TR6)."""


@dataclass(frozen=True, slots=True)
class BusinessHoursTerms:
    """Standard business hours, where a location has none of its own."""

    opens_minute: int
    """Minute of the local day at which they begin, inclusive (0-C6, A-BS21)."""
    closes_minute: int
    """Minute of the local day at which they end, exclusive (0-C6, A-BS21)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """All numbers of an edition, except the severity charts."""

    flex: FlexTerms
    cancellation: CancellationTerms
    request: RequestTerms
    mcsap: McsapTerms
    uer: UerTerms
    github: GithubTerms
    event: EventTerms
    assessment: AssessmentTerms
    education: EducationTerms
    business_hours: BusinessHoursTerms
    readings: Readings = RECOMMENDED


@dataclass(frozen=True, slots=True)
class TermSpec:
    """A known term: code, unit, clauses, place in `Terms`, range with both ends included."""

    code: str
    unit: str
    clauses: tuple[str, ...]
    field: str
    low: int
    high: int


def _specs() -> Iterator[TermSpec]:
    rows = (
        ("flex_capped_percent", "flex.capped_percent", "percent", 0, 100, "2.2-F3"),
        ("flex_capped_floor_usd", "flex.capped_floor_usd_minor", "usd_minor", 0, 10**15, "2.2-F8"),
        ("flex_period_months", "flex.period_months", "months", 1, 120, "2.2-F4"),
        ("request_cutoff_days", "request.cutoff_days", "days", 0, 366, "2.8-C20"),
        ("mcsap_intake_days", "mcsap.intake_days", "days", 0, 366, "2.4-AP10"),
        ("mcsap_onboarding_days", "mcsap.onboarding_days", "days", 1, 366, "2.4-AP9"),
        ("mcsap_material_days", "mcsap.material_days", "days", 0, 366, "2.4-AP38"),
        ("mcsap_monitors_ready_days", "mcsap.monitors_ready_days", "days", 0, 366, "2.4-AP39"),
        ("mcsap_plus_min_spend_usd", "mcsap.plus_min_spend_usd_minor", "usd_minor", 0, 10**15,
         "2.4-AP5"),
        ("mcsap_scenarios_max", "mcsap.scenarios_max", "count", 0, 1000, "2.4-AP35"),
        ("mcsap_telemetry_services", "mcsap.telemetry_services", "count", 0, 1000, "2.4-AP33"),
        ("mcsap_sips_max", "mcsap.sips_max", "count", 1, 1000, "2.4-AP29"),
        ("mcsap_sip_window_months", "mcsap.sip_window_months", "months", 1, 120, "2.4-AP29"),
        ("mcsap_rca_request_days", "mcsap.rca_request_days", "days", 0, 366, "2.4-AP23"),
        ("mcsap_rca_due_business_days", "mcsap.rca_due_business_days", "business_days", 1, 260,
         "2.4-AP27"),
        ("uer_onboarding_days", "uer.onboarding_days", "days", 1, 366, "2.5-UE15"),
        ("uer_meeting_months", "uer.meeting_months", "months", 1, 12, "2.5-UE20"),
        ("github_review_months", "github.review_months", "months", 1, 12, "2.5-GH2"),
        ("event_max_days", "event.max_days", "days", 1, 366, "2.4-AE10"),
        ("event_notice_weeks", "event.notice_weeks", "weeks", 0, 52, "2.4-AE13"),
        ("event_solutions_max", "event.solutions_max", "count", 1, 100, "2.4-AE7"),
        ("assessment_max_days_onsite", "assessment.max_days_onsite", "days", 0, 366, "2.3-MA5"),
        ("assessment_max_days_remote", "assessment.max_days_remote", "days", 0, 366, "2.3-MA5"),
        ("chalk_talk_days", "education.chalk_talk_days", "days", 1, 366, "2.3-TR6"),
        ("business_opens_minute", "business_hours.opens_minute", "minute_of_day", 0, 1439,
         "A-BS21"),
        ("business_closes_minute", "business_hours.closes_minute", "minute_of_day", 1, 1440,
         "A-BS21"),
    )  # fmt: skip
    for code, field, unit, low, high, clause in rows:
        yield TermSpec(code, unit, (clause,), field, low, high)


TERM_SPECS: tuple[TermSpec, ...] = tuple(_specs())


class BadTerms(ValueError):
    """What is wrong with the numbers of an edition: a code, its figures, and a sentence."""

    def __init__(self, code: str, sentence: str, **figures: object) -> None:
        super().__init__(sentence.format(**figures))
        self.code = code
        self.figures = figures


def terms_from(
    values: Mapping[str, int],
    tiers: Iterable[CancellationTier],
    readings: Readings = RECOMMENDED,
) -> Terms:
    """The terms of an edition from its rows by code, the bands of its scale, its readings.

    Raises `BadTerms`, a `ValueError`, naming the code when a term is missing, unknown, no whole number
    or out of its range, and when the bands leave a gap, repeat a lead, or when a longer
    lead costs more than a shorter one.

    Clause: 1-A1
    """
    _check_codes(values)
    groups: dict[str, dict[str, int]] = {}
    for spec in TERM_SPECS:
        group, name = spec.field.split(".")
        groups.setdefault(group, {})[name] = _in_range(spec, values[spec.code])
    if groups["business_hours"]["opens_minute"] >= groups["business_hours"]["closes_minute"]:
        raise BadTerms("opens_late", "business_opens_minute is not before business_closes_minute")
    return Terms(
        flex=FlexTerms(**groups["flex"]),
        cancellation=_scale(tiers),
        request=RequestTerms(**groups["request"]),
        mcsap=McsapTerms(
            **groups["mcsap"],
            first_days=readings.first_days,
            onboarding_limit=readings.onboarding_limit,
        ),
        uer=UerTerms(**groups["uer"], first_days=readings.first_days),
        github=GithubTerms(**groups["github"]),
        event=EventTerms(**groups["event"]),
        assessment=AssessmentTerms(**groups["assessment"]),
        education=EducationTerms(**groups["education"]),
        business_hours=BusinessHoursTerms(**groups["business_hours"]),
        readings=readings,
    )


def _check_codes(values: Mapping[str, int]) -> None:
    known = [spec.code for spec in TERM_SPECS]
    missing = [code for code in known if code not in values]
    unknown = [str(code) for code in values if code not in known]
    if missing:
        raise BadTerms("missing", "terms are missing: {codes}", codes=", ".join(missing))
    if unknown:
        raise BadTerms("unknown", "no such terms: {codes}", codes=", ".join(unknown))


def _in_range(spec: TermSpec, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadTerms(
            "no_number", "{term} is a whole number, not {value!r}", term=spec.code, value=value
        )
    if not spec.low <= value <= spec.high:
        raise BadTerms(
            "out_of_range",
            "{term} lies between {low} and {high}, not {value}",
            term=spec.code,
            low=spec.low,
            high=spec.high,
            value=value,
        )
    return value


def _scale(tiers: Iterable[CancellationTier]) -> CancellationTerms:
    """The bands, longest lead first, the one without a least lead last."""
    ordered = sorted(
        tiers,
        key=lambda tier: (tier.min_lead_days is None, -(tier.min_lead_days or 0)),
    )
    leads = [tier.min_lead_days for tier in ordered]
    if None not in leads:
        raise BadTerms(
            "no_shortest", "cancellation_tiers: no band for the shortest leads (min_lead_days null)"
        )
    if len(set(leads)) != len(leads):
        raise BadTerms("same_lead", "cancellation_tiers: two bands begin at the same lead")
    percents = [tier.percent for tier in ordered]
    if any(not 0 <= percent <= 100 for percent in percents):
        raise BadTerms("percent", "cancellation_tiers: a percent lies between 0 and 100")
    if any(longer > shorter for longer, shorter in pairwise(percents)):
        raise BadTerms(
            "longer_costs_more", "cancellation_tiers: a longer lead costs more than a shorter one"
        )
    return CancellationTerms(tuple(ordered))
