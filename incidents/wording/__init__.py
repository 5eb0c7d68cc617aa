"""Words and drawings of incidents."""
