"""Words in a stored value, whatever its shape: a text, or the texts in a value of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def texts_in(value: Any) -> Iterator[str]:
    """Every text in the value; not the names that JSON gives its parts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)


def stand_in(words: str, value: Any) -> bool:
    return any(words in text for text in texts_in(value))


def replaced(value: Any, words: str, others: str) -> Any:
    """The value with `others` wherever the words stood."""
    if isinstance(value, str):
        return value.replace(words, others)
    if isinstance(value, dict):
        return {key: replaced(each, words, others) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(each, words, others) for each in value]
    return value
