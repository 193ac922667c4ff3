"""What a log tells of a fault while an answer, a code or an address was received: where it happened, never its words.

An exception's words are written for whoever sees the values too: PostgreSQL's "Failing row contains (…)" is the whole
answer, a KeyError is what was chosen. So they stay out of the log, wherever the request's fields are secret.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator


class WithoutWords(logging.Filter):
    """Leaves the lines of the code and the kind of the fault, of requests marked `sensitive_post_parameters`."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_secret = getattr(getattr(record, "request", None), "sensitive_post_parameters", None)
        if is_secret and record.exc_info:
            record.exc_text = "\n".join(in_lines(record.exc_info[1]))
            record.exc_info = None
        return True


def in_lines(fault: BaseException | None) -> Iterator[str]:
    """The fault and those that led to it, last first, each as where it went through and what kind it is."""
    while fault is not None:
        yield "".join(traceback.format_tb(fault.__traceback__)) + type(fault).__qualname__
        fault = fault.__cause__ or fault.__context__
