"""Starting Django for a verb, once."""

from __future__ import annotations

import os

from mainstay.commands.words import language


def django_ready() -> None:
    """Compile the catalogues, start Django and speak the terminal's language from here on."""
    from mainstay.kit.collector import collector_at_rest
    from mainstay.kit.messages import compile_messages

    compile_messages()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    with collector_at_rest():
        import django
        from django.utils import translation

        django.setup()
    translation.activate(language())
