"""The site's one stylesheet, put together from its many files: a page asks for one, and nothing needs a build step."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

STYLESHEET = "css/site.css"
SOURCES = Path(settings.BASE_DIR) / "static" / "css"
# A real file, since WhiteNoise and findstatic ask for a path. It lies with the other things that can be made again.
BUILT = Path(settings.BASE_DIR) / "var" / "stylesheet"


def parts(sources: Path = SOURCES) -> list[Path]:
    """What everything rests on, then the components by name, and last the printed page, which overrides."""
    first = [sources / name for name in ("tokens.css", "base.css", "layout.css")]
    return [*first, *sorted((sources / "components").glob("*.css")), sources / "print.css"]


def stylesheet(sources: Path = SOURCES) -> str:
    """The whole stylesheet without comments and indentation, which are for us and not for the reader's phone."""
    whole = "\n".join(part.read_text(encoding="utf-8") for part in parts(sources))
    without_comments = re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL)
    return "\n".join(line.strip() for line in without_comments.splitlines() if line.strip()) + "\n"


def build(sources: Path = SOURCES, built: Path = BUILT) -> Path:
    """Write the stylesheet if its words have changed, in one step: another process never reads half of it."""
    path, text = built / STYLESHEET, stylesheet(sources)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        os.replace(file.name, path)
    return path


class StylesheetFinder(BaseFinder):
    """Shows css/site.css to collectstatic, runserver and WhiteNoise as if it lay in static/."""

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    # Django itself asks for everything or one thing by a flag; its stubs describe that as two methods.
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:  # type: ignore[override]
        if path.replace(os.sep, "/") != STYLESHEET:
            return []
        found = str(build())
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        build()
        if not matches_patterns(STYLESHEET, ignore_patterns or []):
            yield STYLESHEET, FileSystemStorage(location=BUILT)
