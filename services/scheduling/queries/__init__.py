"""Reads of the schedule for pages, tasks and the API."""
