"""Tagged PDF files (PDF/UA-1): a page that a screen reader reads aloud, and that looks the same in every archive.

WeasyPrint is optional, since it needs libraries of the system: Pango, HarfBuzz and Fontconfig. Where they are missing,
the portal has no such files and says nothing of them.
"""

from __future__ import annotations

from ctypes import CDLL
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings

STYLESHEET = Path(settings.BASE_DIR) / "static" / "css" / "pdf.css"
FONTS = Path(settings.BASE_DIR) / "static" / "fonts"
LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0")

# One at a time: a file takes half a second of a whole processor, and the libraries below promise threads nothing.
one_at_a_time = Lock()


@cache
def is_possible() -> bool:
    """Whether files can be made here. Asked by pages that are made often, so it does not load what makes them."""
    return find_spec("weasyprint") is not None and all(map(can_load, LIBRARIES))


def can_load(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True


@lru_cache(maxsize=32)
def pdf_of(html: str) -> bytes:
    """The document as a file: the same bytes for the same words, whoever makes it and when."""
    with one_at_a_time:
        return _made(html)


def _made(html: str) -> bytes:
    # Here, since it takes a second and 40 MB that most processes never need.
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFonts(URLFetcher):
        """Gives out the portal's fonts and nothing else, whatever address a text may hold."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            path = FONTS / url.rpartition("/")[2]
            if url != path.as_uri():
                raise ValueError(f"{url} is no font of the portal")
            return URLFetcherResponse(url, path.read_bytes())

    fetcher, fonts = OwnFonts(), FontConfiguration()
    words, base = STYLESHEET.read_text("utf-8"), STYLESHEET.as_uri()
    style = CSS(string=words, base_url=base, font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=html, base_url=settings.SITE_URL, url_fetcher=fetcher)
    return bytes(document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1"))
