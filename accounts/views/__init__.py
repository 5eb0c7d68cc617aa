"""Pages about people, places and what people are told."""
