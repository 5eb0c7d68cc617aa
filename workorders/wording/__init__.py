"""What the pages of work orders say and draw: words, labels, geometry of the graphics."""
