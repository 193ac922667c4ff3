"""What the mails say and carry: read from what a real server took."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.management import call_command

from followups.tests.make import make_report
from promises.tests.make import make_place, make_promise
from subscriptions import letters, news
from subscriptions.models import Kind, Mail
from subscriptions.tests.make import make_open_meeting, make_published_report, make_release, make_subscription

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def sent(mail_server, kind: str, document):
    news.announce(kind, document)
    call_command("send_mail")
    return mail_server.messages[-1][1]


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content().replace("\N{NO-BREAK SPACE}", " ")


def html_of(message) -> str:
    return message.get_body(("html",)).get_content()


def test_every_mail_can_be_ended_from_the_mail_programs_own_button(mail_server, settings) -> None:
    settings.SITE_URL = "https://trygghet.exempel.se"
    make_subscription()
    message = sent(mail_server, Kind.REPORT, make_published_report())
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://trygghet\.exempel\.se/folj/avsluta/\S+/>", message["List-Unsubscribe"].strip())
    assert re.fullmatch(r"<[0-9a-f]{32}@trygghet\.exempel\.se>", message["Message-ID"].strip())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"].strip(" <>") in text_of(message)
    assert message["List-Unsubscribe"].strip(" <>") in html_of(message)


def test_a_portal_with_a_swedish_letter_in_its_name_sends_mail_too(mail_server, settings) -> None:
    settings.SITE_URL = "https://trygghet.räksmörgås.se:8443"
    make_subscription()
    message = sent(mail_server, Kind.REPORT, make_published_report())
    assert message["Message-ID"].strip().endswith("@trygghet.xn--rksmrgs-5wao1o.se>")


def test_a_report_is_told_with_its_summary_and_how_each_action_stands(clock, mail_server) -> None:
    make_subscription()
    promise = make_promise(actions=2, title="Trygg i Tranemo")
    report = make_report(promise, "2026-02", summary="Vi gick **två** vandringar.\n\n<script>alert(1)</script>")
    message = sent(mail_server, Kind.REPORT, report)
    assert message["Subject"] == "Februari 2026: så gick det"
    assert "Vi gick **två** vandringar." in text_of(message)
    assert "- Åtgärd nummer 1: pågår" in text_of(message)
    assert "http://testserver/uppfoljningar/2026-02/" in text_of(message)
    assert "<strong>två</strong>" in html_of(message)
    assert "<script" not in html_of(message)
    assert "style" not in html_of(message)


def test_a_result_is_told_with_its_summary_and_address(mail_server) -> None:
    make_subscription()
    release = make_release()
    message = sent(mail_server, Kind.RESULT, release)
    assert message["Subject"] == f"Resultat: {release.round.title}"
    assert "Fler känner sig trygga." in text_of(message)
    assert f"http://testserver/enkater/{release.round.slug}/resultat/" in text_of(message)


def test_a_meeting_is_told_with_when_and_where_in_swedish_time(clock, mail_server) -> None:
    make_subscription()
    place = make_place("Limmared centrum")
    meeting = make_open_meeting(date(2026, 3, 31), title="Trygghetsmöte", venue="Folkets hus, Limmared", place=place)
    message = sent(mail_server, Kind.MEETING, meeting)
    assert message["Subject"].replace("\N{NO-BREAK SPACE}", " ") == "Trygghetsmöte: 31 mars 2026"
    for words in ("31 mars 2026 kl. 18.30", "Folkets hus, Limmared", "Gäller platsen Limmared centrum"):
        assert f"- {words}" in text_of(message)


def test_a_place_that_the_public_may_not_know_of_is_in_no_mail_about_a_meeting(clock, mail_server) -> None:
    make_subscription()
    place = make_place("Limmared centrum")
    place.unpublish()
    meeting = make_open_meeting(date(2026, 3, 31), title="Trygghetsmöte", venue="Folkets hus", place=place)
    told = text_of(sent(mail_server, Kind.MEETING, meeting))
    assert "- Folkets hus" in told
    assert "Limmared" not in told


def test_a_line_break_in_a_title_starts_no_header() -> None:
    mail = Mail(subscription=make_subscription(), announcement_id=1)
    letter = letters.Letter(subject="Hej\r\nBcc: alla@exempel.se")
    assert letters.message(mail, letter).message()["Subject"] == "Hej Bcc: alla@exempel.se"


def test_the_text_has_no_markup_and_the_html_hides_nothing(mail_server) -> None:
    make_subscription()
    release = make_release(summary="Fler & fler <känner> sig trygga.")
    message = sent(mail_server, Kind.RESULT, release)
    assert "Fler & fler <känner> sig trygga." in text_of(message)
    assert "&amp;" not in text_of(message)
    assert "Fler &amp; fler &lt;känner&gt; sig trygga." in html_of(message)
