"""A user's own display choices. They are no business data, so they leave no audit row."""

from __future__ import annotations

from mainstay.core.access.models import User


def keep_language(user: User, language: str) -> None:
    """Remember the language a user chose."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language


def keep_workstation(user: User, workstation: str) -> None:
    """Remember the workstation (counter window, desk) a user sits at; papers are printed with its offsets."""
    User.objects.filter(pk=user.pk).update(workstation=workstation)
    user.workstation = workstation
