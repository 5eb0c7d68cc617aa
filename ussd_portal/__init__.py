"""The project: settings, addresses, supervision. Nothing below imports it."""

from ussd_portal.celery import app as celery_app

__all__ = ["celery_app"]
