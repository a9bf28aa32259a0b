"""Runs over accounts are offered for branches that have accounts, and for those above them."""

from __future__ import annotations

import pytest

from mainstay.gas.customers.queries import units_with_accounts
from tests.core.make import make_user
from tests.gas.make import make_account, make_unit

pytestmark = pytest.mark.django_db
RIGHT = "gas.latefees.propose_run"


def test_units_without_accounts_are_left_out() -> None:
    branch, empty = make_unit("城东"), make_unit("工程科")
    make_account(unit=branch)
    everywhere = make_user(rights={RIGHT: ("all", None)})
    found = set(units_with_accounts(everywhere, RIGHT))
    assert branch in found
    assert empty not in found
    assert all(branch.path.startswith(one.path) for one in found)
    assert not units_with_accounts(make_user(rights={RIGHT: ("subtree", None)}, unit=empty), RIGHT)
