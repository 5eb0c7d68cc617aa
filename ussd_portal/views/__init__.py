"""The workspace: homes, customers, search."""
