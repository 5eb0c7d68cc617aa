"""The pages of incidents: the list, opening one, its page, its acts."""
