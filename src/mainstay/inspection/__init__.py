"""Inspections: campaigns, household checks, patrols. One engine; only checklist, target and rules differ."""
