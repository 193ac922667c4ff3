"""Which code made a page: another template, another translation or another setting makes another page."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

FOLDERS = ("templates", "locale", "static", "promises", "surveys", "followups", "subscriptions", "tranemo_trygghet")
FILES = ("requirements.txt", "staticfiles/staticfiles.json")


def build_of_this_code() -> str:
    """A digest of the names, sizes and times of everything that a page is made by; some milliseconds."""
    root = Path(settings.BASE_DIR)
    seen = sorted(entry for folder in FOLDERS for entry in _files(root / folder))
    seen += [_seen(root / name) for name in FILES if (root / name).exists()]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def installation() -> str:
    """A digest of what tells one portal's pages from another's, should two share a folder."""
    database = settings.DATABASES["default"]
    named = [str(database.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME")]
    shown = [settings.SITE_URL, settings.SITE_NAME, str(settings.DEBUG)]
    return hashlib.sha256("\n".join(named + shown).encode()).hexdigest()[:16]


def _files(folder: Path) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("__pycache__", "tests")]
        yield from (_seen(Path(parent, name)) for name in names)


def _seen(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError:  # removed while we looked
        return f"{path} -"
    return f"{path} {stat.st_size} {stat.st_mtime_ns}"
