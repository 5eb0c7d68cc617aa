"""What the demo's bookings are called, by service; two languages."""

TITLES: dict[str, tuple[tuple[str, str], ...]] = {
    "workshops": (
        ("Identity hardening", "身份安全加固"),
        ("Azure landing zones", "Azure 登陆区"),
        ("SQL Server performance", "SQL Server 性能优化"),
        ("Zero trust for plants", "工厂零信任"),
        ("Power Platform governance", "Power Platform 治理"),
        ("Backup and recovery drill", "备份与恢复演练"),
    ),
    "rap-as-a-service": (
        ("Active Directory health", "Active Directory 健康检查"),
        ("SQL Server health", "SQL Server 健康检查"),
        ("Exchange health", "Exchange 健康检查"),
    ),
    "security-services": (
        ("Privileged access review", "特权访问评审"),
        ("Defender roll-out plan", "Defender 部署规划"),
    ),
    "architecture-services": (("Plant network to Azure", "厂区网络上云架构"),),
    "assessment-program": (
        ("Operations assessment", "运维评估"),
        ("Change-process assessment", "变更流程评估"),
    ),
    "enhanced-designated-engineering": (
        ("Cluster tuning", "集群调优"),
        ("Patch strategy", "补丁策略"),
        ("Migration rehearsal", "迁移演练"),
    ),
    "designated-engineering": (("Sentinel onboarding", "Sentinel 上线"),),
    "development-support-assistance": (("Claims API clinic", "理赔接口诊断"),),
    "chalk-talks": (("Kubernetes cost control", "Kubernetes 成本控制"),),
    "adoption-services": (("Teams adoption plan", "Teams 采用计划"),),
    "proactive-monitoring": (("Incident matrix", "事件矩阵设计"),),
    "it-service-management": (("Incident process renewal", "事件流程改进"),),
    "support-technology-advisor": (("Workload review", "负载评估"),),
    "hackathon": (("Line-side vision", "产线视觉"),),
    "custom-proactive-services": (("Plant start-up readiness", "新厂开工准备"),),
}


def title_of(code: str, number: int, chinese: bool) -> str:
    """A title for the booking number `number` of a service."""
    titles = TITLES.get(code, (("Working session", "工作会议"),))
    return titles[number % len(titles)][1 if chinese else 0]
