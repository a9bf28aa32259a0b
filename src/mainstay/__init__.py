"""Mainstay (主干): business management for companies that keep a city's homes running."""

__version__ = "0.1.0"
