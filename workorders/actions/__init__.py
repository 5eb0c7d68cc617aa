"""Writes of the agreements: orders, lines, ledger, holdings, deadlines, reminders."""
