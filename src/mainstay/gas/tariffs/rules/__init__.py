"""The rating engine 计价引擎: tariffs as data, and `rate`, a pure function from a period to charge lines.

No database, no clock, no settings, no floating point.
"""

from .changes import Part, Period, parts
from .complete import complete
from .data import plan_from_data, version_from_data
from .errors import TariffError
from .fields import decimal_of
from .plan import (
    DEFAULT_VAT_BP,
    MAX_PERSONS,
    ChangeMethod,
    MonthDay,
    Plan,
    Version,
    last_day,
)
from .rate import rate
from .rating import ChargeLine, Counters, LineKind, Rating
from .rounding import Rounding, vat_inside
from .schedule import (
    Band,
    Fact,
    Schedule,
    Situation,
    SituationKey,
    expressible,
    persons_cap,
    schedule,
    situation_key,
    yuan_e4,
)
from .todata import plan_to_data, version_to_data
from .year import months_between, tariff_year

__all__ = [
    "DEFAULT_VAT_BP",
    "MAX_PERSONS",
    "Band",
    "ChangeMethod",
    "ChargeLine",
    "Counters",
    "Fact",
    "LineKind",
    "MonthDay",
    "Part",
    "Period",
    "Plan",
    "Rating",
    "Rounding",
    "Schedule",
    "Situation",
    "SituationKey",
    "TariffError",
    "Version",
    "complete",
    "decimal_of",
    "expressible",
    "last_day",
    "months_between",
    "parts",
    "persons_cap",
    "plan_from_data",
    "plan_to_data",
    "rate",
    "schedule",
    "situation_key",
    "tariff_year",
    "vat_inside",
    "version_from_data",
    "version_to_data",
    "yuan_e4",
]
