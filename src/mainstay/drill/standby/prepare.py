"""Fill the pair's database with a small company: `python -m mainstay.drill.standby.prepare ACCOUNTS OUT`."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Build accounts with a bill each and a token that may pay; write both down."""
    accounts, out = argv
    from mainstay.commands.ready import django_ready

    django_ready()
    from mainstay.bench import payments_work
    from mainstay.gas.customers.models import Account

    company = payments_work.build(int(accounts), 1)
    numbers = Account.objects.order_by("pk").values_list("account_no", flat=True)
    Path(out).write_text(json.dumps({"token": company.token, "accounts": list(numbers)}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
