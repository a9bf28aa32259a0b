"""`./mainstay demo`: a fictitious gas company, its history, and the main job before the user's eyes."""

from mainstay.demo.command import main

__all__ = ["main"]
