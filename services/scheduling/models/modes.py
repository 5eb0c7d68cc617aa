"""Vocabulary that bookings and requests share: how and what is delivered."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How a service is delivered; remote unless agreed otherwise (2.3-P7)."""

    REMOTE = "remote", _("remote")
    ONSITE = "onsite", _("onsite")
    ONLINE = "online", _("online")


class Work(models.TextChoices):
    """What kind of MCSAP work is booked; in the first 60 days only the first (2.4-AP12)."""

    ONBOARDING = "onboarding", _("onboarding and discovery")
    ACCELERATION = "acceleration", _("acceleration work")
