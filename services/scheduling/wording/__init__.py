"""What the pages of the schedule say and draw: words, and the geometry of the curve."""
