"""Whatever staff write in whatever field, nothing of it runs in a real browser, even if the policy were gone.

`make check` opens a sample of the addresses, `make faults` all of them: every payload stands in every text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as stored_settings
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Error, Page, TimeoutError

from conftest import note_stranger
from promises.policy import Role
from promises.tests.backoffice import logged_in
from promises.tests.make import make_user
from subscriptions.letters import letter_about, message
from subscriptions.models import Kind
from subscriptions.news import announce, tellable
from subscriptions.tests.make import make_subscription
from tranemo_trygghet.tests.make import TENTH_OF_MAY, Portal, make_portal
from tranemo_trygghet.tests.matrix import World, make_world
from tranemo_trygghet.tests.spoiling import PAYLOADS, Spoiler
from tranemo_trygghet.tests.test_admin_matrix import NAMED_WORD, table
from tranemo_trygghet.tests.test_page_store_addresses import addresses

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

# Each part is a test of its own, so that they are looked at side by side.
PARTS = 2
# What a payload does: it stands on the console.
RAN = "what staff wrote has run"
# What waits for a press, or would run in a browser of another kind. Our own pages have nothing of all this.
LOOK = """() => {
  const found = [], addressed = ["href", "src", "action", "formaction", "xlink:href", "data", "poster"];
  for (const each of document.querySelectorAll("*")) {
    for (const { name, value } of each.attributes) {
      const kind = addressed.includes(name) ? new URL(value, location).protocol : "https:";
      if (name.startsWith("on") || name === "srcdoc" || !/^(https?|tel|mailto|webcal|otpauth):$/.test(kind))
        found.push(`${each.localName} ${name}=${value}`);
    }
    if (each.localName === "script" && /json/.test(each.type)) JSON.parse(each.textContent);
    else if (each.localName === "script" && !each.getAttribute("src")) found.push(`script: ${each.textContent}`);
    if (each.matches("base[href], object, embed, math, meta[http-equiv]")) found.push(each.outerHTML);
  }
  const words = document.documentElement.textContent;
  if (/\\b1337\\b/.test(words)) found.push("a template was filled in");
  return { found, shown: words.includes("ran()") };
}"""


FILL_AND_SEND = """words => {
  const form = [...document.forms].find(each => each.method === "post");
  for (const each of form.elements)
    if (each.matches("textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=submit])")) {
      each.type = each.type === "textarea" ? each.type : "text";
      each.value = words;
    }
  HTMLFormElement.prototype.submit.call(form);
}"""


class Visitor:
    """Opens one address after the other, and notes what became more than words."""

    def __init__(self, page: Page, faults: list[str]) -> None:
        self.page, self.found, self.shown = page, faults, 0

    def open(self, address: str) -> None:
        try:
            response = self.page.goto(address, wait_until="load")
        except TimeoutError:
            raise
        except Error:
            return  # a file to keep, or an answer without content: nothing that a browser would run
        assert response is not None
        assert response.status < 500, address
        self.look(address)

    def look(self, address: str) -> None:
        seen = self.page.evaluate(LOOK)
        self.found += [f"{address}: {each}" for each in seen["found"]]
        self.shown += seen["shown"]


@pytest.fixture
def visitor(chromium: Browser, live_server, settings, clock) -> Iterator[Visitor]:
    """A browser that heeds no policy: nothing but the pages themselves keeps a script from running."""
    clock.move_to(TENTH_OF_MAY)
    settings.SITE_URL = live_server.url
    faults: list[str] = []
    with chromium.new_context(base_url=live_server.url, bypass_csp=True) as context:
        context.add_init_script(f"window.ran = () => console.error({RAN!r} + ' at ' + location)")
        context.on("console", lambda message: faults.append(message.text) if RAN in message.text else None)
        context.on("dialog", lambda dialog: (faults.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
        context.on("weberror", lambda error: faults.append(f"{error.page.url}: {error.error}"))
        context.on("request", lambda request: note_stranger(request, live_server.url, faults))
        yield Visitor(context.new_page(), faults)
    assert not faults, f"{len(faults)} times more than words: " + "; ".join(faults[:20])


def public_addresses(portal: Portal) -> list[str]:
    asked = [f"/sok/?{urlencode({'q': payload})}" for payload in PAYLOADS]
    missing = [f"/loften/{quote(payload, safe='')}/" for payload in PAYLOADS]
    # Files to keep are read by test_stored_scripts.py, and WeasyPrint breaks on a name as long as a page.
    pages = [each for each in addresses(portal) if not each.endswith("/pdf/")]
    return pages + asked + missing


def staff_addresses(world: World) -> list[str]:
    """Every page of the back office, each in the states of the matrix, and its lists with something looked for."""
    found = []
    for row in table():
        case = world.case(row.case, is_own=True)
        if row.method == "GET" and "logga-ut" not in row.address:
            address = NAMED_WORD.sub(lambda word, case=case: str(case.words[word[1]]), row.address)
            found.append(f"{address}?{urlencode(case.query)}" if case.query else address)
    lists = [each for each in found if each.count("/") == 4 and "?" not in each]
    return [*dict.fromkeys(found), *(f"{each}?{urlencode({'q': PAYLOADS[0]})}" for each in lists)]


def log_in(visitor: Visitor, world: World) -> None:
    cookie = logged_in(make_user(world.own.organisation, *Role.values)).cookies["sessionid"].value
    url = f"{stored_settings.SITE_URL}/admin/"
    visitor.page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def look_at_everything(visitor: Visitor, addresses: list[str], *, every: int = 1, begin: int = 0) -> None:
    """All addresses, or every eighth, say; most of them show what was written."""
    assert Spoiler(past_the_length=True).spoil() > 200
    asked = addresses[begin::every]
    for address in asked:
        visitor.open(address)
    assert visitor.shown > len(asked) / 2


def test_nothing_that_staff_wrote_runs_on_public_pages_or_in_mails(visitor) -> None:
    portal = make_portal()
    look_at_everything(visitor, public_addresses(portal), every=12)
    for address in (portal.survey_round.get_absolute_url(), "/folj/mejl/"):
        type_into(visitor, address)
    for html in mails():
        visitor.page.set_content(html)
        visitor.look("a mail")


def test_nothing_that_staff_wrote_runs_in_the_back_office(visitor) -> None:
    world = make_world()
    type_into(visitor, "/admin/login/")
    log_in(visitor, world)
    look_at_everything(visitor, staff_addresses(world), every=24)
    draft = world.own.cases["report-draft"].words["object_id"]
    visitor.open(f"/admin/followups/followup/{draft}/change/")
    visitor.page.fill("#id_summary", "\n\n".join(PAYLOADS))
    visitor.page.click("#id_summary + button")
    visitor.page.wait_for_selector(".signed-text:has-text('ran()')")
    visitor.look("what is shown beforehand")


@pytest.mark.slow
def test_nothing_that_staff_wrote_runs_on_any_public_page(visitor) -> None:
    look_at_everything(visitor, public_addresses(make_portal()))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_that_staff_wrote_runs_on_any_page_of_the_back_office(visitor, part: int) -> None:
    world = make_world()
    log_in(visitor, world)
    look_at_everything(visitor, staff_addresses(world), every=PARTS, begin=part)


# Markdown that is not cleaned.
TRUSTING = MarkdownIt("js-default", {"html": True})
TRUSTING.validateLink = lambda url: True  # type: ignore[method-assign]
# Mistakes that a template could make with a text: what each kind of payload is for.
MISTAKES: list[Callable[[str], str]] = [
    "<p>{}</p>".format,
    '<input value="{}">'.format,
    "<input value='{}'>".format,
    "<input value={}>".format,
    lambda text: f'<a href="{escape(text)}">x</a>',
    lambda text: TRUSTING.render(text),
    lambda text: f"<p>{unescape(text)}</p>",
    '<script>document.body.innerHTML = "{}"</script>'.format,
    lambda text: f"<p>{text.replace('7*191', '1337')}</p>",
]


@pytest.mark.slow
def test_every_payload_would_be_seen_if_a_template_made_the_mistake_that_it_is_for(visitor) -> None:
    visitor.page.goto("/robots.txt")
    assert [payload for payload in PAYLOADS if not any(is_seen(visitor, write(payload)) for write in MISTAKES)] == []
    assert not is_seen(visitor, f"<p>{escape(PAYLOADS[0])}</p>")


def is_seen(visitor: Visitor, html: str) -> bool:
    visitor.page.set_content(f"<!doctype html><body>{html}")
    visitor.look("a mistake")
    seen = bool(visitor.found)
    visitor.found.clear()
    return seen


def type_into(visitor: Visitor, address: str) -> None:
    """Sends the page's form with hostile words in each field, past what the browser would stop."""
    visitor.open(address)
    with visitor.page.expect_navigation():
        visitor.page.evaluate(FILL_AND_SEND, " ".join(PAYLOADS)[:400])
    visitor.look(f"{address}, sent")


def mails() -> list[str]:
    """The HTML of a mail of each kind, about what has been spoiled."""
    follower = make_subscription()
    for kind in Kind:
        for document in tellable(kind):
            announce(kind, document)
    waiting = [(mail, letter_about(mail.announcement)) for mail in follower.mails.all()]
    kinds = {mail.announcement.kind for mail, _letter in waiting}
    assert kinds == {Kind.REPORT, Kind.RESULT, Kind.MEETING, Kind.MOVED}
    return [str(message(mail, letter).alternatives[0].content) for mail, letter in waiting if letter]
