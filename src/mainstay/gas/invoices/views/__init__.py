"""Pages of invoices."""
