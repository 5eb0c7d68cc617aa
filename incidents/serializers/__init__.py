"""Incidents as the API tells and takes them."""
