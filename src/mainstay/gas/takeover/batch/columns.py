"""The columns of the three sheets."""

from __future__ import annotations

from mainstay.gas.customers.models import Account, Customer
from mainstay.gas.meters.models import Meter
from mainstay.kit.sheets import Column, Kind

CATEGORIES = {
    "居民": Account.Category.RESIDENTIAL, "residential": Account.Category.RESIDENTIAL,
    "公共机构": Account.Category.INSTITUTION, "institution": Account.Category.INSTITUTION,
    "商业": Account.Category.COMMERCIAL, "commercial": Account.Category.COMMERCIAL,
    "工业": Account.Category.INDUSTRIAL, "industrial": Account.Category.INDUSTRIAL,
}  # fmt: skip
STATES = {
    "正常": Account.State.ACTIVE, "在用": Account.State.ACTIVE, "active": Account.State.ACTIVE,
    "报停": Account.State.SUSPENDED, "suspended": Account.State.SUSPENDED,
}  # fmt: skip
KINDS = {
    "个人": Customer.Kind.PERSON, "person": Customer.Kind.PERSON,
    "单位": Customer.Kind.FIRM, "firm": Customer.Kind.FIRM,
}  # fmt: skip
METERS = {
    "膜式表": Meter.Kind.DIAPHRAGM, "diaphragm": Meter.Kind.DIAPHRAGM, "IC卡表": Meter.Kind.IC_CARD,
    "ic card": Meter.Kind.IC_CARD, "物联网表": Meter.Kind.IOT, "iot": Meter.Kind.IOT,
    "工业表": Meter.Kind.INDUSTRIAL, "industrial": Meter.Kind.INDUSTRIAL,
}  # fmt: skip
YES = {"是": True, "yes": True, "1": True, "否": False, "no": False, "0": False}


def _free(key: str, zh: str, en: str, kind: Kind = Kind.TEXT, **more: object) -> Column:
    return Column(key, zh, en, kind, required=False, **more)  # type: ignore[arg-type]


ACCOUNTS = (
    Column("account_no", "户号", "Account no.", aliases=("用户编号",), example="10000001"),
    _free("customer_no", "客户编号", "Customer no."),
    Column("name", "户名", "Name", aliases=("姓名", "用户名称"), example="周明"),
    _free("kind", "客户类型", "Kind of customer", Kind.CHOICE, choices=KINDS),
    _free("phone", "电话", "Phone", aliases=("手机",)),
    _free("id_no", "证件号", "ID or credit code"),
    Column("community", "小区", "Community", aliases=("街道",), example="阳光花园"),
    _free("building", "楼栋", "Building"),
    _free("entrance", "单元", "Entrance"),
    _free("room", "房号", "Room"),
    _free("address", "地址", "Address"),
    _free("category", "用气性质", "Category", Kind.CHOICE, choices=CATEGORIES),
    _free("state", "状态", "State", Kind.CHOICE, choices=STATES),
    Column("opened_on", "开户日期", "Opened on", Kind.DATE, example="2019-05-01"),
    Column("plan", "价格方案", "Tariff plan", example="Beijing/residential"),
    _free("persons", "人数", "Persons", Kind.INT),
    _free("low_income_until", "低保截止日", "Low income until", Kind.DATE),
    _free("heating", "采暖", "Heating", Kind.CHOICE, choices=YES),
    Column("book", "抄表册", "Book", example="D01-001"),
    _free("sequence", "册内序号", "Place in the book", Kind.INT),
    Column("meter_no", "表号", "Meter no.", example="20190512345"),
    _free("meter_kind", "表类型", "Kind of meter", Kind.CHOICE, choices=METERS),
    _free("maker", "厂家", "Maker"),
    _free("digits", "表盘位数", "Digits", Kind.INT),
    _free("verified_until", "检定有效期", "Verified until", Kind.DATE),
    Column("index", "最后止码", "Last index", Kind.VOLUME, example="1283"),
    Column("read_on", "最后抄表日期", "Last read on", Kind.DATE, example="2026-10-25"),
    _free("year_volume", "年累计气量", "Volume of the year", Kind.VOLUME),
    _free("advance", "预存余额", "Advance", Kind.MONEY),
    _free("deposit", "押金", "Deposit", Kind.MONEY),
)
DEBTS = (
    Column("account_no", "户号", "Account no.", aliases=("用户编号",), example="10000001"),
    Column("period", "账期", "Period", Kind.PERIOD, example="2026-09"),
    Column("amount", "欠费金额", "Unpaid", Kind.MONEY, aliases=("欠费",), example="78.30"),
    Column("due_on", "应缴日期", "Due on", Kind.DATE, example="2026-10-15"),
)
BILLS = (
    Column("account_no", "户号", "Account no.", aliases=("用户编号",), example="10000001"),
    Column("period", "账期", "Period", Kind.PERIOD, example="2026-10"),
    Column("from_on", "上次抄表日期", "From", Kind.DATE, example="2026-09-25"),
    Column("to_on", "本次抄表日期", "To", Kind.DATE, example="2026-10-25"),
    Column("volume", "气量", "Volume", Kind.VOLUME, example="30"),
    _free("year_before", "期前年累计", "Year volume before", Kind.VOLUME),
    Column("amount", "金额", "Amount", Kind.MONEY, example="78.30"),
)
