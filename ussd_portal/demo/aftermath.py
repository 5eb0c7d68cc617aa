"""Play what follows from the incidents: pauses, reviews, analyses, problems, an early start."""

from datetime import datetime, timedelta

from accounts.models import Contact, Location, User
from incidents.actions.aftermath import (
    add_follow_up,
    hold_review,
    open_event_summaries,
    open_problem,
)
from incidents.actions.analyses import hand_in, quote_fee, request_analysis
from incidents.actions.conduct import pause_duty, record_cannot_supply, resume_duty
from incidents.actions.emergencies import start_emergency
from incidents.actions.engineers import assign_person
from incidents.models import Incident, IncidentDuty, IncidentReview
from ussd_portal.demo.portfolio import Stage

MINUTE = timedelta(minutes=1)
ENGINEERS = {False: "Ada Okafor", True: "宋哲"}
PAUSED = {False: "Upload link for the traces", True: "等待上传跟踪日志的链接"}
CANNOT = {False: "Nobody on site before the early shift", True: "早班之前现场无人"}
REQUEST = {False: "Why did both replicas stop?", True: "为什么两个副本同时停止？"}
PROBLEM = {False: "Updates that stop clusters", True: "更新导致停机"}
ACTIONS = {
    False: ("Test updates on the spare node first", "IT operations"),
    True: ("先在备用节点上测试更新", "信息运维部"),
}
OUTCOME = {
    False: {
        "attendees": "IT operations, CSAM, incident manager",
        "went_well": "The bridge stood within ten minutes.",
        "to_improve": "Traces were switched on only after an hour.",
    },
    True: {
        "attendees": "信息运维部、客户成功帐户管理员、事件经理",
        "went_well": "十分钟内建立了联合会议。",
        "to_improve": "一小时后才开启跟踪。",
    },
}


def play_aftermath(stage: Stage, *, now: datetime) -> None:
    """For every customer what its own incidents leave."""
    open_event_summaries(now=now)
    for name, customer in stage.customers.items():
        found = list(
            Incident.objects.filter(customer=customer)
            .select_related("customer", "location", "order__edition", "opened_by")
            .order_by("submitted_at", "pk")
        )
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in name)
        for incident in found:
            _follow(incident, chinese, now)
        if len(found) > 1:
            by = found[0].opened_by
            problem = open_problem(title=PROBLEM[chinese], incidents=found[:2], by=by, now=now)
            text, owner = ACTIONS[chinese]
            add_follow_up(text=text, owner=owner, problem=problem, by=by, now=now)
    _emergency(stage, now)


def _follow(incident: Incident, chinese: bool, now: datetime) -> None:
    by = incident.opened_by
    review = IncidentReview.objects.filter(incident=incident, held_on=None).first()
    if review is not None and incident.closed_at is not None:
        hold_review(review=review, held_on=now.date(), by=by, now=now, **OUTCOME[chinese])
        text, owner = ACTIONS[chinese]
        add_follow_up(text=text, owner=owner, incident=incident, by=by, now=now)
    if incident.closed_at is not None:
        return
    _people(incident, chinese, by)
    _duties(incident, chinese, by, now)


def _people(incident: Incident, chinese: bool, by: User) -> None:
    first = incident.assignments.first()
    if first is not None:
        at = incident.submitted_at + 5 * MINUTE
        assign_person(incident=incident, role=first.role, person=ENGINEERS[chinese], by=by, now=at)


def _duties(incident: Incident, chinese: bool, by: User, now: datetime) -> None:
    running = incident.duties.filter(clock="business_hours", due_at__gt=now, met_at=None).first()
    if running is not None and running.asked_at is not None:
        _paused(incident, running, chinese, by, now)
    if incident.severity in {"1", "A"} and incident.first_response_at is not None:
        duty = incident.duties.filter(code="continuous_resources", met_at=None).first()
        if duty is not None:
            record_cannot_supply(
                incident=incident, duty=duty, reason=CANNOT[chinese], by=by, now=now
            )
    if incident.first_response_at is not None and incident.severity == "B":
        asked = request_analysis(incident=incident, by=by, now=now, text=REQUEST[chinese])
        hand_in(material=asked.material.all()[0], by=by, now=now)
        if asked.charge == "quote":
            quote_fee(analysis=asked, fee_minor=250_000, by=by, now=now)


def _paused(incident: Incident, duty: IncidentDuty, chinese: bool, by: User, now: datetime) -> None:
    began = duty.asked_at or now
    at = min(began + 30 * MINUTE, now)
    pause_duty(incident=incident, duty=duty, reason=PAUSED[chinese], by=by, now=at)
    if at + 40 * MINUTE < now:
        resume_duty(incident=incident, duty=duty, by=by, now=at + 40 * MINUTE)


def _emergency(stage: Stage, now: datetime) -> None:
    """The first customer had ransomware on a file server two days ago."""
    customer = next(iter(stage.customers.values()), None)
    place = Location.objects.filter(customer=customer).order_by("pk").first()
    incident = Incident.objects.filter(customer=customer).order_by("pk").first()
    if customer is None or place is None or incident is None:
        return
    contact = Contact.objects.filter(location=place).order_by("pk").first()
    start_emergency(
        location=place,
        emergency="Ransom note on two file servers",
        authorised_by=contact.name if contact else customer.name,
        scope="Forensics on both servers, containment",
        signs_promptly=True,
        pays_before_signature=True,
        bears_risk=True,
        by=incident.opened_by,
        now=now - timedelta(days=2),
    )
