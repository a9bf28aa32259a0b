"""Page shell: layouts, components and static files."""
