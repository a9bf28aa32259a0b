"""Pages of the life of accounts."""
