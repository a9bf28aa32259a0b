"""Settings of test runs: the product's own, with a throw-away data folder and nothing that only costs time.

pytest reads this module before any conftest, so the environment is set here, ahead of the real settings.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

DATA_FOLDER = Path(tempfile.mkdtemp(prefix="mainstay-test-"))
os.environ["MAINSTAY_DATA"] = str(DATA_FOLDER)
(DATA_FOLDER / "static").mkdir()  # whitenoise warns without it, and warnings are errors here
for _name in ("MAINSTAY_DEBUG", "MAINSTAY_HOSTS", "MAINSTAY_HTTPS", "MAINSTAY_LANGUAGE", "MAINSTAY_IDLE_MINUTES"):
    os.environ.pop(_name, None)

from mainstay.config.settings import *  # noqa: E402, F403
from mainstay.config.settings import DATABASES, STORAGES  # noqa: E402
from mainstay.kit.messages import compile_messages  # noqa: E402

compile_messages()  # before Django loads a catalogue, which it then keeps

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes of race tests open it too, with the locks of the real product.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_FOLDER / "test.sqlite3")}
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
