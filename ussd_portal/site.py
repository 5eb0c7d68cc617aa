"""The administration as Django brings it, where no input breaks a page."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.sites import AdminSite
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
KEY = re.compile(r"[0-9]{1,18}")
LIBRARIES = {
    "axes": gettext_lazy("Sign-in attempts"),
    "mfa": gettext_lazy("Second factors"),
    "socialaccount": gettext_lazy("Single sign-on"),
}


class PortalAdmin(AdminConfig):
    """Django's administration with our site."""

    default_site = "ussd_portal.site.PortalAdminSite"

    def ready(self) -> None:
        """Call what libraries keep by what it is about."""
        super().ready()
        for label, words in LIBRARIES.items():
            apps.get_app_config(label).verbose_name = words


class PortalAdminSite(AdminSite):
    """Rows are ticked by their number; anything else in the place of one changes nothing."""

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """The view behind the sign-in, once what is ticked can be rows."""

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
            if all(KEY.fullmatch(one) for one in ticked):
                return view(request, *args, **kwargs)
            messages.error(request, _("Choose rows of this list; nothing was changed."))
            return HttpResponseRedirect(request.get_full_path())

        return cast("View", super().admin_view(checked, cacheable))
