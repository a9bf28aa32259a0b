"""How PostgreSQL shall plan the statements of a transaction that looks things up and writes them.

Columns for a SELECT that a transaction begins with anyway (its locks): they cost no statement, and PostgreSQL forgets
them with the transaction.
"""

from __future__ import annotations

# A list shorter than the planner believes lists to be would be planned anew each time, which takes several times what
# its look-ups take.
PLANNED_ONCE = "set_config('plan_cache_mode', 'force_generic_plan', true)"
# A plan made while a table was small, and kept, would read the whole of it once it is large. Only for transactions in
# which everything is a look-up, and on tables where only one index serves it.
LOOK_UPS = f"{PLANNED_ONCE}, set_config('enable_seqscan', 'off', true)"
