"""Incidents in the administration: charts of drafts are edited, incidents only read."""

from incidents.admin import charts, components, incidents, lessons

__all__ = ["charts", "components", "incidents", "lessons"]
