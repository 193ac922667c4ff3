"""What the disk itself takes for one durable write: no answer that is acknowledged can be faster."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from benchmarks.visitors import Speed

# About what SQLite writes to its log for an answer.
WRITTEN = 3 * 4096


def durable_writes(folder: Path, *, a_second: int, seconds: float) -> Speed:
    """So many each second, one after the other, as the log of a database grows."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        begun = time.perf_counter()
        for number in range(int(a_second * seconds)):
            time.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
            began = time.perf_counter()
            os.pwrite(file.fileno(), os.urandom(WRITTEN), number * WRITTEN)
            os.fdatasync(file.fileno())
            took.append(1000 * (time.perf_counter() - began))
        lasted = time.perf_counter() - begun
    took.sort()
    return Speed(a_second=len(took) / lasted, p50=took[len(took) // 2], p99=took[len(took) * 99 // 100], errors=0)
