"""The demo portfolio: invented customers, people and figures, the same each time.

Dates are counted from the day of seeding, so that what is near today stays near.
"""
