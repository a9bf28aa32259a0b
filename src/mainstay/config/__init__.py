"""Settings, addresses, and start-up of the project."""
