from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WorkordersConfig(AppConfig):
    """Work orders."""

    name = "workorders"
    verbose_name = _("Work orders")

    def ready(self) -> None:
        """Register the check of the ledger's triggers and put them back after `migrate`."""
        from workorders import checks as checks  # noqa: PLC0415 - models load after the apps
        from workorders.models.triggers import install_after_migrate  # noqa: PLC0415

        post_migrate.connect(install_after_migrate, sender=self)
