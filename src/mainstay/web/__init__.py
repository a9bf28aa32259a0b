"""The page shell: layout, components, page kinds, static files, and what every response carries."""
