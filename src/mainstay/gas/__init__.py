"""Gas business management (rows C1 to C12)."""
