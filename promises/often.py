"""A question that is asked of the database so often that Django's making of its SQL costs more than the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
WORD = "\N{WHITE QUESTION MARK ORNAMENT}"


class Often(Generic[Row]):
    """The one row that a word finds, by SQL that each process makes once, from an ordinary queryset.

    Nothing is decided here: which rows there are is said by the queryset, as to everybody else.
    """

    def __init__(self, rows_of: Callable[[str], QuerySet[Row]]) -> None:
        self._rows_of = rows_of

    def find(self, word: str) -> Row | None:
        model, sql, parameters = self._question
        rows = model._base_manager.raw(sql, [word if each == WORD else each for each in parameters])
        return next(iter(rows), None)

    @cached_property
    def _question(self) -> tuple[type[Row], str, tuple[Any, ...]]:
        rows = self._rows_of(WORD).order_by()
        sql, parameters = rows.query.sql_with_params()
        return rows.model, sql, parameters
