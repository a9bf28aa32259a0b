"""Pages of plans and budgets."""
