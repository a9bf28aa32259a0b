"""Template tags of the page shell (a builtin of every template)."""
