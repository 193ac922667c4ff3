"""The last good pages, in a folder: they survive a restart, and any number of processes may share them."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tranemo_trygghet.page_store.pages import Page

logger = logging.getLogger(__name__)

# A draft older than this was left by a process that was killed.
ABANDONED_AFTER = 3600.0


class Disk:
    """About `limit` bytes at most, the oldest page going first.

    Every file is written whole under another name and then renamed, so a reader sees a page or no page. A disk that
    is full, read-only or broken costs the pages on it and nothing else.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self._written = limit  # so that the first page looks at what lies there
        self._has_complained = False

    def get(self, key: str) -> Page | None:
        path = self._path(key)
        try:
            return Page.from_bytes(path.read_bytes(), key)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as fault:
            self._complain(fault)
            return None

    def put(self, key: str, page: Page) -> None:
        stored = page.to_bytes(key)
        if len(stored) > self.limit // 4:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self._path(key), stored)
            self._written += len(stored)
            if self._written > self.limit // 10:
                self._written = 0
                self._prune()
        except OSError as fault:
            self._complain(fault)

    def drop_before(self, number: int) -> None:
        """Remove every page from before this content version: something on one of them must not be seen again."""
        for path in self._paths():
            if _number(path) < number:
                path.unlink(missing_ok=True)

    def _write(self, path: Path, stored: bytes) -> None:
        handle, draft = tempfile.mkstemp(dir=self.folder, suffix=".draft")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(stored)
            os.replace(draft, path)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise

    def _prune(self) -> None:
        """Make room for a tenth of the limit, which is what may be written until the next time."""
        files = sorted(((stat.st_mtime, stat.st_size, path) for path, stat in self._stats()), reverse=True)
        room = self.limit - self.limit // 10
        for written_at, size, path in files:
            room -= size
            if room < 0 or (path.suffix == ".draft" and time.time() - written_at > ABANDONED_AFTER):
                path.unlink(missing_ok=True)

    def _stats(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in [*self._paths(), *self.folder.glob("*.draft")]:
            try:
                yield path, path.stat()
            except FileNotFoundError:  # another process was quicker
                continue

    def _paths(self) -> Iterator[Path]:
        return self.folder.glob("*.page")

    def _path(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()[:40]}.page"

    def _complain(self, fault: Exception) -> None:
        if not self._has_complained:
            logger.warning("Pages cannot be kept in or read from %s: %s", self.folder, fault)
        self._has_complained = True


def _number(path: Path) -> int:
    """The content version of a kept page; of a file that cannot be read, one that is always too old."""
    try:
        with path.open("rb") as file:
            return int(json.loads(file.readline())["number"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1
