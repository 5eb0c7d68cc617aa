"""Play the incidents: running clocks, answered and missed ones, closed ones with their story."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Contact, User
from incidents.actions.opening import open_incident
from incidents.actions.progress import (
    ask_customer,
    close_incident,
    mark_mitigated,
    record_first_response,
)
from incidents.actions.severity import change_severity
from incidents.models import Component, Incident
from ussd_portal.demo import script
from ussd_portal.demo.portfolio import Stage


@dataclass(frozen=True)
class Trouble:
    """An incident; times are minutes before now, `answered` and later ones after opening.

    `at` is the location by position.
    """

    org: str
    component: str
    severity: str
    channel: str
    minutes_ago: int
    title: str
    description: str
    impact: str
    at: int = 0
    scope: str = ""
    answered: int | None = None
    raised_to: str = ""
    asked: bool = False
    mitigated: int | None = None
    closed: int | None = None


DAY = 24 * 60
TROUBLES = (
    Trouble("Contoso Motors", "Windows Server", "A", "phone", 24,
            "Line-control cluster down in one hall",
            "Failover cluster lost quorum after the patch window; hall 3 stands.",
            "Hall 3 stopped, 140 people idle."),
    Trouble("Contoso Motors", "SQL Server", "B", "web", 2 * DAY,
            "Nightly batch runs three hours longer",
            "Since the index rebuild the nightly batch blocks the morning reports.",
            "Reports reach planners after their first shift.",
            answered=70, asked=True),
    Trouble("Fabrikam Health", "Azure SQL Database", "A", "portal", 9 * DAY,
            "Claims database read-only",
            "Primary replica went read-only after failover.",
            "No claim could be stored.",
            scope="fabrikam-prod-001", answered=11, mitigated=180, closed=4 * DAY),
    Trouble("Fabrikam Health", "Azure Kubernetes Service", "B", "portal", DAY,
            "Pods restart in the intake cluster",
            "Liveness probes fail at peak load.",
            "Intake is slow, nothing is lost.", scope="fabrikam-prod-002", answered=85),
    Trouble("蓝湖制造", "Exchange Online", "C", "web", DAY,
            "报表导出偶发失败", "每天上午导出报表时约有一成失败，重试后成功。",
            "质检报表晚半小时送达。", answered=155, asked=True),
    Trouble("蓝湖制造", "SQL Server", "1", "phone", 30 * DAY,
            "产线数据库停机", "主节点磁盘阵列故障，产线数据无法写入。", "两条产线停工。",
            answered=42, mitigated=240, closed=3 * DAY),
    Trouble("Tailspin Energy", "Azure Virtual Machines", "A", "portal", 190,
            "Grid forecast nodes unreachable", "Half of the scale set answers no probe.",
            "Forecasts for tomorrow are late.", answered=9),
    Trouble("Northwind Retail", "Azure App Service", "1", "portal", 20 * DAY,
            "Checkout answers with errors", "Instances recycle since the deployment.",
            "No sale in the web shop.", scope="northwind-shop-prod", answered=21,
            mitigated=95, closed=2 * DAY),
    Trouble("Gulf Meridian Bank", "Exchange Server", "A", "phone", 3 * DAY,
            "Mail queue grows", "Transport service stops every hour.",
            "Branches get mail an hour late.", answered=26, mitigated=300, closed=DAY),
    Trouble("Adatum Finance", "Microsoft Teams", "C", "web", 6 * DAY,
            "Recording missing for two meetings", "Recordings never arrived in the channel.",
            "Minutes have to be written by hand.", answered=200, closed=3 * DAY),
    Trouble("東洋トレーディング", "Azure Functions", "A", "portal", 8,
            "受注連携が停止", "キュートリガーが起動しない。", "受注の取り込みが止まっている。"),
)  # fmt: skip

# What the year before brought: enough to see it under other programmes.
LAST_YEAR = (
    Trouble("Contoso Motors", "Azure Virtual Machines", "A", "phone", 34 * DAY,
            "Paint-shop controllers lose their servers", "Two hosts of the scale set restart.",
            "The paint shop runs at half speed.", answered=12, mitigated=140, closed=DAY),
    Trouble("Contoso Motors", "Azure Kubernetes Service", "A", "portal", 48 * DAY,
            "Telemetry intake stalls", "The node pool doesn't grow.",
            "No vehicle reports its position.", answered=24, mitigated=95, closed=DAY),
    Trouble("Contoso Motors", "Universal Print", "1", "phone", 61 * DAY,
            "Shipping labels can't be printed", "The connector is offline in both halls.",
            "Trucks wait at the gate.", answered=14, mitigated=70, closed=DAY),
    Trouble("Contoso Motors", "Entra ID", "A", "web", 77 * DAY,
            "Sign-in takes minutes", "Conditional access answers late.",
            "The first shift starts late.", answered=22, mitigated=120, closed=DAY),
    Trouble("蓝湖制造", "Azure Virtual Machines", "A", "portal", 41 * DAY,
            "排产服务器反复重启", "规模集有两台主机反复重启。", "排产计划每小时中断一次。",
            answered=13, mitigated=110, closed=DAY),
    Trouble("蓝湖制造", "Azure SQL Database", "1", "portal", 66 * DAY,
            "追溯数据库无法连接", "网关返回连接超时。", "成品无法出库。",
            answered=12, mitigated=85, closed=DAY),
    Trouble("蓝湖制造", "Azure Kubernetes Service", "A", "phone", 93 * DAY,
            "设备采集集群不扩容", "节点池没有扩容。", "采集数据延迟一小时。",
            at=1, answered=27, mitigated=160, closed=DAY),
    Trouble("蓝湖制造", "SharePoint Online", "1", "web", 118 * DAY,
            "作业指导书打不开", "文档库返回错误。", "装配线停工等待图纸。",
            at=2, answered=44, mitigated=130, closed=DAY),
    Trouble("蓝湖制造", "Universal Print", "A", "web", 152 * DAY,
            "发货标签无法打印", "连接器离线。", "货车在门口排队。",
            answered=19, mitigated=75, closed=DAY),
)  # fmt: skip

RAISED = Trouble(
    "Contoso Motors", "SharePoint Online", "B", "web", 5 * DAY,
    "Work instructions can't be opened", "Document library answers with an error in Pune.",
    "Shift leaders print from copies.", at=2, answered=40, raised_to="A", mitigated=300, closed=DAY,
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What is said about an incident, in the language of the customer."""

    engineer: str
    answered: str
    asked: str
    raised: str


