"""Measurements: `mainstay bench SUBJECT`."""
