"""What people type about work orders, read and checked; nothing is saved here."""
