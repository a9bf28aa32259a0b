"""The search finds what clerks type, only in their branches, and by indexes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.gas.customers.models import Account, Premise
from mainstay.gas.customers.queries import search_accounts
from tests.gas.make import make_account, make_area, make_premise, make_unit, make_user

VIEW = "gas.customers.view_account"
pytestmark = pytest.mark.django_db


def place(community: str, building: str, entrance: str, room: str) -> Premise:
    return make_premise(make_area(community), building=building, entrance=entrance, room=room)


@pytest.fixture
def zhang() -> Account:
    account = make_account(name="张三", phone="13800138000", premise=place("阳光花园", "3", "1", "501"))
    Account.objects.filter(pk=account.pk).update(account_no="1000000012")
    account.refresh_from_db()
    return account


@pytest.fixture
def others(zhang: Account) -> list[Account]:
    return [
        make_account(name="张三丰", phone="13800138001", premise=place("阳光花园", "3", "2", "501"), unit=zhang.unit),
        make_account(name="李四", phone="13912345678", premise=place("翠湖小区", "3", "1", "501"), unit=zhang.unit),
        make_account(name="曾一", phone="0531-88123456", premise=place("阳光家园", "5", "1", "301"), unit=zhang.unit),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1000000012", ["张三"]),
        ("10000000", ["张三"]),
        ("13800138000", ["张三"]),
        ("8000", ["张三"]),
        ("138 0013 8001", ["张三丰"]),
        ("张三", ["张三", "张三丰"]),
        ("zs", ["张三", "张三丰"]),
        ("ZSF", ["张三丰"]),
        ("zy", ["曾一"]),
        ("阳光 3-501", ["张三", "张三丰"]),
        ("阳光花园3栋1单元501", ["张三"]),
        ("阳光花园3号楼1单元501室", ["张三"]),
        ("yghy3-501", ["张三", "张三丰"]),
        ("阳光花园501", ["张三", "张三丰"]),
        ("城东区阳光花园3-1-501", ["张三"]),
        ("阳光 李四", []),
        ("阳光 曾一", ["曾一"]),
        ("张三 阳光花园", ["张三", "张三丰"]),
        ("阳光花园 张三 3-1-501", ["张三"]),
        ("城东区阳光花园 张三丰 3-501", ["张三丰", "张三"]),
        ("翠湖", ["李四"]),
        ("翠湖小区", ["李四"]),
        ("没有这个人", []),
        ("%", []),
        ("_'; DROP TABLE", []),
        ("", []),
    ],
)
def test_finds(zhang: Account, others: list[Account], text: str, names: list[str]) -> None:
    found = search_accounts(make_user(VIEW), text)
    assert [account.customer.name for account in found][: len(names)] == names
    assert bool(found) == bool(names)


def test_finds_by_meter_number(zhang: Account, others: list[Account]) -> None:
    meter = zhang.installations.get().meter
    user = make_user(VIEW)
    assert search_accounts(user, meter.meter_no) == [zhang]
    assert zhang in search_accounts(user, meter.meter_no[:6])
    meter.meter_no = "XB20240017"
    meter.save()
    assert search_accounts(user, "xb2024") == [zhang]


def test_an_exact_number_finds_only_its_account(zhang: Account) -> None:
    longer = make_account(unit=zhang.unit)
    Account.objects.filter(pk=longer.pk).update(account_no="10000000125")
    user = make_user(VIEW)
    assert search_accounts(user, "1000000012") == [zhang]
    assert search_accounts(user, "100000001") == [zhang, Account.objects.get(pk=longer.pk)]


@pytest.mark.parametrize("text", ["1000000012", "8000", "张三", "zs", "阳光 3-501", "张三 阳光"])
def test_finds_nothing_of_other_branches(zhang: Account, text: str) -> None:
    stranger = make_user(VIEW, unit=make_unit("城西营业所"), scope="unit")
    neighbour = make_user(VIEW, unit=zhang.unit, scope="unit")
    assert search_accounts(stranger, text) == []
    assert search_accounts(make_user(), text) == []
    assert search_accounts(neighbour, text) == [zhang]
    assert search_accounts(neighbour, text, right="gas.payments.take_payment") == []


def test_finds_meters_of_own_branch_only(zhang: Account) -> None:
    meter_no = zhang.installations.get().meter.meter_no
    stranger = make_user(VIEW, unit=make_unit("城西营业所"), scope="unit")
    assert search_accounts(stranger, meter_no) == []
    assert search_accounts(stranger, meter_no[:6]) == []


def test_keeps_to_the_limit_and_costs_few_statements() -> None:
    unit = make_unit()
    for _number in range(6):
        make_account(name="王伟", unit=unit)
    user = make_user(VIEW)
    search_accounts(user, "x")
    with CaptureQueriesContext(connection) as captured:
        assert len(search_accounts(user, "王伟", limit=4)) == 4
    assert len(captured) <= 3


@pytest.mark.parametrize(
    "table, column", [("customer", "name"), ("customer", "initials"), ("customer", "phone_reversed")]
)
def test_beginnings_are_ranges_of_an_index(table: str, column: str) -> None:
    """The planner may use the index at all: asked with sequential reads made unattractive."""
    user = make_user(VIEW)
    text = {"name": "张三", "initials": "zs", "phone_reversed": "8000"}[column]
    with CaptureQueriesContext(connection) as captured:
        search_accounts(user, text)
    sql = next(query["sql"] for query in captured if f"c.{column}" in query["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert {"name": "customer_name", "initials": "customer_initials", "phone_reversed": "customer_phone_tail"}[
        column
    ] in plan
