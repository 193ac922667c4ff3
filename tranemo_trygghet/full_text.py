"""Finding words in what the database holds: by their stems on PostgreSQL, by their beginnings on SQLite.

There is no index to keep up with the content, and so none that could hold what has been masked or hidden: each query
reads the rows that it is given, which are published. A portal has some hundred texts, read in milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Collate, Lower

SWEDISH = "swedish"
IN_TITLE = 100


def words_in(query: str) -> list[str]:
    return re.findall(r"[^\W_]+", query.casefold())


def found(rows: QuerySet[Any], words: Sequence[str], *, title: str, texts: Sequence[str]) -> QuerySet[Any]:
    """The rows that hold every one of the words, with `rank`: higher where the title has them."""
    search = found_by_stems if connection.vendor == "postgresql" else found_by_beginnings
    return search(rows, words, title, texts)


def found_by_stems(rows: QuerySet[Any], words: Sequence[str], title: str, texts: Sequence[str]) -> QuerySet[Any]:
    """PostgreSQL's own search, with the Swedish stems: "lampa" finds "lamporna", and so does "lam"."""
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), config=SWEDISH, search_type="raw")
    vector: Any = SearchVector(in_small_letters(title), weight="A", config=SWEDISH)
    for text in texts:
        vector += SearchVector(in_small_letters(text), weight="D", config=SWEDISH)
    return rows.annotate(vector=vector, rank=SearchRank(F("vector"), query)).filter(vector=query)


def in_small_letters(field: str) -> Lower:
    """Also Å, Ä and Ö, whatever language the database server was set up in."""
    return Lower(Collate(field, "und-x-icu"))


def found_by_beginnings(rows: QuerySet[Any], words: Sequence[str], title: str, texts: Sequence[str]) -> QuerySet[Any]:
    """For SQLite, which knows no Swedish: each word begins some word of the row. Python's own letters: Å is å."""
    rank: Any = Value(0)
    for word in words:
        begins = rf"\b{re.escape(word)}"
        anywhere = Q(*[(f"{field}__iregex", begins) for field in (title, *texts)], _connector=Q.OR)
        rows = rows.filter(anywhere)
        in_title = When(**{f"{title}__iregex": begins}, then=Value(IN_TITLE))
        rank = rank + Case(in_title, default=Value(1), output_field=IntegerField())
    return rows.annotate(rank=rank)
