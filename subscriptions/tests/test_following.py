"""Asking to follow, saying yes, ending it: what each page does, and what none of them tells."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from promises.tests.make import make_place
from subscriptions import limits, tokens
from subscriptions.models import UNCONFIRMED_FOR, Asking, Mail, Subscription
from subscriptions.tests.make import make_subscription

pytestmark = pytest.mark.django_db

FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}
ASK = "/folj/mejl/"


def ask(client: Client, address: str = "namn@exempel.se", *places: str, **more: str):
    return client.post(ASK, {"epost": address, "platser": places} | more, **FROM_HERE)


def path_in(mail, purpose: str) -> str:
    """The address of the link of that kind in a mail."""
    (path,) = set(re.findall(rf"http://testserver(/folj/{purpose}/[^\s\"<>]+)", mail.body))
    return path


def follow(client: Client, mailoutbox, address: str = "namn@exempel.se", *places: str) -> Subscription:
    ask(client, address, *places)
    call_command("send_mail")
    client.post(path_in(mailoutbox[-1], "bekrafta"), **FROM_HERE)
    return Subscription.objects.confirmed().of(address).get()


# --- the way in and out ---


def test_a_resident_follows_by_asking_and_by_pressing_the_button_behind_the_link(client, mailoutbox) -> None:
    assert "Din e-postadress" in client.get(ASK).content.decode()
    answer = ask(client)
    assert (answer.status_code, answer["Location"]) == (303, "/folj/mejl/tack/")
    assert client.get(answer["Location"]).status_code == 200
    assert not Subscription.objects.confirmed().exists()
    call_command("send_mail")
    assert (mailoutbox[0].to, mailoutbox[0].subject) == (
        ["namn@exempel.se"],
        "Bekräfta att du vill följa Tryggare Tranemo",
    )
    link = path_in(mailoutbox[0], "bekrafta")
    assert "Ja, jag vill ha mejl" in client.get(link).content.decode()
    assert "nu följer du oss" in client.post(link, **FROM_HERE).content.decode()
    assert Subscription.objects.get().is_confirmed
    assert "nu följer du oss" in client.get(link).content.decode()
    assert not Mail.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_mail_scanner_that_opens_every_link_changes_nothing(client, mailoutbox, method) -> None:
    ask(client, "fraga@exempel.se")
    call_command("send_mail")
    following = make_subscription("foljer@exempel.se")
    for path in (path_in(mailoutbox[0], "bekrafta"), path_in(mailoutbox[0], "avsluta")):
        getattr(client, method)(path)
    for purpose in (tokens.CONFIRM, tokens.END):
        getattr(client, method)(tokens.link(following, purpose).removeprefix("http://testserver"))
    assert Subscription.objects.unconfirmed().get().address == "fraga@exempel.se"
    assert Subscription.objects.confirmed().get() == following


def test_unsubscribing_erases_the_address_from_every_table(client, mailoutbox) -> None:
    place = make_place()
    subscription = follow(client, mailoutbox, "namn@exempel.se", place.slug)
    ask(client, "NAMN@exempel.se")
    Mail.objects.create(subscription=subscription, announcement=None)
    link = tokens.link(subscription, tokens.END).removeprefix("http://testserver")
    assert "Vill du sluta" in client.get(link).content.decode()
    assert Subscription.objects.count() == 2
    assert "Adressen är raderad" in client.post(link, **FROM_HERE).content.decode()
    assert Subscription.objects.count() == Mail.objects.count() == 0
    assert not Subscription.places.through.objects.exists()
    again = client.post(link, **FROM_HERE)
    assert (again.status_code, "redan är raderad" in again.content.decode()) == (200, True)


def test_who_never_asked_can_have_the_address_erased_at_once(client, mailoutbox) -> None:
    ask(client)
    call_command("send_mail")
    client.post(path_in(mailoutbox[0], "avsluta"), **FROM_HERE)
    assert not Subscription.objects.exists()


def test_an_address_that_nobody_confirms_is_erased_after_a_week(clock, client) -> None:
    make_subscription("foljer@exempel.se")
    ask(client)
    clock.shift(UNCONFIRMED_FOR - timedelta(minutes=1))
    call_command("send_mail")
    assert Subscription.objects.count() == 2
    clock.shift(timedelta(minutes=1))
    call_command("send_mail")
    assert Subscription.objects.get().address == "foljer@exempel.se"


def test_who_follows_already_is_told_so_by_mail_and_can_change_what_they_follow(client, mailoutbox) -> None:
    place = make_place("Resecentrum")
    first = follow(client, mailoutbox)
    ask(client)
    call_command("send_mail")
    assert mailoutbox[-1].subject == "Du följer redan Tryggare Tranemo"
    assert "/bekrafta/" not in mailoutbox[-1].body
    changed = follow(client, mailoutbox, "namn@exempel.se", place.slug)
    assert "Vill du byta? Då handlar mejlen i stället om månadens rapporter" in mailoutbox[-1].body
    assert changed == first  # so the links in all earlier mails go on working
    assert (changed.everywhere, list(changed.places.all())) == (False, [place])
    client.post(path_in(mailoutbox[-1], "avsluta"), **FROM_HERE)
    assert not Subscription.objects.exists()


def test_a_link_that_is_used_up_says_so(client, mailoutbox) -> None:
    place = make_place()
    follow(client, mailoutbox)
    follow(client, mailoutbox, "namn@exempel.se", place.slug)
    page = client.get(path_in(mailoutbox[-1], "bekrafta"))
    assert (page.status_code, "Länken gäller inte längre" in page.content.decode()) == (404, True)


def test_no_link_does_what_another_is_for_and_none_can_be_made_up(client) -> None:
    waiting, following = make_subscription(confirmed=False), make_subscription()
    made_up = [
        f"/folj/bekrafta/{tokens.token(waiting, tokens.END)}/",
        f"/folj/avsluta/{tokens.token(following, tokens.CONFIRM)}/",
        f"/folj/avsluta/{following.pk.hex}/",
        f"/folj/avsluta/{following.pk.hex}.{'a' * 43}/",
        f"/folj/avsluta/{tokens.token(following, tokens.END)[:-1]}/",
        "/folj/avsluta/%00/",
        "/folj/avsluta/å%ED%A0%80%0d%0aX:1/",
        "/folj/bekrafta/..../",
    ]
    for path in made_up:
        for answer in (client.get(path), client.post(path, **FROM_HERE)):
            assert answer.status_code == 404
    assert Subscription.objects.unconfirmed().get() == waiting
    assert Subscription.objects.confirmed().get() == following


# --- nobody learns who follows ---


def test_known_unknown_waiting_and_confirmed_addresses_get_the_same_answer_by_the_same_work(client, mailoutbox) -> None:
    follow(client, mailoutbox, "foljer@exempel.se")
    ask(client, "vantar@exempel.se")
    make_subscription("bada@exempel.se")
    ask(client, "bada@exempel.se")
    answers, work = [], []
    for name in ("foljer", "vantar", "bada", "okandd"):
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, f"{name}@exempel.se")
        shown = re.sub(r"'[^']*'|s\d+_x\d+|\b\d+\b", "?", " | ".join(each["sql"] for each in queries))
        answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
        work.append(shown)
    assert all(answer == answers[0] for answer in answers)
    for each in work:
        assert each == work[0]
    assert work[0].count("INSERT") == 2


def test_too_many_asking_about_one_address_get_the_same_answer_while_its_owner_gets_three_mails(
    client, mailoutbox, monkeypatch
) -> None:
    monkeypatch.setattr(limits, "A_CLIENT_AN_HOUR", 100)
    answers = [ask(client, "offer@exempel.se") for _ in range(20)]
    assert {(each.status_code, each["Location"]) for each in answers} == {(303, "/folj/mejl/tack/")}
    for _run in range(3):
        call_command("send_mail")
    assert len(mailoutbox) == limits.AN_ADDRESS_A_DAY
    assert Subscription.objects.count() == limits.AN_ADDRESS_A_DAY


def test_one_client_cannot_ask_without_end_and_shuts_nobody_else_out(clock, client) -> None:
    for number in range(limits.A_CLIENT_AN_HOUR):
        # All of them one subscriber's.
        client.defaults["REMOTE_ADDR"] = f"2001:db8:1:2::{number:x}"
        assert ask(client, f"namn{number}@exempel.se").status_code == 303
    refused = ask(client, "en-till@exempel.se")
    assert (refused.status_code, "Försök igen om en timme" in refused.content.decode()) == (429, True)
    assert Subscription.objects.count() == limits.A_CLIENT_AN_HOUR
    assert ask(Client(REMOTE_ADDR="192.0.2.7"), "annan@exempel.se").status_code == 303
    clock.shift(timedelta(hours=1))
    assert ask(client, "nasta@exempel.se").status_code == 303
    assert [(each.count, "2001" in each.client_hash) for each in Asking.objects.all()] == [(1, False)]


def test_there_is_a_limit_for_all_together(client, monkeypatch) -> None:
    monkeypatch.setattr(limits, "IN_ALL_AN_HOUR", 3)
    for number in range(3):
        assert ask(Client(REMOTE_ADDR=f"192.0.2.{number}"), f"namn{number}@exempel.se").status_code == 303
    assert ask(client).status_code == 429
    Subscription.objects.update(requested_at=timezone.now() - timedelta(hours=2))
    assert ask(client).status_code == 303


def test_who_fills_in_the_hidden_field_is_told_and_nothing_is_stored(client) -> None:
    answer = ask(client, webbsida="https://example.org/")
    assert "ett dolt fält var ifyllt" in answer.content.decode()
    assert "example.org" not in answer.content.decode()
    assert not Subscription.objects.exists()


# --- what people write ---

PLEASE = "Skriv en e-postadress, till exempel namn@exempel.se."
WRONG = [
    ("", "Skriv din e-postadress."),
    ("   ", "Skriv din e-postadress."),
    ("namn", PLEASE),
    ("@exempel.se", PLEASE),
    ("namn@", PLEASE),
    ("namn@localhost", PLEASE),
    ("namn@[127.0.0.1]", PLEASE),
    ("namn@exempel.se\r\nBcc: alla@exempel.se", PLEASE),
    ("namn\r\n@exempel.se", PLEASE),
    ("namn@exempel.se\nRCPT TO:<x@y.se>", PLEASE),
    ('"namn\x01 x"@exempel.se', PLEASE),
    ("na\x00mn@exempel.se", PLEASE),
    ("namn@exem\x00pel.se", PLEASE),
    ("\ud800@exempel.se", PLEASE),
    ("namn@\ud800.se", PLEASE),
    ("namn@exempel\u2028.se", PLEASE),
    ("namn,annan@exempel.se", PLEASE),
    ("namn@exempel.se,annan@exempel.se", PLEASE),
    ("Namn <namn@exempel.se>", PLEASE),
    ("namn@exempel..se", PLEASE),
    (f"{'n' * 65}@exempel.se", PLEASE),
    (f"namn@{'e' * 64}.se", PLEASE),
    ("n" * 100_000, "Adressen är för lång. Den får vara högst 254 tecken."),
    (f"namn@{'.'.join(['ååååååååååååååååååååååååå'] * 9)}.se", "Adressen är för lång. Den får vara högst 254 tecken."),
]


@pytest.mark.parametrize(("address", "sentence"), WRONG)
def test_what_no_server_could_take_gets_a_swedish_sentence(client, address, sentence) -> None:
    body = f"epost={_percent(address)}".encode()
    answer = client.generic("POST", ASK, body, content_type="application/x-www-form-urlencoded", **FROM_HERE)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Subscription.objects.exists()


def test_what_is_wrong_with_the_form_is_said_in_swedish_too(client) -> None:
    make_place("Resecentrum")
    for places in (["nagon-annanstans"], ["\x00"], ["x" * 10_000]):
        assert "Välj bland platserna." in ask(client, "namn@exempel.se", *places).content.decode()
    assert "Skriv din e-postadress." in client.post(ASK, **FROM_HERE).content.decode()
    assert not Subscription.objects.exists()


RIGHT = [
    (" Namn.Efternamn+folj@Exempel.SE ", "namn.efternamn+folj@exempel.se"),
    ("namn@räksmörgås.se", "namn@xn--rksmrgs-5wao1o.se"),
    ("namn@RÄKSMÖRGÅS.se", "namn@xn--rksmrgs-5wao1o.se"),
    ("namn@xn--rksmrgs-5wao1o.se", "namn@xn--rksmrgs-5wao1o.se"),
    ("o'hara@mail.exempel.co.uk", "o'hara@mail.exempel.co.uk"),
]


@pytest.mark.parametrize(("written", "stored"), RIGHT)
def test_an_address_has_one_form_however_it_is_written_and_its_mail_arrives(
    client, mail_server, written, stored
) -> None:
    ask(client, written)
    assert Subscription.objects.get().address == stored
    call_command("send_mail")
    assert [to for to, _message in mail_server.messages] == [stored]


def _percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


# --- the pages ---


def test_the_public_form_is_the_same_for_everyone(client) -> None:
    for path in (ASK, "/folj/mejl/tack/"):
        page = client.get(path)
        assert page.status_code == 200
        assert not page.cookies
        assert "csrfmiddlewaretoken" not in page.content.decode()
        assert "no-store" not in page.get("Cache-Control", "")
        assert client.get(path).content == page.content
    assert "no-store" in ask(client)["Cache-Control"]
    assert (
        "no-store"
        in client.get(tokens.link(make_subscription(), tokens.END).removeprefix("http://testserver"))["Cache-Control"]
    )


def test_no_log_holds_an_address(client, mail_server, caplog, capfd) -> None:
    caplog.set_level(logging.DEBUG)
    address = "hemlig.person@exempel.se"
    mail_server.on_recipient = lambda to: f"550 <{to}> is unknown here"
    ask(client, address)
    ask(client, address + "\r\n,x")
    call_command("send_mail")
    subscription = Subscription.objects.get()
    # Without what the server, which the test runs too, writes in a log of its own.
    logged = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    told = "".join([*logged, *capfd.readouterr(), str(subscription), repr(subscription), repr(Mail.objects.get())])
    assert "hemlig" not in told


def test_all_links_lead_to_the_portal_whatever_host_was_asked(client, settings, mailoutbox) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://trygghet.exempel.se"
    client.post(ASK, {"epost": "namn@exempel.se"}, HTTP_HOST="evil.example", HTTP_ORIGIN="http://evil.example")
    call_command("send_mail")
    html = mailoutbox[0].alternatives[0][0]
    links = re.findall(r"https?://[^\s\"<>]+", mailoutbox[0].body + html)
    assert links
    assert all(link.startswith("https://trygghet.exempel.se/") for link in links)
