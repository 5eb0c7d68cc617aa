"""How much of what was agreed is used: delivered, booked, redeemed, asked for.

By customer: contract year (0: bought with money) and service, then for each location, by
position, the quantity delivered and the quantity booked ahead; hours in hours.
"""

Used = dict[tuple[int, str], dict[int, tuple[int, int]]]

USAGE: dict[str, Used] = {
    "Contoso Motors": {
        (1, "workshops"): {0: (5, 0), 1: (2, 0), 2: (1, 0)},
        (1, "rap-as-a-service"): {0: (3, 0), 1: (2, 0)},
        (1, "security-services"): {0: (2, 0), 1: (1, 0)},
        (1, "assessment-program"): {0: (2, 0)},
        (1, "custom-proactive-services"): {0: (1, 0)},
        (2, "workshops"): {0: (2, 1), 1: (1, 0)},
        (2, "rap-as-a-service"): {0: (2, 1), 1: (1, 0)},
        (2, "security-services"): {0: (1, 0), 1: (1, 0)},
        (2, "architecture-services"): {0: (1, 0)},
        (0, "enhanced-designated-engineering"): {0: (160, 28)},
    },
    "Fabrikam Health": {
        (1, "workshops"): {0: (4, 1), 1: (1, 0)},
        (1, "assessment-program"): {0: (3, 0)},
        (0, "development-support-assistance"): {0: (48, 16)},
    },
    "蓝湖制造": {
        (1, "workshops"): {0: (4, 2), 1: (1, 1), 2: (1, 0)},
        (1, "rap-as-a-service"): {0: (4, 1), 1: (1, 1)},
        (1, "enhanced-designated-engineering"): {0: (380, 140)},
    },
    "Northwind Retail": {
        (1, "workshops"): {0: (1, 1)},
        (1, "adoption-services"): {0: (0, 1)},
    },
    "Tailspin Energy": {
        (1, "workshops"): {0: (2, 1)},
        (1, "proactive-monitoring"): {0: (1, 0)},
    },
    "Wingtip Logistics": {(1, "workshops"): {0: (0, 1)}, (1, "chalk-talks"): {0: (1, 1)}},
    "云杉能源": {
        (1, "workshops"): {0: (5, 0), 1: (2, 0)},
        (1, "assessment-program"): {0: (3, 0)},
        (2, "workshops"): {0: (1, 1), 1: (0, 1)},
        (2, "it-service-management"): {0: (0, 1)},
    },
    "東洋トレーディング": {(1, "workshops"): {0: (0, 1)}},
    "Gulf Meridian Bank": {
        (1, "security-services"): {0: (3, 0)},
        (1, "designated-engineering"): {0: (7, 1)},
    },
    "Adatum Finance": {
        (1, "workshops"): {0: (2, 1), 1: (0, 1)},
        (1, "enhanced-designated-engineering"): {0: (48, 24)},
    },
}

# Customer → credits redeemed: days ago, location, service, value in minor units of its currency.
REDEEMED: dict[str, tuple[tuple[int, int, str, int], ...]] = {
    "Contoso Motors": ((120, 0, "chalk-talks", 720_000), (60, 1, "chalk-talks", 261_000),
                       (45, 2, "technical-update-briefings", 13_000_000)),
    "Fabrikam Health": ((150, 0, "security-services", 2_610_000), (70, 0, "workshops", 870_000)),
    "蓝湖制造": ((150, 0, "security-services", 19_200_000), (90, 1, "chalk-talks", 9_600_000),
               (40, 2, "chalk-talks", 4_800_000)),
    "Tailspin Energy": ((60, 0, "chalk-talks", 1_848_000),),
    "Gulf Meridian Bank": ((200, 0, "workshops", 4_890_000),),
}  # fmt: skip

# Customer → bookings cancelled: service, location, days ago booked, days ago cancelled, days from
# today of the event (a negative one is over).
CANCELLED: dict[str, tuple[tuple[str, int, int, int, int], ...]] = {
    "Fabrikam Health": (("workshops", 0, 60, 20, -12),),
    "Contoso Motors": (("workshops", 1, 50, 40, -10),),
}

# Customer → requests waiting: service, location, days ago, wanted from and until (days from today).
REQUESTED: dict[str, tuple[tuple[str, int, int, int, int], ...]] = {
    "Contoso Motors": (("workshops", 2, 3, 30, 45),),
    "蓝湖制造": (("workshops", 2, 3, 35, 60),),
    "Tailspin Energy": (("workshops", 0, 1, 50, 80),),
}
