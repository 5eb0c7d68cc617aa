"""What people type about bookings and requests, read and checked; nothing is saved here."""
