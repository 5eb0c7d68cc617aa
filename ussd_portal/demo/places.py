"""Where the demo's customers are, and what a country's credits are worth."""

from ussd_portal.demo.shapes import Place

STUTTGART = Place("Stuttgart", "DE", "Europe/Berlin", "EUR", "0.92", "BW", language="de")
DETROIT = Place("Detroit", "US", "America/Detroit", "USD", "1", "MI")
PUNE = Place("Pune", "IN", "Asia/Kolkata", "INR", "84.5", "MH")
CHICAGO = Place("Chicago", "US", "America/Chicago", "USD", "1", "IL")
SUZHOU = Place("苏州", "CN", "Asia/Shanghai", "CNY", "7.1", language="zh")
CHENGDU = Place("成都", "CN", "Asia/Shanghai", "CNY", "7.1", language="zh")
SHENZHEN = Place("深圳", "CN", "Asia/Shanghai", "CNY", "7.1", language="zh")
LEEDS = Place("Leeds", "GB", "Europe/London", "GBP", "0.79", "ENG")
SYDNEY = Place("Sydney", "AU", "Australia/Sydney", "AUD", "1.52", "NSW")
SINGAPORE = Place("Singapore", "SG", "Asia/Singapore", "SGD", "1.34")
KUALA_LUMPUR = Place("Kuala Lumpur", "MY", "Asia/Kuala_Lumpur", "MYR", "4.4")
SHANGHAI = Place("上海", "CN", "Asia/Shanghai", "CNY", "7.1", language="zh")
PARIS = Place("Paris", "FR", "Europe/Paris", "EUR", "0.92", language="fr")
SAO_PAULO = Place(
    "São Paulo", "BR", "America/Sao_Paulo", "BRL", "5.4", "SP", tax_exception=True, language="pt"
)
TOKYO = Place("東京", "JP", "Asia/Tokyo", "JPY", "151", language="ja")
RIYADH = Place("Riyadh", "SA", "Asia/Riyadh", "SAR", "3.75", weekend="fri,sat")
NEW_YORK = Place("New York", "US", "America/New_York", "USD", "1", "NY")
TORONTO = Place("Toronto", "CA", "America/Toronto", "CAD", "1.36", "ON")
ZURICH = Place("Zürich", "CH", "Europe/Zurich", "CHF", "0.88", "ZH", language="de")
MUMBAI = Place("Mumbai", "IN", "Asia/Kolkata", "INR", "84.5", "MH")
MANCHESTER = Place("Manchester", "GB", "Europe/London", "GBP", "0.79", "ENG")

# Country → currency and value of one proactive credit, in minor units.
CREDIT_VALUES = {
    "DE": ("EUR", 8000), "FR": ("EUR", 8000), "US": ("USD", 8700), "IN": ("INR", 650000),
    "CN": ("CNY", 60000), "GB": ("GBP", 6900), "AU": ("AUD", 13200), "SG": ("SGD", 11700),
    "MY": ("MYR", 36000), "BR": ("BRL", 45000), "JP": ("JPY", 13000), "SA": ("SAR", 32600),
    "CA": ("CAD", 11800), "CH": ("CHF", 7700),
}  # fmt: skip
# What is never sold in a country; everything else of the catalogue is.
NOT_SOLD = {
    "SA": ("hackathon",),
    "BR": ("github-engineering-direct",),
    "MY": ("developer-support",),
}
DEVELOPER_SUPPORT_MAXIMUM = 3
