"""Every public address, from the resolver: its kept page is the same for everyone and shows nothing unpublished."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse, translate_url

from tranemo_trygghet.languages import PREFIX_OF
from tranemo_trygghet.page_store.pages import Page
from tranemo_trygghet.tests.make import SECRET, TENTH_OF_MAY, Portal, make_portal, plant_secrets
from tranemo_trygghet.tests.test_pages import words_in

pytestmark = pytest.mark.alike

ENCODINGS = ["br", "gzip", "identity"]

# Addresses that stand for one row: which ones are tried, in the portal of the tests.
ROWS = {
    "promises:detail": ["2025", "2026"],
    # There are no later pages in so small a portal: test_growth.py asks for them in a larger one.
    "promises:older": [],
    "followups:older": [],
    "surveys:older": [],
    "followups:month_more": [],
    "places:detail": ["{place}"],
    "surveys:answer": ["{open}", "{told}"],
    "surveys:thanks": ["{open}"],
    "surveys:result": ["{told}"],
    "survey_files:csv": ["{told}"],
    "survey_files:xlsx": ["{told}"],
    "survey_files:json": ["{told}"],
    "followups:month": ["2026-01", "2026-02", "2026-03", "2026-04"],
    "month_pdf": ["2026-01", "2026-02"],
    "results:year": ["2025"],
    "feeds:promise": ["2025", "2026"],
    "feeds:place": ["{place}"],
    "year_pdf": ["2025"],
    "feeds:month_to_copy": ["2026-01", "2026-02"],
    "feeds:text": ["2026-01"],
    "embed": ["2025", "2026"],
    "pictures:promise": ["2026"],
    "open_data:csv": ["loften", "insatser", "enkatresultat"],
    "open_data:json": ["manader"],
    "open_data:columns": ["manader"],
}
NEVER_KEPT = {
    "healthz": "tells of this moment",
    "subscriptions:confirm": "one person's own link",
    "subscriptions:end": "one person's own link",
}


def public_names(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    for each in resolver.url_patterns:
        if str(each.pattern).startswith("admin/"):
            continue
        if isinstance(each, URLPattern):
            yield ":".join([*namespaces, str(each.name)])
        else:
            yield from public_names(each, namespaces + ((each.namespace,) if each.namespace else ()))


def addresses(portal: Portal) -> list[str]:
    """All in Swedish, and each page in one other language, by turns."""
    others = cycle(PREFIX_OF)
    swedish = swedish_addresses(portal)
    return swedish + [other for address in swedish if (other := translate_url(address, next(others))) != address]


def swedish_addresses(portal: Portal) -> list[str]:
    told = portal.promise.rounds.exclude(pk=portal.survey_round.pk).get()
    slugs = {"place": portal.place.slug, "open": portal.survey_round.slug, "told": told.slug}
    found = []
    for name in public_names(get_resolver()):
        if name in ROWS:
            found += [reverse(name, args=[each.format(**slugs)]) for each in ROWS[name]]
        elif name not in NEVER_KEPT:
            found.append(address_of(name))
    return found


def address_of(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        pytest.fail(f"{name} is new: say in ROWS which of its addresses to try, or in NEVER_KEPT why none")


@pytest.fixture
def portal(start_process, clock) -> Portal:
    clock.move_to(TENTH_OF_MAY)
    return make_portal()


SOMEBODY = {"user-agent": "Lynx", "accept-language": "sv", "x-forwarded-for": "192.0.2.1"}
ANOTHER = {"user-agent": "Chrome", "accept-language": "ar,en", "referer": "http://example.se/", "dnt": "1"}


def test_two_strangers_get_the_same_bytes_from_processes_that_never_met(
    portal, start_process, settings, tmp_path
) -> None:
    one = start_process()
    settings.PAGE_STORE_DIR = tmp_path / "elsewhere"
    other = start_process()
    other.cookies["anything"] = "else"
    tried = addresses(portal)
    for address in tried:
        first = one.get(address, headers=SOMEBODY, REMOTE_ADDR="192.0.2.1")
        second = other.get(address, headers=ANOTHER, REMOTE_ADDR="198.51.100.9")
        assert first.status_code == second.status_code == 200, address
        assert first.content == second.content, address
        assert dict(first.headers) == dict(second.headers), address
        assert not first.cookies, address
        assert b"csrfmiddlewaretoken" not in first.content, address
    assert len(one.app.store.memory) == len(other.app.store.memory) == len(tried) > 50


def test_every_address_has_304_head_and_all_encodings(portal, start_process, django_assert_num_queries) -> None:
    process = start_process()
    for address in addresses(portal):
        whole = process.get(address)
        with django_assert_num_queries(0):
            for encoding in ENCODINGS:
                asks = {"accept-encoding": encoding}
                page, head = process.get(address, headers=asks), process.head(address, headers=asks)
                again = process.get(address, headers=asks | {"if-none-match": page.headers["ETag"]})
                assert dict(head.headers) == dict(page.headers), address
                assert (head.content, again.status_code, again.content) == (b"", 304, b""), address
                assert page.headers["ETag"].startswith(whole.headers["ETag"][:-1]), address
                assert len(page.content) <= len(whole.content), address


def test_no_draft_and_nobodys_answer_is_ever_kept(portal, start_process, settings) -> None:
    plant_secrets(portal)
    process = start_process()
    for address in addresses(portal):
        process.get(address)
    for guess in (f"/loften/{SECRET}/", f"/platser/{SECRET}/", f"/enkater/{SECRET}/", "/resultat/2026/", "/admin/"):
        assert process.get(guess).status_code in (302, 404)
    answered = {"round-place": "1", "safety": "unsafe", "code": SECRET}
    process.post(portal.survey_round.get_absolute_url(), answered, headers={"origin": "http://testserver"})
    kept = [path.read_bytes().partition(b"\n") for path in settings.PAGE_STORE_DIR.iterdir()]
    assert len(kept) == len(process.app.store.memory) == len(addresses(portal))
    assert [head for head, _newline, body in kept if SECRET in head.decode() + words_in(body)] == []


def test_addresses_that_are_somebodys_own_are_not_kept(portal, start_process) -> None:
    process = start_process()
    for name in NEVER_KEPT:
        process.get(reverse(name, args=["token"] if name.startswith("subscriptions") else []))
    assert len(process.app.store.memory) == 0


def test_every_page_is_shown_when_the_database_is_gone(portal, start_process) -> None:
    process = start_process()
    before = {address: process.get(address).content for address in addresses(portal)}
    late = start_process()
    late.app.current._read = gone
    after = {address: late.get(address).content for address in before}
    assert after == before


def gone(before: object) -> Page:
    raise ConnectionError("gone")
