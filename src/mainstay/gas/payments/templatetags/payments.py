"""Amounts as plain text, for fields and sentences."""

from __future__ import annotations

from django import template

from mainstay.kit import money

register = template.Library()


@register.filter
def yuan(fen: int) -> str:
    """Fen as yuan without markup: 5220 → "52.20"."""
    return money.yuan(fen, thousands=False)
