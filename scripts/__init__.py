"""Tools for those who work on the portal; nothing here is part of it."""
