"""The pages that are asked for, in this process's memory."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from tranemo_trygghet.page_store.pages import Page


class Memory:
    """Never more than `limit` bytes: the page that has waited longest for a reader goes first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._pages: OrderedDict[str, tuple[Page, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> Page | None:
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            self._pages.move_to_end(key)
            page, size = found
            if page.size != size:  # it has been compressed since
                self._set(key, page)
            return page

    def put(self, key: str, page: Page) -> None:
        with self._lock:
            self._set(key, page)

    def drop_before(self, number: int) -> None:
        with self._lock:
            for key in [key for key, (page, _size) in self._pages.items() if page.number < number]:
                self._remove(key)

    def _set(self, key: str, page: Page) -> None:
        self._remove(key)
        self._pages[key] = (page, page.size)
        self.size += page.size
        while self.size > self.limit:
            self._remove(next(iter(self._pages)))

    def _remove(self, key: str) -> None:
        _page, size = self._pages.pop(key, (None, 0))
        self.size -= size
