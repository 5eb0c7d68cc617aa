"""Adapters for what is agreed: allowance, credits, exchange, dates, places, purchases, terms."""
