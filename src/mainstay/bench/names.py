"""Plausible fictitious names, phones and addresses for bulk data: made by arithmetic, so always the same."""

from __future__ import annotations

from functools import cache

from mainstay.kit.pinyin import initials

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
    "彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文"
    "志海燕春梅晓东雪峰宁佳欣雨子涵浩然思琪博宇轩梓晨瑞嘉怡诗琳俊凯"
)
TRADES = ["餐饮", "食品", "纺织", "酒店", "洗涤", "陶瓷", "玻璃", "面粉", "印染", "机械"]
WORDS = [
    "阳光", "翠湖", "锦绣", "金桂", "碧水", "绿荫", "滨江", "春晓", "文苑", "康泰", "星河",
    "东湖", "西园", "南山", "北苑",
    "和平", "幸福", "光明", "新华", "紫薇", "银杏", "海棠", "玉兰", "丁香", "梧桐",
    "书香", "清泉", "白云", "明珠", "长虹",
    "盛世", "学府", "枫林", "桃源", "月亮", "红旗", "向阳", "永安", "祥和", "福源",
]  # fmt: skip
KINDS = ["花园", "小区", "家园", "新村", "雅苑", "公寓", "华庭", "名居", "里", "府"]
DISTRICTS = ["城东区", "城西区", "城南区", "城北区", "高新区", "开发区"]
_MIX = 2_654_435_761
_WIDE = 1 << 32


def mixed(number: int, salt: int = 0) -> int:
    """A well-spread 32-bit number made from another (two rounds of a multiplicative hash)."""
    value = (number * _MIX + salt * 40_503) % _WIDE
    return ((value ^ (value >> 15)) * 2_246_822_519) % _WIDE


@cache
def _letters() -> tuple[dict[str, str], dict[str, str]]:
    """Initials of the surnames and of the given names; the dictionary is only loaded where somebody is named."""
    return {one: initials(one + "明")[:1] for one in SURNAMES}, {one: initials("王" + one)[1:] for one in GIVEN}


def person(number: int) -> tuple[str, str]:
    """A person's name and its initials: one in five with one given character, the others with two."""
    first, given = _letters()
    surname, rest = SURNAMES[number % len(SURNAMES)], number // len(SURNAMES)
    one, rest = GIVEN[rest % len(GIVEN)], rest // len(GIVEN)
    if rest % 5 == 0:
        return surname + one, first[surname] + given[one]
    two = GIVEN[rest % len(GIVEN)]
    return surname + one + two, first[surname] + given[one] + given[two]


def community(number: int) -> str:
    """Name of the n-th community; beyond the pool with the number of its phase."""
    pair, phase = number % (len(WORDS) * len(KINDS)), number // (len(WORDS) * len(KINDS))
    name = WORDS[pair % len(WORDS)] + KINDS[pair // len(WORDS)]
    return f"{name}{phase + 1}期" if phase else name


def firm(number: int) -> str:
    """Name of the n-th firm."""
    return f"{WORDS[number % len(WORDS)]}{TRADES[number // len(WORDS) % len(TRADES)]}{number}号有限公司"


def phone(number: int, seed: int) -> str:
    """An eleven-digit number of a prefix that no operator has given out to people."""
    return f"100{mixed(number, seed) % 100_000_000:08d}"
