"""Requests that no browser would send: every address of the resolver, with what is wrong in it decided by a number."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes

from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from promises.models import Place, Promise
from promises.tests.backoffice import forms_of
from surveys.models import SurveyRound
from tranemo_trygghet.languages import PREFIX_OF
from tranemo_trygghet.urls import pages

FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
NAMED_WORD = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")

# Bytes as they stand in a request, before anybody has decided what letters they are.
HOSTILE: list[bytes] = [
    b"",
    b" ",
    b"\x00",
    b"a\x00b",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xff\xfe\xfd",
    b"\xc0\xaf..\xc0\xaf",
    b"\xf4\x90\x80\x80",  # past the last letter of Unicode
    "\u202e\u200b\ufeff\u2028".encode(),
    "Z̴̡̛a̵̢l̶g̷o̸".encode() * 40,
    "ẞßİıǅﬁ".encode(),
    b"9" * 5_000,
    b"-" + b"9" * 5_000,
    b"-1",
    b"0",
    b"2147483648",
    b"9223372036854775808",
    b"1e400",
    b"NaN",
    b"-Infinity",
    b"0x1F",
    "١٢٣".encode(),
    "²".encode(),
    b"1,5",
    b"1_000",
    b"2026-02-30",
    b"0000-00-00",
    b"9999-12-31",
    b"10000-01-01",
    b"2026-13",
    b"0000-01",
    b"9999-12",
    b"2026-W53-7",
    b"24:61",
    b"2026-03-29T02:30",  # an hour that never was
    b"true",
    b"null",
    b"None",
    b"[]",
    b"{}",
    b"[" * 5_000,
    b'{"a":' * 2_000,
    b"' OR 1=1 --",
    b'"; DROP TABLE promises_promise; --',
    b"%s%n%(x)s{0}{{7*7}}{% load x %}",
    b"<script>alert(1)</script>",
    b"../../../../etc/passwd",
    b"..%2f..%2fetc",
    b"//ond.example/",
    b"https:ond.example",
    b"javascript:alert(1)",
    b"\r\nSet-Cookie: a=b",
    b"%0d%0aSet-Cookie:%20a=b",
    b"a" * 300,
    "å".encode() * 10_000,
    b"a" * 400_000,
]
SMALL = [each for each in HOSTILE if len(each) < 2_000]
METHODS = ["GET"] * 5 + ["POST"] * 9 + ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "GE T"]
PARAMETERS = ["q", "plats", "p", "o", "all", "e", "next", "page", "format", "_popup", "_to_field"]
CONTENT_TYPES = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=ingen-sådan",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 500,
    "application/json",
    "text/plain; charset=\x7f",
    "",
]
HEADERS = ["Host", "Origin", "Referer", "Sec-Fetch-Site", "Accept-Language", "Accept-Encoding", "Accept", "Range"]
HEADERS += ["If-None-Match", "If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Cookie"]
HEADERS += ["Authorization", "X-CSRFToken", "X-HTTP-Method-Override", "Transfer-Encoding", "Content-Encoding"]


@dataclass
class Request:
    """One request, made by a number: the same number makes the same request."""

    method: str
    path: bytes
    query: bytes = b""
    body: bytes = b""
    content_type: str = CONTENT_TYPES[0]
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, client: Client) -> HttpResponse:
        meta: dict[str, Any] = {"HTTP_" + name.upper().replace("-", "_"): text for name, text in self.headers.items()}
        meta["QUERY_STRING"] = self.query.decode("latin-1")
        return client.generic(self.method, quote_from_bytes(self.path, safe="/"), self.body, self.content_type, **meta)

    def __str__(self) -> str:
        said = f"{self.method} {self.path[:80]!r}?{self.query[:120]!r} {self.content_type!r} {self.headers}"
        return f"{said} {self.body[:300]!r} ({len(self.body)} bytes)"


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Every address, the back office's too, with its named words in brackets."""
    for each in patterns or get_resolver().url_patterns:
        route = before + str(each.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            yield NAMED_WORD.sub(lambda found: f"<{found[1] or found[2]}>", route)


class Fuzzer:
    """Makes requests, most of them nearly right: what is all wrong is refused at the door and tries nothing."""

    def __init__(self, seed: int, get: Callable[[Request], HttpResponse], *, staff: bool = False) -> None:
        self.dice = random.Random(seed)  # noqa: S311  (the same every time is the point)
        self.get = get
        self.routes = [each for each in sorted(set(routes())) if each.startswith("/admin/") == staff]
        if not staff:
            for prefix in PREFIX_OF.values():
                self.routes += sorted(set(routes(pages, f"/{prefix}")))
        self.words = known_words()
        self.forms: dict[bytes, list[tuple[str, str]]] = {}
        self.at = 0

    def request(self) -> Request:
        """The next address in turn, so that none is left out."""
        route = self.routes[self.at % len(self.routes)]
        self.at += 1
        kind = route.removeprefix("/admin").split("/")[1]
        path = NAMED_WORD.sub(lambda found: self.word(found[1], kind), route).encode("latin-1")
        made = Request(self.dice.choice(METHODS), path)
        made.headers["Origin"] = "http://testserver"
        if made.method == "POST":
            self.fill(made)
        elif self.dice.random() < 0.1:
            made.body = self.hostile()
        if self.dice.random() < 0.4:
            made.query = self.query()
        if self.dice.random() < 0.15:
            made.headers[self.dice.choice(HEADERS)] = self.header()
        if self.dice.random() < 0.02:
            made.path += self.small()
        return made

    # --- parts ---

    def hostile(self) -> bytes:
        return self.dice.choice(HOSTILE if self.dice.random() < 0.3 else SMALL)

    def small(self) -> bytes:
        return self.dice.choice(SMALL)

    def header(self) -> str:
        """What a server lets through: no line breaks and no NUL."""
        return self.small().decode("latin-1").translate({0: None, 10: None, 13: None})

    def word(self, name: str, kind: str) -> str:
        """Mostly a word that stands for something, so that the page behind it is reached; its bytes as letters."""
        if self.dice.random() < 0.75:
            return self.dice.choice(self.words.get(f"{kind} {name}") or self.words.get(name) or self.words["any"])
        return self.small().decode("latin-1")

    def query(self) -> bytes:
        names = [self.dice.choice(PARAMETERS + self.words["lookups"]) for _ in range(self.dice.randint(1, 3))]
        return b"&".join(name.encode() + b"=" + escaped(self.small()) for name in names)

    def fill(self, request: Request) -> None:
        """The page's own form as it would be sent, with one to three fields of it spoiled; or no form at all."""
        if self.dice.random() < 0.15:
            request.content_type = self.dice.choice(CONTENT_TYPES)
            many = b"&".join([b"a=1"] * 1_500)
            request.body = self.dice.choice([self.hostile(), many, json.dumps([[]] * 50).encode()])
            return
        fields = self.fields_of(request.path)
        if not fields:
            request.body = b"&".join(b"f%d=" % n + escaped(self.small()) for n in range(3))
            return
        spoiled = {self.dice.randrange(len(fields)) for _ in range(self.dice.randint(1, 3))}
        pairs = [
            (name, self.hostile() if number in spoiled else value.encode("utf-8", "surrogatepass"))
            for number, (name, value) in enumerate(fields)
            if number in spoiled or self.dice.random() < 0.97
        ]
        if self.dice.random() < 0.25:
            request.content_type = "multipart/form-data; boundary=between"
            request.body = multipart(pairs)
        else:
            request.body = b"&".join(escaped(name.encode()) + b"=" + escaped(value) for name, value in pairs)

    def fields_of(self, path: bytes) -> list[tuple[str, str]]:
        if path not in self.forms:
            page = self.get(Request("GET", path))
            is_html = page.status_code == 200 and "html" in page.headers.get("Content-Type", "")
            self.forms[path] = list(fields_on(page)) if is_html else []
        return self.forms[path]


def fields_on(page: HttpResponse) -> Iterator[tuple[str, str]]:
    """What a browser would send of all forms on the page, and with nothing in them those that it would leave out."""
    shown = {name: value for form in forms_of(page) for name, value in form.items()}
    for name in dict.fromkeys(FIELD.findall(page.content.decode())):
        value = shown.get(name, "")
        for each in value if isinstance(value, list) else [value]:
            yield name, each


def escaped(text: bytes) -> bytes:
    return quote_from_bytes(text, safe="").encode()


def multipart(pairs: list[tuple[str, bytes]]) -> bytes:
    parts = [
        b'--between\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + value + b"\r\n"
        for name, value in pairs
    ]
    return b"".join(parts) + b"--between--\r\n"


def known_words() -> dict[str, list[str]]:
    """Keys and addresses of what there is, by the names that the resolver gives them; and what lists may filter by."""
    found: dict[str, list[str]] = {"any": ["1", "2", "3"], "lookups": []}
    for model in apps.get_models():
        names = [each.name for each in model._meta.concrete_fields]
        found["lookups"] += [f"{name}__{how}" for name in names for how in ("exact", "startswith", "isnull", "in")][:12]
        if isinstance(model._meta.pk, models.AutoField):
            found["any"] += [str(key) for key in model._base_manager.values_list("pk", flat=True)[:4]]
    for kind, rows in (("loften", Promise), ("platser", Place), ("enkater", SurveyRound)):
        found[f"{kind} slug"] = list(rows.objects.published().values_list("slug", flat=True))
    found["month"] = ["2026-01", "2026-02", "2024-01", "2025-13"]
    found["year"] = ["2025", "2024", "2026"]
    return found
