"""The pages of the schedule: list and calendar, one booking, its acts, requests."""
