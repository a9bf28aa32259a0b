"""Pages of tracking and review."""
