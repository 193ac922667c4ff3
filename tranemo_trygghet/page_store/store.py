"""The kept pages of one process, and of the disk behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from tranemo_trygghet.page_store.disk import Disk
from tranemo_trygghet.page_store.edition import PATIENCE, Edition
from tranemo_trygghet.page_store.memory import Memory
from tranemo_trygghet.page_store.pages import Page


class PageStore:
    """Pages by whole address. Memory answers; the disk helps a process that has just started, or has no database."""

    def __init__(self, memory: Memory, disk: Disk) -> None:
        self.memory = memory
        self.disk = disk
        self.making = OneAtATime()
        self._withdrawn_before = -1

    def current(self, key: str, edition: Edition | None) -> Page | None:
        """The page if it is of this edition."""
        if edition is None:
            return None
        now = time.time()
        page = self.memory.get(key)
        if page is not None and page.is_current(edition, now):
            return page
        page = self.disk.get(key)  # another process may have made it
        if page is None or not page.is_current(edition, now):
            return None
        self._remember(key, page)
        return page

    def last_good(self, key: str) -> Page | None:
        """The page as it last was, for when no newer one can be made."""
        page = self.memory.get(key) or self.disk.get(key)
        if page is None or page.number < self._withdrawn_before:
            return None
        self.memory.put(key, page)
        return page

    def keep(self, key: str, page: Page) -> None:
        self._remember(key, page)
        self.disk.put(key, page)

    def withdraw(self, before: int) -> None:
        """Forget every page from before this content version, once: something was removed from the public then."""
        if before > self._withdrawn_before:
            self._withdrawn_before = before
            self.memory.drop_before(before)
            self.disk.drop_before(before)

    def _remember(self, key: str, page: Page) -> None:
        earlier = self.memory.get(key)
        if earlier is not None:
            page.take_variants_of(earlier)
        self.memory.put(key, page)


class OneAtATime:
    """Lets one request make a page; the others for the same address wait for it, and then look again."""

    def __init__(self) -> None:
        self._under_way: dict[str, Event] = {}
        self._lock = Lock()

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        with self._lock:
            others = self._under_way.get(key)
            if others is None:
                mine = self._under_way[key] = Event()
        if others is not None:
            others.wait(PATIENCE)
            yield
            return
        try:
            yield
        finally:
            with self._lock:
                del self._under_way[key]
            mine.set()
