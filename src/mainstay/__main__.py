"""`python -m mainstay VERB …`, which the launcher calls."""

import sys

from mainstay.cli import main

sys.exit(main())
