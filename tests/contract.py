"""Values of the contract for tests of rules: terms as in edition 2024-09, offerings to vary."""

from dataclasses import replace

from accounts.rules.money import Money
from services.catalog.rules.offering import OfferingFacts
from services.catalog.rules.terms import (
    AssessmentTerms,
    FlexTerms,
    McsapTerms,
    RequestTerms,
    UerTerms,
)
from workorders.rules.locations import SupportLocation

FLEX = FlexTerms(capped_percent=20, capped_floor_usd_minor=5_000_000, period_months=12)
REQUEST = RequestTerms(cutoff_days=60)
MCSAP = McsapTerms(
    intake_days=14,
    onboarding_days=60,
    material_days=30,
    monitors_ready_days=30,
    plus_min_spend_usd_minor=6_000_000_000,
    scenarios_max=7,
    telemetry_services=30,
    sips_max=2,
    sip_window_months=12,
    rca_request_days=7,
    rca_due_business_days=10,
)
UER = UerTerms(onboarding_days=60, meeting_months=3)
ASSESSMENT = AssessmentTerms(max_days_onsite=2, max_days_remote=1)

WORKSHOPS = OfferingFacts(
    code="workshops",
    category="education",
    mark="additional",
    flex="yes",
    delivery_modes=("onsite", "online"),
    languages=("provider_location", "en"),
    request_deadline="rule_60",
)
CHALK_TALKS = replace(WORKSHOPS, code="chalk-talks")
BRIEFINGS = replace(
    WORKSHOPS, code="technical-update-briefings", onsite=False, clauses=("2.3-TR5",)
)
CUSTOM = replace(
    WORKSHOPS,
    code="custom-proactive-services",
    category="other_proactive",
    subcategory="custom",
    flex="capped",
)
CREDITS = OfferingFacts(
    code="proactive-credits", category="proactive_credits", mark="additional", flex="capped"
)
EDUCATION = OfferingFacts(code="on-demand-education", category="education", mark="included")
SUCCESS = OfferingFacts(
    code="success-management-services", category="success_management", mark="included"
)
INCIDENTS = OfferingFacts(
    code="problem-resolution-support",
    category="reactive",
    mark="included",
    onsite=False,
    languages=("en", "local_if_available"),
    location_constraint="all_locations",
)
RCA = OfferingFacts(
    code="root-cause-analysis", category="reactive", mark="additional", flex="yes", onsite=False
)
DE = replace(
    WORKSHOPS,
    code="designated-engineering",
    category="other_proactive",
    location_constraint="single_designated",
    co_termination="same_day",
    clauses=("2.3-OT4", "2.3-OT7"),
)
EDE = OfferingFacts(
    code="enhanced-designated-engineering",
    category="enhanced",
    mark="additional",
    flex="yes",
    location_constraint="single_designated",
    co_termination="same_day",
    request_deadline="rule_60",
    clauses=("2.5-ED9", "2.5-ED12"),
)
REDE = replace(
    EDE,
    code="reactive-enhanced-designated-engineering",
    location_constraint="designated_list",
    clauses=("2.5-RD11", "2.5-RD13"),
)
UER_SERVICE = OfferingFacts(
    code="unified-enhanced-response",
    category="enhanced",
    mark="additional",
    flex="yes",
    onsite=False,
    languages=("en", "zh", "ja"),
    location_constraint="host_purchase_only",
    restricted_staff=False,
    clauses=("2.5-UE16", "2.5-UE17"),
)
ARR = OfferingFacts(
    code="azure-rapid-response",
    category="enhanced",
    mark="additional",
    flex="yes",
    languages=("en", "ja"),
    clauses=("A-AR6",),
)
MCSAP_SERVICE = OfferingFacts(
    code="mcsap",
    category="mission_critical",
    mark="additional",
    flex="yes",
    languages=("en",),
    location_constraint="listed_subscriptions",
    co_termination="suspended",
    restricted_staff=False,
    clauses=("2.4-AP46", "2.4-AP47"),
)
SECURITY_PLUS = OfferingFacts(
    code="mcsfs-plus",
    category="mission_critical",
    mark="additional",
    flex="yes",
    languages=("en",),
    location_constraint="listed_tenants",
    exhibit="required",
    clauses=("2.4-SE5", "A-SE5"),
)
DEVELOPER_SUPPORT = OfferingFacts(
    code="developer-support",
    category="enhanced",
    mark="additional_limited",
    flex="yes",
    request_deadline="rule_60",
)

HOST = SupportLocation("cn", "host", listed=True)
FRANCE = SupportLocation("fr", "downstream", listed=True)
JAPAN = SupportLocation("jp", "downstream", listed=True)
UNLISTED = SupportLocation("it", "downstream", listed=False)
ELSEWHERE = SupportLocation("de")
EXCEPTION = SupportLocation("br", "downstream", listed=True, tax_exception=True)


def usd(amount: str) -> Money:
    """US dollars in major units."""
    return Money.of(amount, "USD")