WORDS = {
    False: Words(
        "Ada Okafor",
        "Call with the contact; logs are being collected.",
        "Please send the traces.",
        "Second shift stopped as well",
    ),
    True: Words("宋哲", "已与联系人通话，正在收集日志。", "请提供跟踪日志。", "第二班次也已停产"),
}


def play_troubles(stage: Stage, *, now: datetime) -> None:
    """Every incident of the customers that are on stage."""
    for trouble in (*LAST_YEAR, *TROUBLES, RAISED):
        if trouble.org in stage.customers:
            _play(stage, trouble, now)


def _play(stage: Stage, trouble: Trouble, now: datetime) -> None:
    org = next(one for one in script.PORTFOLIO if one.name == trouble.org)
    by = stage.csams[org.csam]
    words = WORDS[org.is_chinese]
    place = stage.places[trouble.org][trouble.at]
    opened_at = now - timedelta(minutes=trouble.minutes_ago)
    incident = open_incident(
        customer=stage.customers[trouble.org],
        location=place,
        contact=Contact.objects.filter(location=place, role=Contact.Role.REACTIVE).first(),
        component=Component.objects.get(edition=stage.edition, name=trouble.component),
        severity=trouble.severity,
        title=trouble.title,
        description=trouble.description,
        impact=trouble.impact,
        channel=trouble.channel,
        scope_identifier=trouble.scope,
        by=by,
        now=opened_at,
    )

    def after(minutes: int) -> datetime:
        return opened_at + timedelta(minutes=minutes)

    if trouble.raised_to:
        change_severity(
            incident=incident,
            to=trouble.raised_to,
            reason=words.raised,
            by=by,
            now=after(20),
        )
    if trouble.answered is not None:
        record_first_response(
            incident=incident,
            channel="phone",
            by=by,
            now=after(trouble.answered),
            author=words.engineer,
            text=words.answered,
        )
    if trouble.asked:
        _ask(incident, words.asked, by=by, now=after((trouble.answered or 0) + 10))
    if trouble.mitigated is not None:
        mark_mitigated(incident=incident, by=by, now=after(trouble.mitigated))
    if trouble.closed is not None:
        close_incident(incident=incident, by=by, now=after(trouble.closed))


def _ask(incident: Incident, text: str, *, by: User, now: datetime) -> None:
    duty = incident.duties.filter(minutes__isnull=False).first()
    if duty is not None:
        ask_customer(incident=incident, duty=duty, text=text, by=by, now=now)
