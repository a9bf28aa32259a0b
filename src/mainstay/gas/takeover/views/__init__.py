"""Pages of take-overs."""
