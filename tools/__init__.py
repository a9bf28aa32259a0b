"""What developers run: quality gates, lock files, reference pages."""
