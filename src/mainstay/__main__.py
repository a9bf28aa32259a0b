"""`python -m mainstay VERB …`, which the launcher calls."""

import atexit
import gc
import sys

from mainstay.cli import main

atexit.register(gc.freeze)  # to look for cycles among all that was loaded would take as long as loading it
sys.exit(main())
