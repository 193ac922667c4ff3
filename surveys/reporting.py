"""Which groups are one group in the result; decided before the round opens, so it tells nothing of who is few."""

from __future__ import annotations

from django.utils.translation import gettext

from surveys.codebook import BookQuestion


def reported_together(background: BookQuestion) -> dict[str, tuple[str, str]]:
    """The key and label that each such option is told under."""
    together = {option.reported_with for option in background.options} - {""}
    labels = {
        word: gettext(" eller ").join(option.text for option in background.options if option.reported_with == word)
        for word in together
    }
    return {
        option.key: (option.reported_with, labels[option.reported_with])
        for option in background.options
        if option.reported_with
    }
