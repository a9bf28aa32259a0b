"""Formats of a language where Django's own would not do."""
