"""Static files under names that carry their content's hash, compressed, cacheable for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Manifest(CompressedManifestStaticFilesStorage):
    """Manifest storage that still answers, with plain names, before `collectstatic` has run.

    `./mainstay serve` collects before it starts. A management command, a test or an error page must not
    fail only because nobody has collected yet; once a manifest exists, a missing entry is an error again.
    In folders named `modules`, scripts import each other under their hashed names too.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("*/modules/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
    max_post_process_passes = 20  # as deep as modules import each other

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one while there is no manifest at all."""
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
