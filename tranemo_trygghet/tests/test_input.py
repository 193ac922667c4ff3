"""What others write in an address, a header or a text goes nowhere that it was not meant to go."""

from __future__ import annotations

import csv
import io
import logging
import re
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from promises.tests.make import make_place
from surveys import letters, result_files
from surveys.codes import issue_batch
from surveys.tests.make import make_coordinator, make_round
from tranemo_trygghet.tests.fuzzing import NAMED_WORD, routes
from tranemo_trygghet.tests.login import PASSWORD, make_staff
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal
from tranemo_trygghet.tests.matrix import ROLES, make_side

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = [
    "https://ond.example/",
    "//ond.example/",
    "/\\ond.example",
    "https:ond.example",
    "\\\\ond.example",
    "\t//ond.example",
]
NAMES = ["next", "url", "redirect_to", "return", "_changelist_filters", "continue", "_to_field"]


@pytest.fixture
def visitor(db, settings, caplog) -> Client:
    settings.DEBUG = False
    caplog.set_level(logging.CRITICAL)
    return Client(raise_request_exception=False, headers={"origin": "http://testserver"})


def example_of(route: str) -> str:
    return NAMED_WORD.sub("1", route)


def leads_away(response: HttpResponse, address: str) -> bool:
    """As a browser reads it: control characters and spaces at the ends are dropped, a backslash is a slash."""
    told = re.sub(r"[\t\r\n]", "", response.headers.get("Location", "")).strip().replace("\\", "/")
    return urlsplit(urljoin(f"http://testserver{address}", told)).netloc != "testserver"


# --- where one is sent ---


@pytest.mark.slow
@pytest.mark.alike
def test_no_address_sends_anybody_to_another_site(visitor) -> None:
    people = make_side("Polisen").people
    for who in (None, *(people[str(role)] for role in ROLES[:5:2])):
        if who:
            visitor.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        for number, route in enumerate(sorted(set(routes()))):
            if "logga-ut" in route or "logout" in route:
                continue
            target = quote(ELSEWHERE[number % len(ELSEWHERE)])
            address = f"{example_of(route)}?" + "&".join(f"{name}={target}" for name in NAMES)
            for response in (visitor.get(address), visitor.post(address, {"next": ELSEWHERE[number % len(ELSEWHERE)]})):
                assert not leads_away(response, address), (address, response.headers["Location"])


@pytest.mark.real_login
@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_login_leads_back_to_the_portal_whatever_the_link_said(visitor, target: str) -> None:
    officer = make_staff(make_side("Polisen").organisation)
    given = {"login": officer.username, "password": PASSWORD, "next": target}
    response = visitor.post(f"/admin/login/?next={quote(target)}", given)
    assert response.status_code == 302
    assert not leads_away(response, "/admin/login/")
    assert "ond.example" not in urlsplit(response.headers["Location"]).netloc


@pytest.mark.parametrize("address", ["//ond.example/om", "/\\ond.example/om", "//ond.example//"])
def test_a_missing_slash_is_added_to_our_own_address_only(visitor, address: str) -> None:
    response = visitor.generic("GET", address, PATH_INFO=address)
    assert not leads_away(response, "/"), response.headers.get("Location")


# --- headers ---


def test_no_line_break_reaches_a_header(visitor) -> None:
    breaks = ["%0d%0aSet-Cookie:%20ond=1", "%0aSet-Cookie:ond=1", "%E5%98%8A%E5%98%8DSet-Cookie:ond=1"]
    for number, route in enumerate(sorted(set(routes()))):
        broken = breaks[number % 3]
        address = NAMED_WORD.sub(broken, route)
        response = visitor.get(f"{address.removesuffix('/')}?next=/{broken}&x={broken}")
        assert response.status_code < 500, address
        assert "ond" not in response.cookies
        assert all("\n" not in value and "\r" not in value for value in response.headers.values()), address


# --- hosts ---


def test_a_made_up_host_is_refused_everywhere_and_never_repeated(visitor) -> None:
    made_up = ["ond.example", "testserver:80@ond.example", "testserver.ond.example"]
    for number, route in enumerate(sorted(set(routes()))):
        response = visitor.get(example_of(route), headers={"host": made_up[number % 3]})
        assert response.status_code == 400, route
        assert b"ond.example" not in response.content


def test_what_a_client_says_of_its_host_in_other_headers_is_not_read(visitor, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    said = dict.fromkeys(
        ["x-forwarded-host", "x-host", "x-forwarded-server", "x-original-url", "x-rewrite-url"], "ond.example"
    )
    said |= {"forwarded": "host=ond.example", "x-http-method-override": "DELETE"}
    for address in ("/", portal.promise.get_absolute_url(), "/folj/", "/flode.atom", "/sitemap.xml", "/admin/"):
        plain, spoken = visitor.get(address), visitor.get(address, headers=said)
        assert (plain.status_code, plain.content) == (spoken.status_code, spoken.content), address


def test_links_are_made_of_the_address_that_is_set_and_not_of_the_one_that_was_asked(visitor, settings, clock) -> None:
    clock.move_to(TENTH_OF_MAY)
    make_portal()
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://testserver", ["testserver", "annan.example"]
    for address in ("/", "/flode.atom", "/moten.ics", "/sitemap.xml", "/robots.txt"):
        assert b"annan.example" not in visitor.get(address, headers={"host": "annan.example"}).content, address


# --- spreadsheets ---


def test_one_function_makes_every_csv_file() -> None:
    made_in = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("[a-z]*/**/*.py")
        if re.search(r"csv\.(?:Dict)?[wW]riter", path.read_text()) and "tests" not in path.parts
    ]
    assert made_in == ["surveys/result_files.py"]


@pytest.mark.parametrize("sign", result_files.BEGINS_A_FORMULA)
def test_no_cell_of_the_printers_file_is_a_formula(db, sign: str) -> None:
    name = f'{sign}HYPERLINK("http://ond.example")'
    (place,) = make_round(places=[make_place(name)]).round_places.all()
    codes = issue_batch(place, 3, make_coordinator())
    file = letters.mail_merge(place, codes, letters.default_texts(place)).decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(file, newline=""), delimiter=";") for cell in line]
    assert len(cells) == 4 * 5
    assert f"'{name}" in cells
    assert [cell for cell in cells if cell.startswith(result_files.BEGINS_A_FORMULA)] == []
