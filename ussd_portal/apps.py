from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from ussd_portal import checks


class PortalConfig(AppConfig):
    """Portal."""

    name = "ussd_portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Register the checks of the installation, and keep how tasks fare."""
        from ussd_portal import watch as watch  # noqa: PLC0415 - models load after the apps

        checks.register()
