"""What the API takes and tells about agreements."""
