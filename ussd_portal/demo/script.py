"""The demo portfolio as data: who, where, what was agreed."""

from decimal import Decimal

from accounts.rules.money import Money
from ussd_portal.demo.places import (
    CHENGDU,
    CHICAGO,
    DETROIT,
    KUALA_LUMPUR,
    LEEDS,
    MANCHESTER,
    MUMBAI,
    NEW_YORK,
    PARIS,
    PUNE,
    RIYADH,
    SAO_PAULO,
    SHANGHAI,
    SHENZHEN,
    SINGAPORE,
    STUTTGART,
    SUZHOU,
    SYDNEY,
    TOKYO,
    TORONTO,
    ZURICH,
)
from ussd_portal.demo.shapes import Line, Order, Org
from workorders.rules.fees import Tier

# 0.3 % of the first 20 million dollars, 0.2 % of the next 30, 0.05 % of what is above.
TIERS = (
    Tier(Money(2_000_000_000, "USD"), Decimal("0.3")),
    Tier(Money(5_000_000_000, "USD"), Decimal("0.2")),
    Tier(None, Decimal("0.05")),
)


def _products(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple(("product", name) for name in names)


CONTOSO = Org(
    "Contoso Motors",
    "Contoso",
    "EUR",
    (STUTTGART, DETROIT, PUNE),
    "mara.keller",
    ("Jana Vogt", "jana.vogt"),
    (("Luis Ortega", "luis.ortega", 1), ("Asha Kulkarni", "asha.kulkarni", 2)),
    (
        Order(
            -660,
            69,
            -662,
            {1: 25_000_000, 2: 26_000_000},
            (
                Line("proactive-credits", 3_500_000, {0: 300, 1: 100}, 1, "credit"),
                Line("custom-proactive-services", 1_000_000, {0: 1}, 1),
                Line("workshops", 8_640_000, {0: 5, 1: 2, 2: 2}, 1),
                Line("rap-as-a-service", 6_000_000, {0: 3, 1: 2}, 1),
                Line("security-services", 3_480_000, {0: 2, 1: 1}, 1),
                Line("assessment-program", 2_380_000, {0: 2}, 1),
                Line("proactive-credits", 4_000_000, {0: 300, 1: 120, 2: 80}, 2, "credit"),
                Line("custom-proactive-services", 1_000_000, {0: 1}, 2),
                Line("workshops", 7_680_000, {0: 4, 1: 2, 2: 2}, 2),
                Line("rap-as-a-service", 6_000_000, {0: 3, 1: 1, 2: 1}, 2),
                Line("security-services", 3_480_000, {0: 2, 1: 1}, 2),
                Line("architecture-services", 3_840_000, {0: 1, 1: 1}, 2),
                Line(
                    "enhanced-designated-engineering",
                    4_800_000,
                    {0: 240},
                    None,
                    "minute",
                    _products("Windows Server", "SQL Server"),
                ),
                Line("unified-enhanced-response", 9_600_000, {0: 1}, None, "subscription"),
            ),
            base=48_000_000,
        ),
    ),
)

FABRIKAM = Org(
    "Fabrikam Health",
    "Fabrikam",
    "USD",
    (CHICAGO, TORONTO),
    "mara.keller",
    ("Denise Carter", "denise.carter"),
    (("Omar Reyes", "omar.reyes", 0),),
    (
        Order(
            -326,
            38,
            -330,
            {1: 30_000_000},
            (
                Line("proactive-credits", 5_220_000, {0: 500, 1: 100}, 1, "credit"),
                Line("workshops", 8_960_000, {0: 6, 1: 2}, 1),
                Line("workshops", 1_080_000, {1: 18}, None, "attendee"),
                Line("assessment-program", 6_400_000, {0: 3, 1: 1}, 1),
                Line("mcsap", 9_000_000, {0: 1}, 1, "subscription",
                     (("subscription", "fabrikam-prod-001"), ("subscription", "fabrikam-prod-002"))),
                Line("development-support-assistance", 2_400_000, {0: 80}, None, "minute"),
            ),
            base=36_000_000,
            intake=-318,
            purchasable=(
                "proactive-credits", "workshops", "assessment-program", "mcsap",
                "development-support-assistance", "custom-proactive-services", "security-services",
                "architecture-services", "rap-as-a-service", "enhanced-designated-engineering",
            ),
        ),
    ),
)  # fmt: skip

LANHU = Org(
    "蓝湖制造",
    "蓝湖",
    "CNY",
    (SUZHOU, CHENGDU, SHENZHEN),
    "mara.keller",
    ("周敏", "zhou.min"),
    (("何嘉", "he.jia", 1), ("罗伟", "luo.wei", 2)),
    (
        Order(
            -236,
            128,
            -240,
            {1: 283_800_000},
            (
                Line("proactive-credits", 54_000_000, {0: 600, 1: 200, 2: 100}, 1, "credit"),
                Line("workshops", 81_600_000, {0: 8, 1: 2, 2: 2}, 1),
                Line("workshops", 4_800_000, {1: 12}, None, "attendee"),
                Line("rap-as-a-service", 67_200_000, {0: 5, 1: 2, 2: 1}, 1),
                Line("enhanced-designated-engineering", 81_000_000, {0: 540}, 1, "minute",
                     _products("SQL Server", "Exchange Online")),
            ),
            base=300_000_000,
        ),
    ),
    "zh-hans",
)  # fmt: skip

NORTHWIND = Org(
    "Northwind Retail",
    "Northwind",
    "GBP",
    (LEEDS,),
    "mara.keller",
    ("Harriet Shaw", "harriet.shaw"),
    (("Tom Ellis", "tom.ellis", 0),),
    (
        Order(
            -84,
            280,
            -90,
            {1: 24_000_000},
            (
                Line("proactive-credits", 3_450_000, {0: 500}, 1, "credit"),
                Line("workshops", 5_400_000, {0: 6}, 1),
                Line("adoption-services", 2_600_000, {0: 2}, 1),
                Line("mcsap-plus", 12_000_000, {0: 1}, 1, "subscription",
                     (("subscription", "northwind-shop-prod"),), "",
                     {"assessed_spend_usd_minor": 6_400_000_000, "plus_noted": True,
                      "platform_price_minor": 1_967_000, "tiers": TIERS}),
            ),
            base=30_000_000,
            intake=-80,
        ),
    ),
)  # fmt: skip

TAILSPIN = Org(
    "Tailspin Energy",
    "Tailspin",
    "AUD",
    (SYDNEY,),
    "mara.keller",
    ("Chloe Nguyen", "chloe.nguyen"),
    (("Ben Walsh", "ben.walsh", 0),),
    (
        Order(
            -146,
            218,
            -150,
            {1: 32_000_000},
            (
                Line("proactive-credits", 5_280_000, {0: 400}, 1, "credit"),
                Line("azure-event-mcs", 9_000_000, {0: 4}, 1, "event",
                     (("solution", "Grid switchover"),)),
                Line("workshops", 6_000_000, {0: 4}, 1),
                Line("proactive-monitoring", 3_600_000, {0: 2}, 1),
                Line("azure-rapid-response", 6_500_000, {0: 1}, 1, "subscription"),
            ),
            base=40_000_000,
        ),
    ),
)  # fmt: skip

WINGTIP = Org(
    "Wingtip Logistics",
    "Wingtip",
    "SGD",
    (SINGAPORE, KUALA_LUMPUR),
    "jonas.weber",
    ("Priya Menon", "priya.menon"),
    (("Marcus Tan", "marcus.tan", 0),),
    (
        Order(
            -54,
            310,
            -56,
            {1: 40_000_000},
            (
                Line("proactive-credits", 4_680_000, {0: 300, 1: 100}, 1, "credit"),
                Line("workshops", 6_720_000, {0: 4, 1: 2}, 1),
                Line("mcsap", 14_000_000, {0: 1}, 1, "subscription",
                     (("subscription", "wingtip-tracking-prod"),)),
                Line("chalk-talks", 1_800_000, {0: 3, 1: 1}, 1),
                Line("security-services", 4_400_000, {0: 2}, 1),
            ),
            base=45_000_000,
        ),
    ),
)  # fmt: skip

YUNSHAN = Org(
    "云杉能源",
    "云杉",
    "CNY",
    (SHANGHAI, PARIS, SAO_PAULO),
    "wei.chen",
    ("林悦", "lin.yue"),
    (("Camille Roux", "camille.roux", 1), ("Rafael Lima", "rafael.lima", 2)),
    (
        Order(
            -400,
            694,
            -403,
            {1: 128_000_000, 2: 128_000_000, 3: 128_000_000},
            (
                Line("proactive-credits", 24_000_000, {0: 300, 1: 100}, 1, "credit"),
                Line("workshops", 60_000_000, {0: 6, 1: 2}, 1),
                Line("assessment-program", 40_000_000, {0: 4}, 1),
                Line("proactive-credits", 24_000_000, {0: 300, 1: 100}, 2, "credit"),
                Line("workshops", 60_000_000, {0: 6, 1: 2}, 2),
                Line("it-service-management", 40_000_000, {0: 3, 1: 1}, 2),
                Line("support-technology-advisor", 70_000_000, {0: 2}, 3),
                Line("mcsfs-plus", 50_000_000, {0: 1}, 3, "tenant",
                     (("tenant", "yunshan.example"),), "附件 3"),
            ),
            base=420_000_000,
        ),
    ),
    "zh-hans",
)  # fmt: skip

TOYO = Org(
    "東洋トレーディング",
    "東洋",
    "JPY",
    (TOKYO,),
    "wei.chen",
    ("佐藤 健", "sato.ken"),
    (("山本 彩", "yamamoto.aya", 0),),
    (
        Order(
            -20,
            344,
            -25,
            {1: 30_000_000},
            (
                Line("proactive-credits", 3_900_000, {0: 300}, 1, "credit"),
                Line("workshops", 6_000_000, {0: 4}, 1),
                Line("azure-rapid-response", 9_000_000, {0: 1}, 1, "subscription"),
                Line("hackathon", 5_000_000, {0: 2}, 1),
            ),
            base=48_000_000,
        ),
    ),
)

GULF = Org(
    "Gulf Meridian Bank",
    "Meridian",
    "SAR",
    (RIYADH,),
    "wei.chen",
    ("Noura Al-Harbi", "noura.alharbi"),
    (("Faisal Otaibi", "faisal.otaibi", 0),),
    (
        Order(
            -300,
            64,
            -305,
            {1: 60_000_000},
            (
                Line("proactive-credits", 9_780_000, {0: 300}, 1, "credit"),
                Line("security-services", 24_000_000, {0: 4}, 1),
                Line("designated-engineering", 20_000_000, {0: 10}, 1, "each",
                     _products("Microsoft Sentinel", "Defender MDE")),
                Line("unified-enhanced-response", 12_000_000, {0: 1}, None, "subscription"),
            ),
            base=70_000_000,
        ),
    ),
)  # fmt: skip

ADATUM = Org(
    "Adatum Finance",
    "Adatum",
    "USD",
    (NEW_YORK, ZURICH, MUMBAI),
    "jonas.weber",
    ("Grace Lindqvist", "grace.lindqvist"),
    (("Urs Frei", "urs.frei", 1),),
    (
        Order(-800, -71, -803, {1: 20_000_000, 2: 20_000_000},
              (Line("workshops", 12_000_000, {0: 6}, 1), Line("workshops", 14_000_000, {0: 7}, 2),
               Line("proactive-credits", 3_480_000, {0: 400}, 2, "credit")), base=50_000_000),
        Order(
            -70,
            1024,
            -74,
            {1: 50_000_000, 2: 42_000_000},
            (
                Line("proactive-credits", 8_700_000, {0: 600, 1: 300, 2: 100}, 1, "credit"),
                Line("workshops", 16_000_000, {0: 6, 1: 2, 2: 2}, 1),
                Line("enhanced-designated-engineering", 20_000_000, {0: 400}, 1, "minute",
                     _products("Azure Kubernetes Service", "Azure SQL Database")),
                Line("mcsap", 40_000_000, {0: 1}, 2, "subscription",
                     (("subscription", "adatum-core"),)),
                Line("developer-support", 6_000_000, {0: 2}, None),
            ),
            base=80_000_000,
            intake=-65,
        ),
    ),
)  # fmt: skip

LITWARE = Org(
    "Litware Pharma",
    "Litware",
    "CHF",
    (ZURICH,),
    "jonas.weber",
    ("Nadja Brunner", "nadja.brunner"),
    (("Reto Keller", "reto.keller", 0),),
    (
        Order(-500, 229, -505, {1: 15_000_000, 2: 15_000_000},
              (Line("workshops", 9_000_000, {0: 5}, 1), Line("workshops", 9_000_000, {0: 5}, 2)),
              base=40_000_000, terminated=-40),
    ),
)  # fmt: skip

PROSEWARE = Org(
    "Proseware Media",
    "Proseware",
    "GBP",
    (MANCHESTER, PARIS),
    "mara.keller",
    ("Imogen Price", "imogen.price"),
    (("Théo Martin", "theo.martin", 1),),
    (
        Order(
            21,
            385,
            None,
            {1: 18_000_000},
            (
                Line("proactive-credits", 3_450_000, {0: 400, 1: 100}, 1, "credit"),
                Line("custom-proactive-services", 1_200_000, {0: 1}, 1),
                Line("workshops", 6_000_000, {0: 4, 1: 2}, 1),
            ),
            base=28_000_000,
        ),
    ),
)

PORTFOLIO = (
    CONTOSO, FABRIKAM, LANHU, NORTHWIND, TAILSPIN, WINGTIP,
    YUNSHAN, TOYO, GULF, ADATUM, LITWARE, PROSEWARE,
)  # fmt: skip

# Local part of the e-mail → name, language, time zone. Mara covers for Jonas until day 11.
CSAMS = {
    "mara.keller": ("Mara Keller", "en", "Europe/Berlin"),
    "jonas.weber": ("Jonas Weber", "en", "Europe/Berlin"),
    "wei.chen": ("陈薇", "zh-hans", "Asia/Shanghai"),
}
COVER_UNTIL = 11
# The customer whose MCSAP intake document is still missing.
OWING = "Wingtip Logistics"
