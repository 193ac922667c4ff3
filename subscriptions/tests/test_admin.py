"""The back office of the mails: numbers for staff, an address erased on request, and none shown or spelled out."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from promises.policy import Role
from promises.tests.make import make_organisation, make_user
from subscriptions.models import Announcement, Mail, Subscription
from subscriptions.tests.make import make_outbox, make_subscription

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

LIST = "/admin/subscriptions/announcement/"
ERASE = "/admin/subscriptions/announcement/radera/"
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def log_in(client):
    def log_in(*roles: str) -> None:
        client.force_login(make_user(make_organisation(), *roles))

    return log_in


def test_staff_see_how_many_follow_and_what_was_sent_but_no_address(client, log_in) -> None:
    make_outbox(3)
    make_subscription("vantar@exempel.se", confirmed=False)
    Mail.objects.first().refused(550)
    log_in(Role.EDITOR)
    page = client.get(LIST).content.decode()
    assert "3 adresser följer via mejl." in page
    assert "1 är inte bekräftad." in page
    assert "månadsrapport" in page
    assert "exempel.se" not in page


@pytest.mark.parametrize(
    "lookup", ["mails__subscription__address__startswith=f", "mails__subscription__address=x", "q=foljare", "mails=1"]
)
def test_no_filter_spells_out_an_address(client, log_in, lookup) -> None:
    make_outbox(2)
    log_in(Role.EDITOR)
    answer = client.get(f"{LIST}?{lookup}")
    assert answer.status_code in (200, 302, 400)
    if answer.status_code == 200:
        assert answer.context["cl"].result_count == Announcement.objects.count()


def test_an_editor_erases_an_address_on_request(client, log_in) -> None:
    make_subscription("namn@exempel.se")
    make_subscription("namn@exempel.se", confirmed=False)
    make_subscription("annan@exempel.se")
    log_in(Role.EDITOR)
    answer = client.post(ERASE, {"address": " Namn@Exempel.se"}, follow=True, **FROM_HERE)
    assert "Adressen är raderad" in answer.content.decode()
    assert "namn@" not in answer.content.decode().lower()
    assert Subscription.objects.get().address == "annan@exempel.se"
    assert "fanns inte" in client.post(ERASE, {"address": "namn@exempel.se"}, follow=True, **FROM_HERE).content.decode()
    assert "Skriv en e-postadress" in client.post(ERASE, {"address": "x"}, follow=True, **FROM_HERE).content.decode()


@pytest.mark.parametrize(
    ("role", "may_see", "may_erase"),
    [
        (Role.EDITOR, True, True),
        (Role.READER, True, False),
        (Role.SIGNER, False, False),
        (Role.SURVEYS, False, False),
        (Role.ACCOUNTS, False, False),
        (Role.TECHNICAL, False, False),
    ],
)
def test_who_may_do_what(client, log_in, role, may_see, may_erase) -> None:
    make_subscription("namn@exempel.se")
    log_in(role)
    page = client.get(LIST)
    assert (page.status_code == 200) is may_see
    assert ("Radera adressen" in page.content.decode()) is may_erase
    client.post(ERASE, {"address": "namn@exempel.se"}, **FROM_HERE)
    assert Subscription.objects.exists() is not may_erase
    for path in (f"{LIST}add/", f"{LIST}1/delete/", f"{LIST}1/history/", "/admin/subscriptions/subscription/"):
        assert client.get(path).status_code in (302, 403, 404)


def test_a_stranger_is_sent_to_the_login_and_erases_nothing(client) -> None:
    make_subscription("namn@exempel.se")
    assert client.get(LIST).status_code == 302
    assert client.post(ERASE, {"address": "namn@exempel.se"}, **FROM_HERE).status_code == 302
    assert Subscription.objects.exists()


@pytest.mark.differs
def test_the_list_takes_as_many_queries_however_many_there_are(client, log_in) -> None:
    log_in(Role.EDITOR)
    numbers = []
    for documents in ([1], [2, 3]):
        for each in documents:
            Announcement.objects.create(kind="report", document_id=each)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
