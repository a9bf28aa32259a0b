"""Pages of the bank link."""
