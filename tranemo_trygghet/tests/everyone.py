"""Every page that a resident can meet, in every language, for tests in a real browser.

Besides what links lead to: what comes of a mistake, of a link in a mail, or of a fault of ours. Those are pages too,
and are met by somebody in a hurry. As a list of addresses (ROOT_URLCONF) it gives each error page one of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path, resolve, reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import Page

from promises.tests.make import make_organisation, make_promise
from subscriptions import tokens
from subscriptions.tests.make import make_subscription
from surveys.models import SurveyRound
from surveys.tests.make import make_round, make_survey
from tranemo_trygghet import urls
from tranemo_trygghet.languages import PREFIXES, LanguagePrefix, own_address
from tranemo_trygghet.pages.style_guide import style_guide
from tranemo_trygghet.tests.make import load_example, make_result
from tranemo_trygghet.tests.test_browser_pages import addresses

LANGUAGES = ("sv", *PREFIXES.values())
ERRORS = ("400", "403", "404", "410", "429", "500", "503")
# Pages that come as an answer to something, and need nothing but their words.
ANSWERS = (*ERRORS, "errors/not_from_here", "subscriptions/link_is_spent", "subscriptions/confirmed",
           "subscriptions/ended", "subscriptions/has_ended")  # fmt: skip


def show_answer(request: HttpRequest, name: str) -> HttpResponse:
    """As it is shown, but with status 200: a browser tells of every other on its console, as a fault."""
    return render(request, f"{name}.html")


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


of_tests: list[URLPattern | URLResolver] = [
    path("svar/<path:name>/", show_answer, name="answer_of_ours"),
    path("gar-sonder/", fail, name="fault_of_ours"),
    path("stil/", style_guide, name="style_of_tests"),
]
urlpatterns: list[URLPattern | URLResolver] = [URLResolver(LanguagePrefix(), of_tests), *urls.urlpatterns]
handler500 = urls.handler500


@dataclass(frozen=True)
class Scene:
    """A page as somebody sees it: its Swedish address, and what she has done there."""

    path: str
    do: Callable[[Page], None] | None = None

    def visit(self, page: Page, language: str) -> str:
        """Its address in the language, where the browser now is."""
        address = in_language(language, self.path)
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
        assert "set-cookie" not in response.headers, address
        if self.do:
            self.do(page)
        return address


def in_language(code: str, address: str) -> str:
    """The same page in the language; the same address where it is in none, such as the open data's."""
    bare, mark, query = address.partition("?")
    match = resolve(bare)
    with override(code):
        return own_address(match) + mark + query


def make_everything() -> None:
    """The example year, and what it lacks: a year that has ended, a round that is to come, one that asks everything."""
    load_example()
    partners = make_organisation("Bostadsbolaget"), make_organisation("Föreningen")
    make_result(make_promise(partners=partners, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), slug="2024"))
    make_more_rounds()


def make_more_rounds() -> None:
    now, day = timezone.now(), timedelta(days=1)
    survey = make_survey(required=["safety"])
    make_round(slug="alla-fragor", survey=survey, takes_open=True, opens_at=now - day, closes_at=now + day)
    make_round(slug="kommande", survey=survey, takes_open=True, opens_at=now + day, closes_at=now + 2 * day)


def scenes(page: Page) -> list[Scene]:
    return [*map(Scene, addresses(page)), *unlinked()]


def unlinked() -> list[Scene]:
    """What no link leads to."""
    ended = SurveyRound.objects.published().exclude(releases=None).first()
    asking, following = make_subscription(confirmed=False), make_subscription()
    return [
        *(Scene(f"/svar/{name}/") for name in ANSWERS),
        Scene("/stil/"),
        Scene("/inbaddning/aktuellt/"),
        Scene("/sok/?q=belysning"),
        Scene("/sok/?q=finnsinte"),
        Scene(ended.get_absolute_url()),
        Scene("/enkater/alla-fragor/"),
        Scene("/enkater/alla-fragor/", send_nothing),
        Scene("/enkater/alla-fragor/tack/"),
        Scene("/enkater/kommande/"),
        Scene("/folj/mejl/", send_nothing),
        Scene("/folj/mejl/tack/"),
        Scene(reverse("subscriptions:confirm", args=[tokens.token(asking, tokens.CONFIRM)])),
        Scene(reverse("subscriptions:end", args=[tokens.token(following, tokens.END)])),
    ]


def send_nothing(page: Page) -> None:
    """Sends the page's form as it is, whatever step of it is shown, and is told what is wrong."""
    with page.expect_navigation():
        page.locator("main form").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    page.get_by_role("alert").wait_for()
