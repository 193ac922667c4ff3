"""Mozilla's HTTP Observatory, as far as one response can be graded.

The rules and their points are those that are published in https://github.com/mdn/mdn-http-observatory
(src/grader/charts.js, read in November 2026) and described at https://developer.mozilla.org/en-US/observatory/docs.
Left out is what asks the network: whether the domain is preloaded (+5), and whether its certificate is good.
Where a rule knows more shades than good and bad, every bad one is given the points of the worst.
"""

from __future__ import annotations

import re

from django.http import HttpResponse

GRADES = [(100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C")]
FOR_EXTRA_CREDIT = 90
SIX_MONTHS = 15_768_000
PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
UNSAFE = ("'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*")


def score(response: HttpResponse) -> int:
    """Bonuses count only for who has at least 90 without them."""
    points = [rule(response) for rule in RULES]
    base = 100 + sum(each for each in points if each < 0)
    return base + (sum(each for each in points if each > 0) if base >= FOR_EXTRA_CREDIT else 0)


def grade(response: HttpResponse) -> str:
    return next((letters for least, letters in GRADES if score(response) >= least), "D or worse")


def directives(response: HttpResponse) -> dict[str, list[str]]:
    parts = [each.split() for each in response.headers.get("Content-Security-Policy", "").split(";") if each.strip()]
    return {name: values for name, *values in parts}


def policy(response: HttpResponse) -> int:
    csp = directives(response)
    if not csp:
        return -25
    if any(value in UNSAFE for values in csp.values() for value in values):
        return -20
    closed = csp.get("default-src") == ["'none'"] and csp.get("form-action") in (["'none'"], ["'self'"])
    # A base that anybody may set moves every relative address of the page.
    return 10 if closed and csp.get("base-uri") in (["'none'"], ["'self'"]) else 5


def cookies(response: HttpResponse) -> int:
    # Django takes a cookie away by setting it empty, for no time at all.
    kept = [each for each in response.cookies.values() if each["max-age"] != 0]
    if not kept:
        return 0
    safe = all(each["secure"] and each["samesite"] in ("Lax", "Strict") for each in kept)
    session = response.cookies.get("sessionid")
    return 5 if safe and (session is None or session["httponly"]) else -40


def sharing(response: HttpResponse) -> int:
    return -50 if response.headers.get("Access-Control-Allow-Credentials") else 0


def referrer(response: HttpResponse) -> int:
    return 5 if response.headers.get("Referrer-Policy") in PRIVATE_REFERRERS else -5


def transport(response: HttpResponse) -> int:
    age = re.search(r"max-age=(\d+)", response.headers.get("Strict-Transport-Security", ""))
    return 0 if age and int(age[1]) >= SIX_MONTHS else -20


def scripts(response: HttpResponse) -> int:
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return 0
    sources = re.findall(r"<script[^>]*\bsrc=\"([^\"]*)\"", response.content.decode())
    return 0 if all(re.match(r"/(?!/)", each) for each in sources) else -50


def sniffing(response: HttpResponse) -> int:
    return 0 if response.headers.get("X-Content-Type-Options") == "nosniff" else -5


def framing(response: HttpResponse) -> int:
    if "frame-ancestors" in directives(response):
        return 5
    return 0 if response.headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def resources(response: HttpResponse) -> int:
    points = {"same-origin": 10, "same-site": 10, "cross-origin": 0, None: 0}
    return points.get(response.headers.get("Cross-Origin-Resource-Policy"), -5)


RULES = (policy, cookies, sharing, referrer, transport, scripts, sniffing, framing, resources)
