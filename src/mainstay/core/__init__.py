"""Building blocks that every part uses."""
