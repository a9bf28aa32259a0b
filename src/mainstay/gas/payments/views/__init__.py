"""Pages of this app: the counter, payments, shifts."""
