"""The text of SELECT statements as Django writes it, with less work.

A statement is written anew for each query, a page asks a dozen, and a row that brings its relations has fifty columns.
Of each Django makes a key, to find the columns that the order may name by their position; where the order names fields
only, it finds none. And of each it asks how this database wants it written; a plain column is written alike on all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler


class Selects(SQLCompiler):
    """Django's compiler of SELECT statements; the compilers of the two databases begin with it."""

    def compile(self, node: Any) -> Any:
        """Write an expression."""
        if type(node) is not Col:
            return super().compile(node)
        alias: Any = node.alias
        name: Any = node.target.column
        column = self.quote_cache.get(name) or self.quote_name_unless_alias(name)
        if not alias:
            return column, []
        return f"{self.quote_cache.get(alias) or self.quote_name_unless_alias(alias)}.{column}", []

    def _order_by_pairs(self) -> Any:
        """Return what the rows are ordered by; names of fields are looked up without the selected columns."""
        django: Any = super()
        selected = self.select
        if not selected or not self._names_fields(selected):
            return django._order_by_pairs()
        self.select = None
        try:
            return list(django._order_by_pairs())
        finally:
            self.select = selected

    def _names_fields(self, selected: Sequence[Any]) -> bool:
        """Tell whether the order has nothing but names, and none of them is that of a selected column."""
        query: Any = self.query
        if query.combinator:
            return False
        meta = query.get_meta()
        order = query.extra_order_by or query.order_by or (query.default_ordering and meta and meta.ordering) or ()
        if not all(isinstance(name, str) for name in order):
            return False
        return {name.removeprefix("-") for name in order}.isdisjoint(alias for _column, _sql, alias in selected)
