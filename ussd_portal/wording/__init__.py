"""How figures of the workspace are drawn."""
