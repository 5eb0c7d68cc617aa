"""The settings as the type checker reads them.

modeltranslation replaces managers by classes made at run time, which no checker can resolve;
without it the models are what their source says. The administration isn't discovered, because
it would ask for the translations.
"""

from ussd_portal.settings import *  # noqa: F403
from ussd_portal.settings import INSTALLED_APPS

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig" if app == "ussd_portal.site.PortalAdmin" else app
    for app in INSTALLED_APPS
    if app != "modeltranslation"
]
