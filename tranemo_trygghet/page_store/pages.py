"""One kept page: its bytes in every encoding, and the answer that they make."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from tranemo_trygghet.page_store.edition import Edition

BEST_FIRST = ("br", "gzip")
COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
# Headers that every answer gets anew.
MADE_HERE = frozenset({"cache-control", "content-encoding", "content-length", "etag", "expires", "vary"})
WHILE_GONE = "public, max-age=5, stale-if-error=86400"

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Variant:
    """A page's bytes in one encoding, and the headers that tell of them."""

    body: bytes
    etag: str
    encoding: str


@dataclass
class Page:
    """A public page as it was made, for one address."""

    body: bytes
    headers: dict[str, str]
    number: int
    build: str
    made_at: float
    ends_at: float
    digest: str = ""
    # The headers that Django answered with, by status and tag: the front says them again.
    sent: dict[tuple[str, str], Headers] = field(default_factory=dict)
    _variants: dict[str, Variant] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.digest = self.digest or digest_of(self.body)

    @classmethod
    def of(cls, response: HttpResponseBase, edition: Edition, made_at: float) -> Page:
        kept = {name: value for name, value in response.items() if name.lower() not in MADE_HERE}
        body = response.content if isinstance(response, HttpResponse) else b""
        return cls(body, kept, edition.number, edition.build, made_at, edition.ends_at)

    @property
    def size(self) -> int:
        """Bytes in memory; a little more than the bodies."""
        return len(self.body) + sum(len(each.body) for each in list(self._variants.values())) + 2000

    def is_current(self, edition: Edition, now: float) -> bool:
        """Whether it is of this edition, and the clock, which may jump, is within the page's time."""
        same = self.number == edition.number and self.build == edition.build
        return same and self.made_at <= now < self.ends_at

    def variant(self, encoding: str) -> Variant:
        """The bytes as asked for, compressed the first time only."""
        return self._variants.get(encoding) or self._encode(encoding)

    def take_variants_of(self, other: Page) -> None:
        """Spare the compression when the page came out as it was."""
        if self.digest == other.digest:
            self._variants = other._variants

    def _encode(self, encoding: str) -> Variant:
        with self._lock:
            if encoding not in self._variants:
                body = compressed(self.body, encoding) if self._is_compressible() else self.body
                if len(body) < len(self.body):
                    made = Variant(body, f'"{self.digest}-{encoding}"', encoding)
                else:
                    made = Variant(self.body, f'"{self.digest}"', "")
                self._variants[encoding] = made
            return self._variants[encoding]

    def _is_compressible(self) -> bool:
        return self.headers.get("Content-Type", "").startswith(COMPRESSIBLE)

    # --- on disk: one line that says what it is, then the body ---

    def to_bytes(self, key: str) -> bytes:
        names = ("headers", "number", "build", "made_at", "ends_at", "digest")
        head = {"key": key} | {name: getattr(self, name) for name in names}
        return json.dumps(head).encode() + b"\n" + self.body

    @classmethod
    def from_bytes(cls, stored: bytes, key: str) -> Page:
        """ValueError for a file that is damaged, or of another address."""
        line, _newline, body = stored.partition(b"\n")
        head = json.loads(line)
        if head.pop("key", None) != key or head.get("digest") != digest_of(body):
            raise ValueError("not a whole page of this address")
        return cls(body, **head)


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def compressed(body: bytes, encoding: str) -> bytes:
    # Nothing in a page is secret or chosen by the reader, so compression gives nothing away (BREACH).
    if encoding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=11))
    return gzip.compress(body, 9, mtime=0) if encoding == "gzip" else body


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """The smallest encoding that an Accept-Encoding header names and does not refuse; "" for none."""
    weights = {}
    for each in accepted.lower().split(","):
        name, _semicolon, parameter = each.partition(";")
        weights[name.strip()] = parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in BEST_FIRST if weights.get(name)), "")


def answer(request: HttpRequest, page: Page, cache_control: str, *, is_head: bool = False) -> HttpResponse:
    """The page as a response: whole, or 304 if the client has it."""
    variant = page.variant(best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", "")))
    if has_it(request.META.get("HTTP_IF_NONE_MATCH"), variant.etag):
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        response = HttpResponse(b"" if is_head else variant.body)
        response.headers["Content-Length"] = str(len(variant.body))
        if variant.encoding:
            response.headers["Content-Encoding"] = variant.encoding
    for name, value in page.headers.items():
        if response.status_code != 304 or not name.startswith("Content-T"):
            response.headers[name] = value
    response.headers["ETag"] = variant.etag
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = cache_control
    return response


def has_it(if_none_match: str | None, etag: str) -> bool:
    """The weak comparison that RFC 9110 asks for: proxies mark our tags weak when they compress."""
    if not if_none_match:
        return False
    tags = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return etag in tags or tags == ["*"]
