"""The clerk who takes payments while the billing benchmark runs."""

from __future__ import annotations

import uuid

from mainstay.bench.payments_work import RIGHTS, _clerk
from mainstay.core.access.models import Role, RoleRight
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.actions import take_payment

FEN = 5_000


class Clerk:
    """A user with an open shift."""

    def __init__(self) -> None:
        role = Role.objects.create(code="bench", name_zh="压测")
        RoleRight.objects.bulk_create(RoleRight(role=role, right=right, scope="all") for right in RIGHTS)
        self.user, self.shift = _clerk(0, role, Unit.objects.earliest("pk"))

    def pay(self, account_id: int) -> None:
        """Take 50 yuan in cash for an account through the counter's act."""
        take_payment(
            account=Account.objects.get(pk=account_id), amount_fen=FEN, tender=1, serial=uuid.uuid4().hex,
            shift=self.shift, by=self.user,
        )  # fmt: skip
