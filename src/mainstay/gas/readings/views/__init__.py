"""Pages of books and readings."""
