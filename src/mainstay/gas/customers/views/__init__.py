"""Pages of customers, accounts and areas."""
