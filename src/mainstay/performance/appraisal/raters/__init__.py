"""How strict is each rater? A statistical view of ratings by crossed random effects.

Pure: no database, no clock, no Django. `report(collect(rows))` is all a caller needs.
"""

import os

# The systems are small: a second thread of the linear algebra only waits for the first, longest on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from mainstay.performance.appraisal.raters.data import Given, Ratings, collect
from mainstay.performance.appraisal.raters.design import Design, Link, design_of, plan_links
from mainstay.performance.appraisal.raters.errors import RatingsError
from mainstay.performance.appraisal.raters.fit import Fit, Variances, adjusted_scores, fit
from mainstay.performance.appraisal.raters.measures import Doubt, Habits, habits, review_list
from mainstay.performance.appraisal.raters.report import RateeLine, RaterLine, Report, report

__all__ = [
    "Design",
    "Doubt",
    "Fit",
    "Given",
    "Habits",
    "Link",
    "RateeLine",
    "RaterLine",
    "Ratings",
    "RatingsError",
    "Report",
    "Variances",
    "adjusted_scores",
    "collect",
    "design_of",
    "fit",
    "habits",
    "plan_links",
    "report",
    "review_list",
]
