"""Pages of tariffs and billing terms."""
