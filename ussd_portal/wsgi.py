"""The portal for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ussd_portal.settings")

application = get_wsgi_application()
# All pages are imported before gunicorn forks: memory is shared, no first visitor waits.
_PAGES = get_resolver().url_patterns
