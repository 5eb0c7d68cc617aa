"""What the API tells and takes of the schedule."""
