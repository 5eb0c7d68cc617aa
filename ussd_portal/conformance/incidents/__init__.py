"""Adapters for incidents: charts, clocks, severity, people, analyses, access."""
