"""Plans without a database: periods, scoring, weights, shares, amendments, the content of a contract."""

from mainstay.performance.plans.rules.amounts import FULL_BP, bp_text, number_text, parse_number
from mainstay.performance.plans.rules.content import digest_of
from mainstay.performance.plans.rules.scoring import Reported, Score, Values, grade_cap, score
from mainstay.performance.plans.rules.scoring_checks import check_rule
from mainstay.performance.plans.rules.sentences import Sentence
from mainstay.performance.plans.rules.shares import Coverage, Part, contract_points, coverage, roll_up

__all__ = [
    "FULL_BP",
    "Coverage",
    "Part",
    "Reported",
    "Score",
    "Sentence",
    "Values",
    "bp_text",
    "check_rule",
    "contract_points",
    "coverage",
    "digest_of",
    "grade_cap",
    "number_text",
    "parse_number",
    "roll_up",
    "score",
]
