"""The pages of work orders: what was agreed, what is owed, by when somebody must act."""
