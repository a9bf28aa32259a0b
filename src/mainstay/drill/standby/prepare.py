"""Fill the pair's database with a small company: `python -m mainstay.drill.standby.prepare ACCOUNTS OUT`."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Build accounts with a bill each, a token that may pay, two people who may rehearse; write all down."""
    accounts, out = argv
    from mainstay.commands.ready import django_ready

    django_ready()
    from mainstay.bench import payments_work
    from mainstay.gas.customers.models import Account

    company = payments_work.build(int(accounts), 1)
    numbers = Account.objects.order_by("pk").values_list("account_no", flat=True)
    facts = {"token": company.token, "accounts": list(numbers), "staff": _staff()}
    Path(out).write_text(json.dumps(facts), encoding="utf-8")
    return 0


def _staff() -> dict[str, str]:
    """Two people of the machine room, with passwords drawn for this drill."""
    from django.utils import timezone

    from mainstay.continuity.standby.actions import REHEARSE
    from mainstay.continuity.standby.queries import VIEW
    from mainstay.core.access.models import Grant, Role, RoleRight, User
    from mainstay.core.organisation.models import Person, Unit
    from mainstay.kit.dates import local_today

    role = Role.objects.create(code="drill-room", name_zh="机房")
    RoleRight.objects.bulk_create(RoleRight(role=role, right=right, scope="all") for right in (REHEARSE, VIEW))
    unit, found = Unit.objects.earliest("pk"), {}
    for number, name in enumerate(("机房值班一", "机房值班二"), 1):
        person = Person.objects.create(staff_no=f"DRILL{number}", name=name, initials="jf")
        user = User(username=f"drill-room-{number}", person=person, password_changed_at=timezone.now())
        found[user.username] = secrets.token_urlsafe(12)
        user.set_password(found[user.username])
        user.save()
        Grant.objects.create(role=role, user=user, unit=unit, from_on=local_today())
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
