"""Static files under names that carry their content's hash, compressed, cacheable for ever."""

from __future__ import annotations

from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

BROTLI_QUALITY = 9  # 11 takes twenty times as long, at the first start of a site, for a seventh of the bytes


class QuickCompressor(Compressor):
    """Whitenoise's own at a quality that does not keep a first start waiting."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return the bytes compressed."""
        packed: bytes = brotli.compress(data, quality=BROTLI_QUALITY)
        return packed


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

    def create_compressor(self, **options: Any) -> Compressor:
        """Return what writes the compressed copies."""
        return QuickCompressor(**options)

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one while there is no manifest at all."""
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
