"""What went wrong is told in the language of the address, and there is always a way on."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from promises.tests.make import make_promise
from tranemo_trygghet.tests.everyone import ANSWERS, LANGUAGES, in_language
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal
from tranemo_trygghet.tests.test_languages import HTML

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

OURS = {"headers": {"origin": "http://testserver"}}


@pytest.fixture(autouse=True)
def with_addresses_of_answers(settings) -> None:
    settings.ROOT_URLCONF = "tranemo_trygghet.tests.everyone"


def heading(html: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1]


def test_every_answer_is_in_the_language_of_the_address_and_leads_on(client: Client, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    make_portal()
    reached: dict[str, int] = {}
    for name in ANSWERS:
        headings = {}
        for language in LANGUAGES:
            address = in_language(language, f"/svar/{name}/")
            html = client.get(address).content.decode()
            prefix = address.removesuffix(f"svar/{name}/")
            code, direction = HTML[prefix.removeprefix("/")]
            assert f'<html lang="{code}" dir="{direction}">' in html, address
            onward = re.findall(r'<a class="onward" href="([^"]+)"', html)
            assert onward, f"{address} leads nowhere"
            for link in onward:
                assert link.startswith(prefix), f"{address} leads to another language: {link}"
                if link not in reached:  # many lead to the same few
                    reached[link] = client.get(link).status_code
                assert reached[link] == 200, f"{address} leads to {link}"
            headings[language] = heading(html)
        assert len({headings[each] for each in ("sv", "en", "uk", "ar")}) == 4, f"{name} is not translated: {headings}"


@pytest.mark.parametrize("prefix", HTML)
def test_what_goes_wrong_is_told_on_the_page_that_is_made_for_it(client: Client, prefix: str) -> None:
    client.raise_request_exception = False
    far_too_much = {f"q{number}": "" for number in range(5_000)}
    answers = {
        "Vi förstod inte frågan": client.post(f"/{prefix}folj/mejl/", far_too_much, **OURS),
        "Det gick inte att ta emot": client.post(f"/{prefix}folj/mejl/"),
        "Sidan finns inte": client.get(f"/{prefix}finns-inte/"),
        "Något gick sönder hos oss": client.get(f"/{prefix}gar-sonder/"),
    }
    assert [answer.status_code for answer in answers.values()] == [400, 403, 404, 500]
    code, direction = HTML[prefix]
    for swedish, answer in answers.items():
        html = answer.content.decode()
        assert f'<html lang="{code}" dir="{direction}">' in html
        with override({"en/": "en", "uk/": "uk", "ar/": "ar"}.get(prefix, "sv")):
            assert heading(html) == gettext(swedish)


def test_where_the_portal_is_tried_out_an_unknown_address_looks_as_in_operation(client: Client, settings) -> None:
    make_promise()
    unknown = ["/finns-inte/", "/loften/finns-inte/", "/en/finns-inte/", "/resultat/2026/"]
    in_operation = [client.get(each).content for each in unknown]
    assert "Sidan finns inte" not in in_operation[-1].decode()  # says when the result comes
    settings.DEBUG = True
    assert [Client().get(each).content for each in unknown] == in_operation
