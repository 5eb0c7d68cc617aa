"""Reads of the agreements for pages, tasks and the API."""
