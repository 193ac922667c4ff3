"""Stable keys from Swedish words, so that nobody who writes a question has to invent one."""

from __future__ import annotations

from collections.abc import Container

from django.utils.text import slugify

LONGEST = 40


def key_from(words: str, taken: Container[str]) -> str:
    """Small letters a–z, digits and underscores, as KEY asks, and not among those that are taken."""
    key = slugify(words.translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))).replace("-", "_").strip("_")
    key = key if key[:1].isalpha() else f"k_{key}".rstrip("_")
    whole, number = key[:LONGEST].rstrip("_"), 1
    key = whole
    while key in taken:
        number += 1
        key = f"{whole[: LONGEST - len(str(number)) - 1]}_{number}"
    return key
